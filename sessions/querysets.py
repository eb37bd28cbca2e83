"""Reads of meetings and of who takes part."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from sessions import check_in
from sessions.seating import Place

if TYPE_CHECKING:
    from parties.models import Person

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


class TrainingQuerySet(models.QuerySet):
    def published(self) -> TrainingQuerySet:
        return self.filter(state__in=["published", "closed"])

    def given_by(self, person: Person) -> TrainingQuerySet:
        return self.filter(trainers=person)

    def visible_to(self, person: Any) -> TrainingQuerySet:
        """What was ever open is for everyone; a draft is there for its trainers only."""
        if not person.is_authenticated:
            return self.exclude(state="draft")
        return self.filter(~Q(state="draft") | Exists(_trainers().filter(training=OuterRef("pk"), person=person)))

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

    def with_a_seat_for(self, side: str, today: dt.date) -> TrainingQuerySet:
        """Keeps those where somebody of ``side`` gets a seat at once; needs ``with_seats_taken``."""
        pool = Q(release_on__lte=today)
        total_free = Q(taken_school__lt=F("seats_school") + F("seats_workplace") - F("taken_workplace"))
        return self.filter(total_free).filter(pool | Q(**{f"taken_{side}__lt": F(f"seats_{side}")}))

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

    def to_fill(self, today: dt.date) -> TrainingQuerySet:
        """Whose seats are one pool while people wait."""
        waiting = Q(registrations__state="waitlisted")
        return self.filter(waiting, state="published", release_on__lte=today).order_by("pk").distinct()

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

    def in_order(self) -> RegistrationQuerySet:
        return self.order_by("queued_at", "pk")

    def places(self) -> list[Place]:
        """The active ones as ``sessions.seating`` reads them."""
        rows = self.active().values_list("pk", "side", "queued_at", "seat", "state")
        return [Place(key, side, joined, seat, seated=state != "waitlisted") for key, side, joined, seat, state in rows]

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

    def jointly(self) -> RegistrationQuerySet:
        """Of ``attended``, joint trainings: planned with seats for both sides, and both were there (product.md, rule 13)."""
        return self.filter(is_joint_held=True, training__seats_school__gt=0, training__seats_workplace__gt=0)


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, person: Person | None) -> MeetingQuerySet:
        """Leaves intervision out unless the person is a member or the facilitator (product.md, 'Meeting')."""
        mine = Q(group__isnull=True)
        if person is not None and person.is_authenticated:
            mine |= Q(group__members__person=person) | Q(group__facilitator=person)
        return self.filter(mine).distinct()

    def upcoming(self, now: dt.datetime) -> MeetingQuerySet:
        return self.filter(ends_at__gte=now)

    def open_for_check_in(self, person: Person, now: dt.datetime) -> MeetingQuerySet:
        """Meetings of trainings in which this person has a seat and that are going on about now."""
        return self.filter(
            training__state="published",
            training__registrations__person=person,
            training__registrations__state="confirmed",
            starts_at__lte=now + check_in.OPENS_BEFORE,
            ends_at__gt=now - check_in.CLOSES_AFTER,
        )


class InvitationQuerySet(models.QuerySet):
    def active(self) -> InvitationQuerySet:
        return self.filter(cancelled_at__isnull=True)


def _net_minutes(training: str) -> Coalesce:
    """Minutes of all meetings of a training, without breaks."""
    from sessions.models import Meeting

    net = models.functions.Greatest(WholeMinutes(F("ends_at"), F("starts_at")) - F("break_minutes"), 0)
    return _one(Meeting.objects.filter(training=OuterRef(training)), Sum(net), "training")


def _trainers() -> models.QuerySet:
    from sessions.models import Training

    return Training.trainers.through.objects.all()
