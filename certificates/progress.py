"""How far somebody is in a programme: its steps, for their own page and for the page of the programme."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certificates.intervision import presences
from certificates.models import Award, Programme
from certificates.requirements import Done, counted, everything_done
from certificates.sheet import in_hours
from courses.models import Course, CoursePage, Enrolment
from parties.languages import active_language, is_main_language, marked
from parties.models import Person
from parties.periods import today
from sessions.models import GroupMember, Invitation


@dataclass(frozen=True)
class Step:
    """``state``: done, now (the first that is not done) or todo; what ``{% route %}`` draws."""

    title: str
    state: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Meter:
    """How many meetings of intervision somebody was at, of how many a programme asks. ``minutes`` are net, of all."""

    programme: Programme
    been: int
    asked: int
    minutes: int

    @property
    def time(self) -> str:
        return in_hours(self.minutes)


def route_of(person: Person, programme: Programme | None = None) -> list[Step]:
    """The steps of a programme (the main one when none is given) as far as this person is; empty without a programme.

    After an award expired or was revoked only what is new counts for the trainings and intervision, as in judging.
    """
    programme = programme or Programme.objects.prefetch_related("courses").main()
    if programme is None:
        return []
    done = _done(person, programme)
    steps = [*_courses(person, programme, done), *_trainings(person, programme, done), *_intervision(programme, done)]
    return _with_states(steps)


def meters_of(person: Person) -> list[Meter]:
    """One for each open programme that asks intervision, for who is in a group or was at a meeting of one."""
    if not (GroupMember.objects.current().filter(person=person).exists() or presences().filter(person=person).exists()):
        return []
    found = []
    for programme in Programme.objects.active().filter(intervision_meetings__gt=0).prefetch_related("courses"):
        meetings = _done(person, programme).intervision
        asked, minutes = programme.intervision_meetings, sum(item.minutes for item in meetings)
        found.append(Meter(programme, min(len(meetings), asked), asked, minutes))
    return found


def outline_of(programme: Programme) -> list[Step]:
    """The steps for who is not signed in: nothing done, no next one."""
    nothing = Done((), (), ())
    steps = [
        *_course_steps(programme, nothing, set()),
        *_training_steps(programme, nothing, None),
        *_intervision(programme, nothing),
    ]
    return [Step(step.title, "todo", step.note, step.url) for step in steps]


def _done(person: Person, programme: Programme) -> Done:
    awards = Award.objects.filter(person=person, programme=programme)
    after = None
    if not awards.valid_on(today()).exists():
        after = awards.aggregate(last=Max("awarded_at"))["last"]
    return counted(programme, everything_done(person), after=after)


def _with_states(steps: list[Step]) -> list[Step]:
    first_open = next((index for index, step in enumerate(steps) if step.state != "done"), None)
    return [
        Step(step.title, "now", step.note, step.url) if index == first_open else step
        for index, step in enumerate(steps)
    ]


def _courses(person: Person, programme: Programme, done: Done) -> list[Step]:
    begun = set(Enrolment.objects.of(person).values_list("course", flat=True))
    return _course_steps(programme, done, begun)


def _course_steps(programme: Programme, done: Done, begun: set[int]) -> list[Step]:
    finished = {item.course_id: item.at for item in done.courses}
    translated = {} if is_main_language() else CoursePage.objects.titles_in(active_language())
    return [
        _course_step(
            course, translated.get(course.pk) or marked(course.title), finished.get(course.pk), course.pk in begun
        )
        for course in programme.courses.all()
    ]


def _course_step(course: Course, title: str, finished_at: dt.datetime | None, begun: bool) -> Step:
    url = reverse("courses:module", args=[course.slug])
    if finished_at is not None:
        return Step(title, "done", _("Finished on %(date)s") % {"date": _day(finished_at)}, url)
    minutes = _("Module, %(time)s") % {"time": in_hours(course.minutes)}
    return Step(
        title,
        "todo",
        _("You have begun. Module, %(time)s") % {"time": in_hours(course.minutes)} if begun else minutes,
        url,
    )


def _trainings(person: Person, programme: Programme, done: Done) -> list[Step]:
    if len(done.trainings) >= programme.joint_trainings:
        return _training_steps(programme, done, None)
    coming = (
        Invitation.objects.active()
        .filter(person=person, meeting__training__state="published", meeting__starts_at__gte=timezone.now())
        .order_by("meeting__starts_at")
        .values_list("meeting__starts_at", flat=True)
        .first()
    )
    return _training_steps(programme, done, coming)


def _training_steps(programme: Programme, done: Done, coming: dt.datetime | None) -> list[Step]:
    steps = [
        Step(marked(item.title), "done", _("Attended on %(date)s") % {"date": date_format(item.on)})
        for item in done.trainings
    ]
    missing = programme.joint_trainings - len(steps)
    if missing <= 0:
        return steps
    title = ngettext("A training together", "%(count)s trainings together", missing) % {"count": missing}
    note = _("School and workplace in one room. Choose a training that suits you.")
    if coming is not None:
        note = _("You are registered: %(date)s") % {"date": _day(coming)}
    return [*steps, Step(title, "todo", note, reverse("sessions:trainings"))]


def _intervision(programme: Programme, done: Done) -> list[Step]:
    asked = programme.intervision_meetings
    if not asked:
        return []
    been = len(done.intervision)
    note = _("Been %(been)s of %(asked)s times") % {"been": min(been, asked), "asked": asked}
    if been:
        note += " · " + in_hours(sum(item.minutes for item in done.intervision))
    return [Step(_("Intervision"), "done" if been >= asked else "todo", note, reverse("sessions:groups"))]


def _day(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment))
