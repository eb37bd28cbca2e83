"""What learners send: an answer, a note, and 'Verder'. An answer goes back to the exercise, or is shown in its place by htmx."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from courses.actions.learning import enrolment_start
from courses.actions.notes import note_save, note_text
from courses.exercises import ExerciseGone, Given, LessonOpen, exercises_of
from courses.given import given_in
from courses.learner import Learner, learner_of
from courses.models import CoursePage, LessonPage, ShortRoutePage
from courses.page_context import NoteShown, exercise_of, note_shown
from courses.progress import course_progress, module_version
from courses.routes import route_of, short_route, with_route
from courses.sendings import sending_in
from parties.languages import marked, sentence


@sensitive_post_parameters("tekst")
@require_POST
def answer(request: HttpRequest, module: str, lesson: str, block_id: UUID) -> HttpResponse:
    page = _lesson(request, module, lesson)
    if page is None:
        return _gone(request, module)
    learner = learner_of(request)
    if elsewhere := _not_this_learner(request, page, learner, place=_place(request, page, block_id)):
        return elsewhere
    given = _given(request, page, block_id, learner)
    try:
        with override(page.language):  # what is not right is said in the exercise
            learner.answer(page, block_id, given, sending_in(request.POST, timezone.now()))
    except ExerciseGone as gone:
        messages.warning(request, marked(gone.messages[0], page.language))
        return _go(request, _address(request, page))
    except ValidationError as error:
        return _shown(request, page, block_id, learner, error=error.messages[0], filled=given)
    if not _is_online(page):
        return _gone(request, page.course_page.slug)
    return _shown(request, page, block_id, learner)


@sensitive_post_parameters("tekst")
@require_POST
def note(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    """Keeps the learner's own note, or with ``doe=delete`` deletes it. An empty note is none."""
    page = _lesson(request, module, lesson)
    if page is None:
        return _gone(request, module)
    learner = learner_of(request)
    place = f"{_address(request, page)}#aantekening"
    if not learner.has_account:
        return _sign_in(request, place)
    if elsewhere := _not_this_learner(request, page, learner, place=place):
        return elsewhere
    text = "" if request.POST.get("doe") == "delete" else request.POST.get("tekst", "")
    enrolment = enrolment_start(person=request.user, course=page.course)
    try:
        kept = note_save(enrolment=enrolment, lesson=page, text=text, sending=sending_in(request.POST, timezone.now()))
    except ValidationError as error:
        kept = learner.record(page).note
        shown = note_shown(page, kept, filled=text, error=error.messages[0], route=route_of(request))
        if request.htmx:
            return render(request, "courses/notes/update.html", {"note": shown, "update": True})
        return _lesson_page(request, page, errors={}, note=shown)
    if not _is_online(page):
        return _gone(request, page.course_page.slug)
    if not request.htmx:
        return redirect(place)
    shown = note_shown(page, kept, joined=kept != note_text(text), route=route_of(request))
    return render(request, "courses/notes/update.html", {"note": shown, "update": True})


