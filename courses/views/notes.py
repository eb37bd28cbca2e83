"""/mijn/aantekeningen/: what somebody wrote for themselves. Nobody else's text is ever looked up here."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses import notes
from courses.actions.notes import note_delete, reflection_delete
from courses.models import Answer, Note
from parties.access import signed_in


@signed_in
@require_safe
@never_cache
def own_texts(request: HttpRequest) -> HttpResponse:
    crumbs = [(_("My overview"), reverse("mine")), (_("My notes"), "")]
    return render(request, "courses/notes/list.html", {"courses": notes.own_texts(request.user), "crumbs": crumbs})


@signed_in
@require_POST
def note_gone(request: HttpRequest, note: int) -> HttpResponse:
    note_delete(note=get_object_or_404(Note.objects.of(request.user), pk=note))
    messages.success(request, _("Your note is deleted."))
    return redirect("courses:own-texts")


@signed_in
@require_POST
def reflection_gone(request: HttpRequest, reflection: UUID) -> HttpResponse:
    own = Answer.objects.of(request.user).reflections().select_related("enrolment")
    reflection_delete(answer=get_object_or_404(own, uuid=reflection))
    messages.success(request, _("What you wrote is deleted. The exercise stays done."))
    return redirect("courses:own-texts")
