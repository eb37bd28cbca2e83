"""What learners send: an answer, and 'Verder'. An answer goes back to the exercise, or is shown in its place by htmx."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from courses.exercises import ExerciseGone, Given, LessonOpen, exercises_of
from courses.given import given_in
from courses.learner import Learner, learner_of
from courses.models import CoursePage, LessonPage
from courses.page_context import exercise_of
from courses.progress import course_progress


@sensitive_post_parameters("tekst")
@require_POST
def answer(request: HttpRequest, module: str, lesson: str, block_id: UUID) -> HttpResponse:
    page = _lesson(request, module, lesson)
    if page is None:
        return _gone(request, module)
    learner = learner_of(request)
    if not learner.may_learn(page.course):
        return _sign_in(request, _place(page, block_id))
    given = _given(request, page, block_id, learner)
    try:
        learner.answer(page, block_id, given)
    except ExerciseGone as gone:
        messages.warning(request, gone.messages[0])
        return _go(request, page.address)
    except ValidationError as error:
        return _shown(request, page, block_id, learner, error=error.messages[0], filled=given)
    if not _is_online(page):
        return _gone(request, page.course_page.slug)
    return _shown(request, page, block_id, learner)


@require_POST
def onward(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    page = _lesson(request, module, lesson)
    if page is None or not _is_online(page):
        return _gone(request, module)
    learner = learner_of(request)
    course_page = page.course_page
    if not learner.may_learn(page.course):
        return _sign_in(request, page.address)
    try:
        finished = learner.complete(page)
    except LessonOpen as still_open:
        sentence = _("This exercise is not done yet.")
        errors = dict.fromkeys(still_open.blocks, sentence)
        return _lesson_page(request, page, errors=errors, unfinished=still_open.blocks)
    state = course_progress(course_page, LessonPage.objects.of_course_pages([course_page]), learner.known(page.course))
    place = next(
        (index for index, step in enumerate(state.lessons) if step.key == page.translation_key), len(state.lessons)
    )
    if place + 1 < len(state.lessons):
        return redirect(state.lessons[place + 1].url)
    if finished:
        messages.success(request, _("You finished the module “%(module)s”.") % {"module": course_page.title})
    return redirect(course_page.address)


def _lesson(request: HttpRequest, module: str, lesson: str) -> LessonPage | None:
    """The lesson at this address, live or not; when it moved meanwhile, the one whose key the form carries."""
    page = LessonPage.objects.at(module, lesson).first()
    if page is None:
        try:
            key = UUID(request.POST.get("les", ""))
        except ValueError:
            raise Http404 from None
        page = LessonPage.objects.in_main_language().filter(translation_key=key).first()
    if page is not None and page.course_page.course_id is None:
        raise Http404
    return page


def _is_online(page: LessonPage) -> bool:
    return page.live and page.course_page.live


def _gone(request: HttpRequest, module: str) -> HttpResponse:
    """The module's page, or the list of modules, with what happened in a sentence."""
    messages.warning(request, _("This lesson was taken offline or moved in the meantime. What you filled in is kept."))
    course_page = CoursePage.objects.at(module).live().first()
    return _go(request, course_page.address if course_page else reverse("courses:modules"))


def _given(request: HttpRequest, page: LessonPage, block_id: UUID, learner: Learner) -> Given:
    child = exercises_of(page.body).get(block_id)
    if child is None:
        return {}
    kept = learner.answers(page).get(block_id) if child.block_type == "scenario" else None
    return given_in(child.block_type, request.POST, kept.value if kept else None)


def _shown(
    request: HttpRequest,
    page: LessonPage,
    block_id: UUID,
    learner: Learner,
    *,
    error: str = "",
    filled: Given | None = None,
) -> HttpResponse:
    if request.htmx:
        exercise = exercise_of(page, block_id, learner, error=error, filled=filled)
        return render(request, exercise.update_templates, {"exercise": exercise, "update": True})
    if error:
        return _lesson_page(request, page, errors={block_id: error}, filled={block_id: filled or {}})
    return redirect(_place(page, block_id))


def _lesson_page(
    request: HttpRequest,
    page: LessonPage,
    *,
    errors: Mapping[UUID, str],
    filled: Mapping[UUID, Given] | None = None,
    unfinished: Sequence[UUID] = (),
) -> HttpResponse:
    """The lesson again, with a sentence at what is not right."""
    context = page.get_context(request, errors=errors, filled=filled, unfinished=unfinished or list(errors))
    return render(request, page.template, context, status=422)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _sign_in(request: HttpRequest, place: str) -> HttpResponse:
    return _go(request, redirect_to_login(place).url)


def _place(page: LessonPage, block_id: UUID) -> str:
    return f"{page.address}#blok-{block_id}"
