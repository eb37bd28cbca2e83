"""What the people of the demo did before today: modules, trainings whose list is closed, and so their certificates.

Registering for what is over is impossible, so the seats are rows; presence and closing the list are the real actions.
Those know only today, so afterwards the dates of what they gave are set back, and the ledger follows.
"""

import datetime as dt
import random

from django.utils import timezone

from certificates.actions.awards import months_later
from certificates.actions.numbers import numbers_take
from certificates.models import Award, Certificate
from commitments.actions.ledger import ledger_refresh
from courses.models import Course, CoursePage, Enrolment, LessonPage, LessonProgress
from parties.models import Membership, OutboxMessage, Person
from sessions.actions.attendance import attendance_mark
from sessions.actions.trainings import training_close, training_plan, training_publish
from sessions.models import Meeting, Registration, Training
from sessions.plan import MeetingPlan, TrainingPlan

from .world import SEED

DAYS_AGO = (1060, 1015, 700, 520, 380, 240, 120, 40)
SEATS = 12
TITLE = "Eerlijk begeleiden, samen aan tafel"


def at(days: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment so many days from today (negative: before), on the clock of Amsterdam; no weekend, no Christmas holidays."""
    day = timezone.localdate() + dt.timedelta(days=days)
    if (day.month, day.day) >= (12, 21) or (day.month, day.day) <= (1, 4):
        day += dt.timedelta(days=21 if days > 0 else -21)
    day -= dt.timedelta(days=max(0, day.weekday() - 4))
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def history_load(accounts: dict[str, Person]) -> None:
    chance = random.Random(SEED + 1)
    named = {person.pk for person in accounts.values()}
    memberships = list(Membership.objects.counted().exclude(person__in=named).select_related("person").order_by("pk"))
    chance.shuffle(memberships)
    trainer = accounts["trainer@demo.example"]
    lessons = _lessons()
    free = list(memberships)
    for days_ago in DAYS_AGO:
        date = at(-days_ago, 13).date()
        people = []
        for side in ("school", "workplace"):
            there = [one for one in free if one.side == side and one.since < date][: chance.randint(SEATS - 4, SEATS)]
            people += there
        free = [one for one in free if one not in people]
        for membership in people:
            _modules_done(membership.person, lessons, date - dt.timedelta(days=chance.randint(3, 60)), chance)
        _training_held(trainer, people, days_ago, chance)
    for membership in free[: len(free) // 2]:
        _modules_begun(membership.person, lessons, chance)
    _halfway(accounts["werkplek@demo.example"], lessons)
    ledger_refresh(sorted(Award.objects.values_list("person_id", flat=True).distinct()))


Lessons = dict[Course, list[LessonPage]]


def _lessons() -> Lessons:
    pages = CoursePage.objects.live().select_related("course").order_by("course__position")
    return {page.course: list(LessonPage.objects.live().child_of(page).order_by("path")) for page in pages}


def _modules_done(person: Person, lessons: Lessons, last: dt.date, chance: random.Random) -> None:
    """In their order; the last one at ``last``."""
    date = last
    for course in reversed(lessons):
        _finish(person, course, lessons[course], _evening(date, chance))
        date -= dt.timedelta(days=chance.randint(1, 14))


def _modules_begun(person: Person, lessons: Lessons, chance: random.Random) -> None:
    finished = chance.randint(0, 2)
    for number, course in enumerate(lessons):
        moment = _evening(timezone.localdate() - dt.timedelta(days=90 - 25 * number - chance.randint(0, 20)), chance)
        if number < finished:
            _finish(person, course, lessons[course], moment)
        elif number == finished:
            _begin(person, course, lessons[course][: chance.randint(1, 3)], moment)


def _halfway(person: Person, lessons: Lessons) -> None:
    first, second, *_ = lessons
    _finish(person, first, lessons[first], at(-20, 20))
    _begin(person, second, lessons[second][:2], at(-6, 20))


def _evening(date: dt.date, chance: random.Random) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(date, dt.time(chance.randint(8, 21), chance.randint(0, 59))))


def _begin(person: Person, course: Course, lessons: list[LessonPage], moment: dt.datetime) -> Enrolment:
    enrolment = Enrolment.objects.create(
        person=person, course=course, started_at=moment - dt.timedelta(minutes=course.minutes)
    )
    LessonProgress.objects.bulk_create(
        LessonProgress(
            enrolment=enrolment,
            lesson_key=lesson.translation_key,
            started_at=moment,
            completed_at=moment,
            completed_revision=course.revision,
        )
        for lesson in lessons
    )
    return enrolment


def _finish(person: Person, course: Course, lessons: list[LessonPage], moment: dt.datetime) -> None:
    enrolment = _begin(person, course, lessons, moment)
    enrolment.completed_at, enrolment.completed_revision = moment, course.revision
    enrolment.save(update_fields=["completed_at", "completed_revision"])


def _training_held(trainer: Person, people: list[Membership], days_ago: int, chance: random.Random) -> None:
    starts_at = at(-days_ago, 13)
    plan = TrainingPlan(
        title=TITLE,
        description="<p>Een dagdeel met een acteur: van het signaal tot het gesprek.</p>",
        trainers=(trainer,),
        reply_to=trainer.email or "",
        seats_school=SEATS,
        seats_workplace=SEATS,
        meetings=(
            MeetingPlan(
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(hours=3, minutes=30),
                break_minutes=30,
                place="Stadhuis, Spui 70",
            ),
        ),
    )
    training = training_publish(training=training_plan(plan=plan, by=trainer), by=trainer)
    meeting = training.meetings.get()
    Registration.objects.bulk_create(
        Registration(
            training=training,
            person=membership.person,
            membership=membership,
            organisation_id=membership.organisation_id,
            side=membership.side,
            state=Registration.State.CONFIRMED,
            seat=seat,
        )
        for seat, membership in enumerate(people, start=1)
    )
    for membership in people:
        absent = chance.random() < 0.08
        attendance_mark(meeting=meeting, person=membership.person, state="absent" if absent else "present", by=trainer)
    training_close(training=training, by=trainer)
    _set_back(training, meeting)


def _set_back(training: Training, meeting: Meeting) -> None:
    closed_at = meeting.ends_at + dt.timedelta(minutes=20)
    date = timezone.localdate(closed_at)
    Training.objects.filter(pk=training.pk).update(closed_at=closed_at, created_at=closed_at - dt.timedelta(days=60))
    training.registrations.update(
        queued_at=closed_at - dt.timedelta(days=30), state_at=closed_at - dt.timedelta(days=30)
    )
    meeting.attendances.update(marked_at=meeting.starts_at)
    awards = Award.objects.filter(person__registrations__training=training, valid_from=timezone.localdate())
    for award in awards.select_related("programme"):
        award.awarded_at, award.valid_from = closed_at, date
        award.valid_until = months_later(date, award.programme.validity_months)
        award.save(update_fields=["awarded_at", "valid_from", "valid_until"])
        [number] = numbers_take(year=date.year)
        Certificate.objects.filter(award=award).update(issued_at=closed_at, number=number)
    # These mails would have gone out then; nothing is sent before this transaction ends.
    OutboxMessage.objects.filter(kind="certificate-awarded").delete()
