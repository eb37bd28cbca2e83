"""Reads of meetings and of who takes part."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from parties.models import Affiliation, Membership
from parties.periods import today
from sessions import check_in
from sessions.seating import MINIMUM_CHECKED_BEFORE, Place

if TYPE_CHECKING:
    from parties.models import Organisation, Person
    from sessions.models import Meeting, Training

#: Attended means at least this percentage of the training's net minutes (product.md, rule 13).
ATTENDED_PERCENT = 80
THERE = ["present", "late", "left_early"]


class WholeMinutes(models.Func):
    """Whole minutes from one moment to a later one, in the database."""

    output_field = models.IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        template = "((unixepoch(%(expressions)s)) / 60)"
        return super().as_sql(compiler, connection, template=template, arg_joiner=") - unixepoch(", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        template = "(EXTRACT(EPOCH FROM (%(expressions)s))::integer / 60)"
        return super().as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)


def _one(query: models.QuerySet, value: models.Aggregate, by: str) -> Coalesce:
    """An aggregate over the rows of ``query``, which are those of one ``by``; 0 when there are none."""
    rows = query.order_by().values(by).annotate(found=value).values("found")
    return Coalesce(Subquery(rows, output_field=models.IntegerField()), 0)


def _present(training: str, side: str) -> Exists:
    """Somebody of ``side`` with a seat was there, for at least a minute."""
    from sessions.models import Attendance, Registration

    there = Attendance.objects.filter(
        meeting__training=OuterRef("training"), person=OuterRef("person"), state__in=THERE, minutes__gt=0
    )
    return Exists(Registration.objects.filter(Exists(there), training=OuterRef(training), side=side, state="confirmed"))


def audience_of(organisations: Any) -> Q:
    """Q for trainings that are open to people of one of ``organisations`` (keys, or a query of them) today."""
    from sessions.models import Training

    of_parties = Affiliation.objects.valid_on(today()).filter(organisation__in=organisations).values("party")
    by_organisation = Training.organisations.through.objects.filter(organisation__in=organisations)
    by_party = Training.parties.through.objects.filter(party__in=of_parties)
    return (
        Q(audience="open")
        | Q(Exists(by_organisation.filter(training=OuterRef("pk"))))
        | Q(Exists(by_party.filter(training=OuterRef("pk"))))
    )


class TrainingQuerySet(models.QuerySet):
    def published(self) -> TrainingQuerySet:
        return self.filter(state__in=["published", "closed"])

    def given_by(self, person: Person) -> TrainingQuerySet:
        return self.filter(trainers=person)

    def visible_to(self, person: Any) -> TrainingQuerySet:
        """What was ever open is for its audience and for who ever registered; a draft is there for its trainers only."""
        if not person.is_authenticated:
            return self.exclude(state="draft").filter(audience="open")
        from sessions.models import Registration

        workplaces = Membership.objects.current().filter(person=person).values("organisation")
        registered = Registration.objects.filter(training=OuterRef("pk"), person=person)
        given = Exists(_trainers().filter(training=OuterRef("pk"), person=person))
        return self.filter(given | ~Q(state="draft") & (audience_of(workplaces) | Exists(registered)))

    def for_organisation(self, organisation: Organisation) -> TrainingQuerySet:
        """Those whose audience people of this organisation are."""
        return self.filter(audience_of([organisation.pk]))

    def open(self, now: dt.datetime) -> TrainingQuerySet:
        """Published and not begun, the first one first; adds ``starts_at``."""
        return self.filter(state="published").with_dates().filter(starts_at__gt=now).order_by("starts_at", "pk")

    def with_dates(self) -> TrainingQuerySet:
        """Adds ``starts_at`` of the first meeting and ``last_ends_at`` of the last one."""
        from sessions.models import Meeting

        of_training = Meeting.objects.filter(training=OuterRef("pk")).order_by().values("training")
        return self.annotate(
            starts_at=Subquery(of_training.annotate(found=Min("starts_at")).values("found")),
            last_ends_at=Subquery(of_training.annotate(found=Max("ends_at")).values("found")),
        )

    def with_seats_taken(self) -> TrainingQuerySet:
        """Adds ``taken_school``, ``taken_workplace``, ``waiting_school``, ``waiting_workplace``: numbers of people."""
        from sessions.models import Registration

        numbers = {}
        for word, states in {"taken": ["confirmed", "offered"], "waiting": ["waitlisted"]}.items():
            for side in ("school", "workplace"):
                rows = Registration.objects.filter(training=OuterRef("pk"), side=side, state__in=states)
                numbers[f"{word}_{side}"] = _one(rows, models.Count("pk"), "training")
        return self.annotate(**numbers)

    def with_a_seat_for(self, side: str, day: dt.date) -> TrainingQuerySet:
        """Keeps those where somebody of ``side`` gets a seat at once; needs ``with_seats_taken``."""
        pool = Q(release_on__lte=day)
        total_free = Q(taken_school__lt=F("seats_school") + F("seats_workplace") - F("taken_workplace"))
        return self.filter(total_free).filter(pool | Q(**{f"taken_{side}__lt": F(f"seats_{side}")}))

    def open_to(self, person: Person) -> TrainingQuerySet:
        """Those whose audience the person is by where they work today."""
        return self.filter(audience_of(Membership.objects.current().filter(person=person).values("organisation")))

    def at_a_place(self) -> TrainingQuerySet:
        """With at least one meeting to which people travel."""
        return self.filter(Exists(_meetings().exclude(place="")))

    def online(self) -> TrainingQuerySet:
        """Every meeting can be joined by a link."""
        return self.exclude(Exists(_meetings().filter(link="")))

    def with_a_meeting_on(self, first: dt.date | None, last: dt.date | None) -> TrainingQuerySet:
        return self.filter(Exists(_meetings().on_days(first, last)))

    def to_run_by(self, person: Person) -> TrainingQuerySet:
        """What a trainer has in hand: drafts, what is to come, and lists that are not closed."""
        return self.filter(trainers=person, state__in=["draft", "published"]).with_dates().order_by("starts_at", "pk")

    def to_close(self, ended_before: dt.datetime) -> TrainingQuerySet:
        return (
            self.filter(state="published")
            .with_dates()
            .filter(last_ends_at__lte=ended_before)
            .order_by("last_ends_at", "pk")
        )

    def to_fill(self, day: dt.date) -> TrainingQuerySet:
        """Whose seats are one pool while people wait."""
        waiting = Q(registrations__state="waitlisted")
        return self.filter(waiting, state="published", release_on__lte=day).order_by("pk").distinct()

    def with_lapsed_offers(self, now: dt.datetime) -> TrainingQuerySet:
        over = Q(registrations__state="offered", registrations__offer_until__lte=now)
        return self.filter(over, state="published").order_by("pk").distinct()

    def to_check_minimum(self, now: dt.datetime) -> TrainingQuerySet:
        """Not begun, past the deadline for registering, and not yet looked at; without one, from three days before."""
        past = Q(registration_closes_at__lte=now) | Q(
            registration_closes_at__isnull=True, starts_at__lte=now + MINIMUM_CHECKED_BEFORE
        )
        wanted = Q(minimum_school__gt=0) | Q(minimum_workplace__gt=0)
        return self.open(now).filter(past, wanted, minimum_checked_at__isnull=True)

    def with_facts(self) -> TrainingQuerySet:
        """Adds ``minutes_net``, and ``is_joint_held``: people of both sides were there (product.md, rule 13)."""
        return self.annotate(
            minutes_net=_net_minutes("pk"),
            is_joint_held=models.ExpressionWrapper(
                _present("pk", "school") & _present("pk", "workplace"), output_field=models.BooleanField()
            ),
        ).with_dates()

    def attended_by(self, person: Person) -> TrainingQuerySet:
        """Closed trainings of which this person attended enough, with ``minutes_attended`` and the facts of the training."""
        from sessions.models import Registration

        mine = Registration.objects.attended().filter(person=person, training=OuterRef("pk"))
        return (
            self.filter(Exists(mine))
            .annotate(minutes_attended=Subquery(mine.values("minutes_attended")[:1]))
            .with_facts()
            .order_by("last_ends_at", "pk")
        )

    def locked(self, pk: int | None) -> Any:
        """The training, held until the transaction ends, so that seats are given out one at a time."""
        return self.select_for_update().get(pk=pk)


class RegistrationQuerySet(models.QuerySet):
    def active(self) -> RegistrationQuerySet:
        return self.filter(state__in=["confirmed", "offered", "waitlisted"])

    def confirmed(self) -> RegistrationQuerySet:
        return self.filter(state="confirmed")

    def offered(self) -> RegistrationQuerySet:
        return self.filter(state="offered")

    def in_order(self) -> RegistrationQuerySet:
        return self.order_by("queued_at", "pk")

    def places(self) -> list[Place]:
        """The active ones as ``sessions.seating`` reads them."""
        rows = self.active().values_list("pk", "side", "queued_at", "seat", "state", "group", "offer_until")
        return [
            Place(key, side, joined, seat, state != "waitlisted", group.hex if group else "", offer_until)
            for key, side, joined, seat, state, group, offer_until in rows
        ]

    def tally(self) -> Counter[tuple[str, bool]]:
        """The active ones as ``sessions.seating.tally`` counts them, counted by the database."""
        counted: Counter[tuple[str, bool]] = Counter()
        rows = self.active().order_by().values_list("side", "state").annotate(models.Count("pk"))
        for side, state, number in rows:
            counted[side, state != "waitlisted"] += number
        return counted

    def attended(self) -> RegistrationQuerySet:
        """Of closed trainings, those who were there for at least 80% of the net minutes (product.md, rule 13).

        Adds ``minutes_attended``, ``minutes_net``, ``held_until`` (the end of the last meeting, UTC) and
        ``is_joint_held`` (people of both sides were there).
        """
        from sessions.models import Attendance, Meeting

        minutes = Attendance.objects.filter(
            meeting__training=OuterRef("training"), person=OuterRef("person"), state__in=THERE
        )
        last = Meeting.objects.filter(training=OuterRef("training")).order_by().values("training")
        return (
            self.filter(state="confirmed", training__state="closed")
            .annotate(
                minutes_attended=_one(minutes, Sum("minutes"), "person"),
                minutes_net=_net_minutes("training"),
                held_until=Subquery(last.annotate(found=Max("ends_at")).values("found")),
                is_joint_held=models.ExpressionWrapper(
                    _present("training", "school") & _present("training", "workplace"),
                    output_field=models.BooleanField(),
                ),
            )
            .filter(minutes_net__gt=0, minutes_attended__gte=F("minutes_net") * ATTENDED_PERCENT / 100.0)
        )

    def were_there(self) -> RegistrationQuerySet:
        """Of closed trainings, those who were there for at least a minute."""
        from sessions.models import Attendance

        there = Attendance.objects.filter(
            meeting__training=OuterRef("training"), person=OuterRef("person"), state__in=THERE, minutes__gt=0
        )
        return self.filter(Exists(there), state="confirmed", training__state="closed")

    def to_ask(self, kind: str, after: dt.datetime, until: dt.datetime) -> RegistrationQuerySet:
        """Who was there and was not asked ``kind`` yet, of trainings that closed and ended in (after, until]."""
        from sessions.models import Meeting, Respondent, Survey

        last = Meeting.objects.filter(training=OuterRef("training")).order_by().values("training")
        asked = Respondent.objects.filter(
            survey__training=OuterRef("training"), survey__kind=kind, person=OuterRef("person")
        )
        over = Survey.objects.filter(training=OuterRef("training"), kind=kind, closed_at__isnull=False)
        return (
            self.were_there()
            .annotate(last_ends_at=Subquery(last.annotate(found=Max("ends_at")).values("found")))
            .filter(~Exists(asked), ~Exists(over), last_ends_at__gt=after, last_ends_at__lte=until)
        )

    def jointly(self) -> RegistrationQuerySet:
        """Of ``attended``, joint trainings: planned with seats for both sides, and both were there (product.md, rule 13)."""
        return self.filter(is_joint_held=True, training__seats_school__gt=0, training__seats_workplace__gt=0)


class SurveyQuerySet(models.QuerySet):
    def locked(self, pk: int) -> Any:
        """The survey, held until the transaction ends, so that its answers are written one after the other."""
        return self.select_for_update().get(pk=pk)

    def to_close(self, now: dt.datetime) -> SurveyQuerySet:
        return self.filter(closed_at__isnull=True, closes_at__lte=now).order_by("pk")

    def with_results(self) -> SurveyQuerySet:
        """Nothing is read of a survey that still goes on: then one more answer cannot be told from the ones before it."""
        return self.filter(closed_at__isnull=False)


class AccessNeedsQuerySet(models.QuerySet):
    def to_forget(self, ended_until: dt.datetime) -> AccessNeedsQuerySet:
        """Of trainings of which no meeting ends after that moment."""
        from sessions.models import Meeting

        later = Meeting.objects.filter(training=OuterRef("registration__training"), ends_at__gt=ended_until)
        return self.filter(~Exists(later))


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, person: Person | None) -> MeetingQuerySet:
        """Leaves intervision out unless the person is a member today or the facilitator (product.md, 'Meeting')."""
        from sessions.models import IntervisionGroup

        mine = Q(group__isnull=True)
        if person is not None and person.is_authenticated:
            mine |= Q(group__in=IntervisionGroup.objects.visible_to(person))
        return self.filter(mine)

    def on_days(self, first: dt.date | None, last: dt.date | None) -> MeetingQuerySet:
        """Which start on a day from ``first`` to ``last``, in Europe/Amsterdam; None is no bound."""
        found = self
        if first is not None:
            found = found.filter(starts_at__gte=_midnight(first))
        if last is not None:
            found = found.filter(starts_at__lt=_midnight(last + dt.timedelta(days=1)))
        return found

    def upcoming(self, now: dt.datetime) -> MeetingQuerySet:
        return self.going_on().filter(ends_at__gte=now)

    def going_on(self) -> MeetingQuerySet:
        """Without dates that were called off."""
        return self.filter(cancelled_at__isnull=True)

    def open_for_check_in(self, now: dt.datetime) -> MeetingQuerySet:
        """Meetings of trainings that are going on about now."""
        return self.filter(
            training__state="published",
            starts_at__lte=now + check_in.OPENS_BEFORE,
            ends_at__gt=now - check_in.CLOSES_AFTER,
        )

    def with_a_seat_of(self, person: Person) -> MeetingQuerySet:
        """Meetings of trainings in which this person has a seat."""
        return self.filter(training__registrations__person=person, training__registrations__state="confirmed")

    def overlapping(self, periods: Iterable[tuple[dt.datetime, dt.datetime]]) -> MeetingQuerySet:
        """Meetings of trainings that go on, or may, during one of the periods (aware, start and end)."""
        during = Q(pk__in=[])
        for starts_at, ends_at in periods:
            during |= Q(starts_at__lt=ends_at, ends_at__gt=starts_at)
        return self.filter(during, training__state__in=["draft", "published"]).select_related("training")


class InvitationQuerySet(models.QuerySet):
    def active(self) -> InvitationQuerySet:
        return self.filter(cancelled_at__isnull=True)

    def declined(self) -> InvitationQuerySet:
        """Who said beforehand that they cannot come to the meeting."""
        return self.active().filter(partstat="DECLINED")

    def to_remind(self, meeting: Meeting, moment: dt.datetime) -> InvitationQuerySet:
        """Who has a seat, did not decline, and heard nothing of this meeting since ``moment``."""
        from sessions.models import GroupMember, Registration

        of_person = Q(person=OuterRef("person"))
        takes_part: models.QuerySet = Registration.objects.confirmed().filter(
            of_person, training=meeting.training_id, event=meeting.event_id
        )
        if meeting.group_id:
            takes_part = GroupMember.objects.current().filter(of_person, group=meeting.group_id)
        unheard = Q(changed_at__lt=moment) & (Q(reminded_at=None) | Q(reminded_at__lt=moment))
        return self.active().filter(unheard, Exists(takes_part), meeting=meeting).exclude(partstat="DECLINED")


def double_bookings(
    people: Iterable[Person], periods: Iterable[tuple[dt.datetime, dt.datetime]], training: Training | None
) -> list[tuple[Person, Meeting]]:
    """Each of ``people`` with each meeting of another training that they give at the same time, soonest first."""
    from sessions.models import Meeting

    by_key = {person.pk: person for person in people}
    other = Meeting.objects.overlapping(periods).filter(training__trainers__in=by_key)
    if training is not None:
        other = other.exclude(training=training)
    found = other.annotate(trainer_pk=F("training__trainers")).order_by("starts_at", "pk", "trainer_pk")
    return [(by_key[meeting.trainer_pk], meeting) for meeting in found if meeting.trainer_pk in by_key]


def _net_minutes(training: str) -> Coalesce:
    """Minutes of all meetings of a training, without breaks."""
    from sessions.models import Meeting

    net = models.functions.Greatest(WholeMinutes(F("ends_at"), F("starts_at")) - F("break_minutes"), 0)
    return _one(Meeting.objects.filter(training=OuterRef(training)), Sum(net), "training")


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _meetings() -> MeetingQuerySet:
    """Of the training of the outer query."""
    from sessions.models import Meeting

    return Meeting.objects.filter(training=OuterRef("pk")).order_by()


def _trainers() -> models.QuerySet:
    from sessions.models import Training

    return Training.trainers.through.objects.all()
