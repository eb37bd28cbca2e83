"""Answering the questions after a training, from the mail: the signed token opens the page, no sign-in.

What finds the answers back is a code in a cookie of who answers. It is asked for at every look and kept nowhere here.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from parties.languages import active_language
from sessions import survey as surveys
from sessions.actions.surveys import survey_answer
from sessions.models import Respondent, Response, Survey
from sessions.survey_form import SurveyForm


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Shows on GET and HEAD, because link scanners follow links; saves on POST."""
    keys = surveys.keys_of(token)
    if keys is None:
        raise Http404
    asked = get_object_or_404(Survey.objects.select_related("training"), pk=keys[0])
    respondent = asked.respondents.filter(pk=keys[1]).first()
    is_open = respondent is not None and asked.closed_at is None and asked.closes_at > timezone.now()
    if not is_open:
        return render(request, "sessions/survey.html", {"survey": asked, "training": asked.training, "is_open": False})
    cookie = f"antwoorden_{respondent.pk}"
    code = request.COOKIES.get(cookie) or surveys.new_code()
    mine = Response.objects.filter(key=surveys.key_of(respondent.pk, code)).first()
    form = SurveyForm(
        request.POST if request.method == "POST" else None,
        questions=surveys.read(asked.questions),
        language=active_language(),
        answers=mine.values if mine else None,
    )
    if form.is_bound and form.is_valid() and _saved(form, respondent, code):
        messages.success(request, _("Thank you. Your answers are kept, without your name."))
        answer: HttpResponse = redirect(request.path)
    else:
        context = {
            "survey": asked,
            "training": asked.training,
            "form": form,
            "is_open": True,
            "is_mine": mine is not None,
            "is_somewhere_else": respondent.has_answered and mine is None,
        }
        answer = render(request, "sessions/survey.html", context)
    answer.set_cookie(
        cookie,
        code,
        expires=asked.closes_at,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def _saved(form: SurveyForm, respondent: Respondent, code: str) -> bool:
    try:
        survey_answer(respondent=respondent, code=code, values=form.answers, now=timezone.now())
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True