@require_POST
def onward(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    page = _lesson(request, module, lesson)
    if page is None or not _is_online(page):
        return _gone(request, module)
    learner = learner_of(request)
    if elsewhere := _not_this_learner(request, page, learner, place=_address(request, page)):
        return elsewhere
    saw_news = page.translation_key in (learner.known(page.course).news or {})
    try:
        finished = learner.complete(page, sending_in(request.POST, timezone.now()))
    except LessonOpen as still_open:
        with override(page.language):
            errors = dict.fromkeys(still_open.blocks, _("This exercise is not done yet."))
        return _lesson_page(request, page, errors=errors, unfinished=still_open.blocks)
    if saw_news:
        title = marked(page.title, page.language)
        messages.success(request, sentence(_("You have seen what is new in “%(lesson)s”."), lesson=title))
    following = ShortRoutePage.objects.shown().filter(slug=route_of(request)).first()
    if following is not None:
        return _onward_in_route(request, following, page, learner)
    version = module_version(page.course_page)
    if saw_news and finished:
        return redirect(version.page.address)
    state = course_progress(version.page, version.lessons, learner.known(page.course))
    place = next(
        (index for index, step in enumerate(state.lessons) if step.key == page.translation_key), len(state.lessons)
    )
    if place + 1 < len(state.lessons):
        return _go(request, state.lessons[place + 1].url)
    if finished:
        title = marked(state.title, state.language)
        messages.success(request, sentence(_("You finished the module “%(module)s”."), module=title))
    return _go(request, state.page_url)


def _onward_in_route(
    request: HttpRequest, following: ShortRoutePage, page: LessonPage, learner: Learner
) -> HttpResponse:
    """The next lesson of the route that is not done, or the route itself when all are."""
    route = short_route(following, learner.overview())
    step = route.next_after(page.translation_key)
    if step is None:
        title = marked(route.title, route.language)
        messages.success(request, sentence(_("You finished the short route “%(route)s”."), route=title))
    return _go(request, step.url if step else route.url)


def _lesson(request: HttpRequest, module: str, lesson: str) -> LessonPage | None:
    """The lesson at this address, live or not; when it moved meanwhile, the one whose key the form carries."""
    page = LessonPage.objects.at(module, lesson).first()
    if page is None:
        try:
            key = UUID(request.POST.get("les", ""))
        except ValueError:
            raise Http404 from None
        page = LessonPage.objects.in_readable_languages().filter(translation_key=key).as_read().first()
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
    kept = learner.record(page).answers.get(block_id) if child.block_type == "scenario" else None
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
        exercise = exercise_of(page, block_id, learner, error=error, filled=filled, route=route_of(request))
        with override(page.language):
            return render(request, exercise.update_templates, {"exercise": exercise, "update": True})
    if error:
        return _lesson_page(request, page, errors={block_id: error}, filled={block_id: filled or {}})
    in_story = exercises_of(page.body)[block_id].block_type == "scenario"
    return redirect(_place(request, page, block_id, part="nu" if in_story else "blok"))


def _lesson_page(
    request: HttpRequest,
    page: LessonPage,
    *,
    errors: Mapping[UUID, str],
    filled: Mapping[UUID, Given] | None = None,
    unfinished: Sequence[UUID] = (),
    note: NoteShown | None = None,
) -> HttpResponse:
    """The lesson again, with a sentence at what is not right."""
    context = page.get_context(request, errors=errors, filled=filled, unfinished=unfinished or list(errors), note=note)
    return render(request, page.template, context, status=422)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _sign_in(request: HttpRequest, place: str) -> HttpResponse:
    """To the sign-in page. Without a new page this is 401, so that the page keeps what was sent until then."""
    response = _go(request, redirect_to_login(place).url)
    if request.htmx:
        response.status_code = HTTPStatus.UNAUTHORIZED
    return response


def _not_this_learner(request: HttpRequest, page: LessonPage, learner: Learner, *, place: str) -> HttpResponse | None:
    """Where to go when the form is not of who sends it now: to the sign-in page, or to the lesson of who is signed in.

    A visitor's form is theirs too who signed in since: their answers go along.
    """
    mark = request.POST.get("wie", "")
    if not learner.has_account and (mark or not learner.may_learn(page.course)):
        return _sign_in(request, place)
    if mark and mark != learner.mark:
        messages.warning(request, _("You signed in as somebody else in the meantime. What you sent was not kept."))
        return _go(request, _address(request, page))
    return None


def _address(request: HttpRequest, page: LessonPage) -> str:
    """The lesson, in the short route that its form came from."""
    return with_route(page.address, route_of(request))


def _place(request: HttpRequest, page: LessonPage, block_id: UUID, *, part: str = "blok") -> str:
    """``part``: the whole exercise, or what is new in it."""
    return f"{_address(request, page)}#{part}-{block_id}"
