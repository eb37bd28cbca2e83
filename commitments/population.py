"""An invented population with history, for load and scale. The same seed and day make the same people.

Written in bulk, past the actions; the ledger is rebuilt afterwards. Every one of them is made up.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.db import models, transaction

from certificates.actions.awards import months_later
from certificates.actions.numbers import numbers_take
from certificates.models import Award, AwardMembership, Certificate, Programme
from commitments.population_groups import groups_write
from commitments.rebuild import rebuild
from courses.models import Course, Enrolment
from parties.models import Affiliation, Department, Membership, Organisation, Party, Person, Side
from parties.periods import today
from sessions.models import Attendance, Meeting, Registration, Training

YEARS = 5
BLOCK = 2000
SEATS = 12
MINUTES = 150
ZONE = ZoneInfo("Europe/Amsterdam")
Thing = TypeVar("Thing", bound=models.Model)
Progress = Callable[[str, int, int], None]


@dataclass
class Plan:
    """What an invented person does, before it is written. Days are dates in Europe/Amsterdam."""

    name: str
    number: int
    stays: list[Membership] = field(default_factory=list)
    courses: list[dt.date] = field(default_factory=list)
    attends_on: dt.date | None = None
    meets_from: dt.date | None = None
    kind: str = "present"
    renews: bool = False
    revoked: bool = False

    def at(self, day: dt.date) -> list[Membership]:
        return [stay for stay in self.stays if stay.state == "confirmed" and stay.is_current(day)]


@dataclass(frozen=True)
class World:
    dice: random.Random
    seed: int
    day: dt.date
    first: dt.date
    parties: Sequence[Party]
    programme: Programme
    courses: Sequence[Course]


def populate(*, people: int, organisations: int, seed: int, progress: Progress) -> None:
    """Adds people to the parties, the programme and the modules that exist.

    Raises:
        ValueError: there is a population with this seed already, or there is nothing to add it to.
    """
    programme = Programme.objects.filter(counts_as_trained=True).first()
    if programme is None or not Party.objects.exists():
        raise ValueError("There are no parties or no programme yet. Run load_site first.")
    if Organisation.objects.filter(slug__startswith=f"populatie-{seed}-").exists():
        raise ValueError(f"There is a population with seed {seed} already. Choose another seed, or run `make reset`.")
    day = today()
    world = World(
        random.Random(f"{seed} {people} {organisations}"),
        seed,
        day,
        day - dt.timedelta(days=365 * YEARS),
        list(Party.objects.all()),
        programme,
        list(programme.courses.all()),
    )
    places = _organisations(world, organisations)
    agenda = Agenda(world)
    for start in range(0, people, BLOCK):
        with transaction.atomic():
            _block(world, places, agenda, range(start, min(start + BLOCK, people)))
        progress("people", min(start + BLOCK, people), people)
    with transaction.atomic():
        agenda.hold_all()
    rebuild(progress=lambda done, of: progress("people in the ledger", done, of))


def _organisations(world: World, count: int) -> list[tuple[Organisation, list[Department]]]:
    dice = world.dice
    made = _write(
        Organisation(
            name=f"Organisatie {world.seed}-{number}",
            slug=f"populatie-{world.seed}-{number}",
            default_side=Side.SCHOOL if number % 4 == 0 else Side.WORKPLACE,
            place="Den Haag",
        )
        for number in range(1, count + 1)
    )
    departments = _write(
        Department(organisation=organisation, name=name)
        for organisation in made
        for name in ("Techniek", "Zorg", "Economie")[: dice.randint(0, 3)]
    )
    affiliations = []
    for organisation in made:
        for party in dice.sample(world.parties, min(len(world.parties), dice.choice([1, 1, 2, 3]))):
            since = _day(dice, world.first, world.day - dt.timedelta(days=200))
            until = (
                _day(dice, since + dt.timedelta(days=90), world.day + dt.timedelta(days=180))
                if dice.random() < 0.2
                else None
            )
            affiliations.append(Affiliation(organisation=organisation, party=party, since=since, until=until))
            if until and until < world.day and dice.random() < 0.5:
                back = until + dt.timedelta(days=dice.randint(1, 60))
                affiliations.append(Affiliation(organisation=organisation, party=party, since=back))
    _write(affiliations)
    return [(one, [department for department in departments if department.organisation_id == one.pk]) for one in made]


class Agenda:
    """Trainings that fill up as people come by: one at a time for each month, held when it is full."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.open: dict[dt.date, list[tuple[Plan, Membership]]] = {}
        self.number = 0

    def add(self, plan: Plan, membership: Membership, day: dt.date) -> None:
        registered = self.open.setdefault(day, [])
        registered.append((plan, membership))
        if len(registered) >= 2 * SEATS:
            self.hold(day, self.open.pop(day))

    def hold_all(self) -> None:
        for day in sorted(self.open):
            self.hold(day, self.open[day])
        self.open = {}

    def hold(self, day: dt.date, people: list[tuple[Plan, Membership]]) -> None:
        """Writes a training with who was there, and gives out what that completes."""
        self.number += 1
        begins = dt.datetime.combine(day, dt.time(13), ZONE)
        ends = begins + dt.timedelta(minutes=MINUTES + 30)
        training = Training.objects.create(
            title=f"Training {self.world.seed}-{self.number}",
            state=Training.State.CLOSED,
            reply_to="training@demo.example",
            seats_school=2 * SEATS,
            seats_workplace=2 * SEATS,
            created_at=begins - dt.timedelta(days=60),
            closed_at=ends + dt.timedelta(hours=24),
        )
        meeting = Meeting.objects.create(
            training=training, starts_at=begins, ends_at=ends, break_minutes=30, place="Den Haag"
        )
        seats = {Side.SCHOOL.value: 0, Side.WORKPLACE.value: 2 * SEATS}
        registrations = []
        for _plan, membership in people:
            seats[membership.side] += 1
            registrations.append(
                Registration(
                    training=training,
                    person_id=membership.person_id,
                    membership=membership,
                    organisation_id=membership.organisation_id,
                    side=membership.side,
                    state=Registration.State.CONFIRMED,
                    seat=seats[membership.side],
                    queued_at=begins - dt.timedelta(days=30),
                    state_at=begins - dt.timedelta(days=30),
                )
            )
        _write(registrations)
        minutes = {"present": MINUTES, "late": MINUTES - 20, "left_early": MINUTES // 2, "absent": 0}
        _write(
            Attendance(
                person_id=membership.person_id,
                meeting=meeting,
                state=plan.kind,
                minutes=minutes[plan.kind],
                marked_at=ends,
            )
            for plan, membership in people
        )
        if len({membership.side for _plan, membership in people}) == 2:
            self.award([plan for plan, _membership in people if plan.kind in ("present", "late")], day)

    def award(self, plans: list[Plan], day: dt.date) -> None:
        """To those who finished every module too: on the day of the list, or of their last module."""
        world = self.world
        given: list[tuple[Plan, Award]] = []
        for plan in plans:
            if len(plan.courses) < len(world.courses):
                continue
            first = max([day + dt.timedelta(days=1), *plan.courses])
            if first > world.day:
                continue
            given.append((plan, self.one(plan, first)))
            if plan.renews and given[-1][1].valid_until <= world.day and not plan.revoked:
                given.append((plan, self.one(plan, given[-1][1].valid_until)))
        awards = _write(award for _plan, award in given)
        _write(
            AwardMembership(
                award=award, organisation_id=stay.organisation_id, side=stay.side, department=stay.department
            )
            for (plan, _award), award in zip(given, awards, strict=True)
            for stay in {stay.organisation_id: stay for stay in plan.at(award.valid_from)}.values()
        )
        numbers = _numbers([award.valid_from.year for award in awards])
        _write(
            Certificate(
                award=award,
                number=number,
                code=f"{self.world.dice.getrandbits(60):012X}"[:12].translate(str.maketrans("01", "ZY")),
                issued_at=award.awarded_at,
                holder_name=plan.name,
                programme_name=world.programme.name,
                net_minutes=MINUTES,
                snapshot={"courses": [], "trainings": [], "intervision": None, "goals": [], "organiser": "Demo"},
                revoked_at=award.awarded_at + dt.timedelta(days=100) if award.revoked_on else None,
                revoked_reason="Voorbeeld" if award.revoked_on else "",
            )
            for (plan, _award), award, number in zip(given, awards, numbers, strict=True)
        )

    def one(self, plan: Plan, first: dt.date) -> Award:
        return Award(
            person_id=plan.stays[0].person_id,
            programme=self.world.programme,
            awarded_at=dt.datetime.combine(first, dt.time(14), ZONE),
            valid_from=first,
            valid_until=months_later(first, self.world.programme.validity_months),
            revoked_on=min(first + dt.timedelta(days=100), self.world.day) if plan.revoked else None,
        )


def _block(world: World, places: list[tuple[Organisation, list[Department]]], agenda: Agenda, numbers: range) -> None:
    names = _names()
    plans = [_plan(world, places, names, number) for number in numbers]
    # A hash of "!" fits no password; nobody of these signs in.
    people = _write(Person(name=plan.name, password="!", invited_at=_moment(plan.stays[0].since)) for plan in plans)
    for plan, person in zip(plans, people, strict=True):
        for stay in plan.stays:
            stay.person = person
    _write(stay for plan in plans for stay in plan.stays)
    _write(
        Enrolment(
            person_id=plan.stays[0].person_id,
            course=course,
            started_at=_moment(day - dt.timedelta(days=6)),
            completed_at=_moment(day) if day <= world.day else None,
            completed_revision=1 if day <= world.day else None,
        )
        for plan in plans
        for course, day in zip(world.courses, plan.courses, strict=False)
    )
    for plan in plans:
        if plan.attends_on:
            agenda.add(plan, plan.at(plan.attends_on)[0], plan.attends_on)
    groups_write(world.dice, world.day, [plan for plan in plans if plan.meets_from])


def _plan(
    world: World, places: list[tuple[Organisation, list[Department]]], names: dict[str, list[str]], number: int
) -> Plan:
    dice = world.dice
    plan = Plan(name=f"{dice.choice(names['first'])} {dice.choice(names['last'])}", number=number)
    plan.stays = list(_stays(world, places, plan))
    since = plan.stays[0].since
    if dice.random() < 0.6 and since < world.day - dt.timedelta(days=30):
        begun = _day(dice, since, world.day)
        plan.courses = sorted(
            begun + dt.timedelta(days=dice.randint(1, 90)) for _ in range(dice.choice([1, 2, 3, 3, 3, 3]))
        )
    if dice.random() < 0.5:
        wanted = _training_day(_day(dice, since, world.day))
        if wanted < world.day and plan.at(wanted):
            plan.attends_on = wanted
    if dice.random() < 0.05:
        plan.meets_from = _day(dice, since, world.day)
    plan.kind = dice.choices(["present", "late", "left_early", "absent"], [85, 5, 5, 5])[0]
    plan.renews = dice.random() < 0.3
    plan.revoked = dice.random() < 0.02
    return plan


def _stays(world: World, places: list[tuple[Organisation, list[Department]]], plan: Plan) -> Iterator[Membership]:
    """Most stay; some leave, of whom some come back; some work at two places."""
    dice = world.dice
    since = _day(dice, world.first, world.day - dt.timedelta(days=1))
    organisation, departments = dice.choice(places)

    def stay(at: Organisation, rooms: list[Department], since: dt.date, until: dt.date | None) -> Membership:
        waits = until is None and dice.random() < 0.03
        return Membership(
            organisation=at,
            department=dice.choice(rooms) if rooms else None,
            side=at.default_side,
            since=since,
            until=until,
            origin=Membership.Origin.DECLARED if waits else Membership.Origin.ROSTER,
            state=Membership.State.WAITING if waits else Membership.State.CONFIRMED,
            name=plan.name,
            work_address=f"p{world.seed}.{plan.number}@{at.slug}.example",
        )

    until = (
        _day(dice, since + dt.timedelta(days=30), world.day + dt.timedelta(days=120)) if dice.random() < 0.2 else None
    )
    yield stay(organisation, departments, since, until)
    if until and until < world.day and dice.random() < 0.4:
        yield stay(organisation, departments, until + dt.timedelta(days=dice.randint(0, 200)), None)
    if dice.random() < 0.06:
        other, rooms = dice.choice(places)
        if other is not organisation:
            yield stay(other, rooms, _day(dice, since, world.day), None)


def _training_day(wanted: dt.date) -> dt.date:
    """The day of the month's trainings: the first Tuesday from the 8th."""
    eighth = wanted.replace(day=8)
    return eighth + dt.timedelta(days=(1 - eighth.weekday()) % 7)


def _names() -> dict[str, list[str]]:
    return yaml.safe_load((Path(settings.BASE_DIR) / "fixtures" / "demo" / "names.yaml").read_text())


def _numbers(years: list[int]) -> list[str]:
    taken = {year: iter(numbers_take(year=year, count=years.count(year))) for year in sorted(set(years))}
    return [next(taken[year]) for year in years]


def _day(dice: random.Random, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(days=dice.randint(0, max(0, (last - first).days)))


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10), ZONE)


def _write(rows: Iterable[Thing]) -> list[Thing]:
    made = list(rows)
    return list(type(made[0])._default_manager.bulk_create(made, batch_size=1000)) if made else []
