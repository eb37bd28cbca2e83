"""An invented population, and what hundreds of random changes through the actions do to its ledger."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from certificates.actions.awards import award_revoke
from certificates.models import Award, Certificate
from commitments.models import LedgerRow, LedgerTotal
from courses.models import Enrolment
from parties.actions.affiliations import affiliation_end, affiliation_start
from parties.actions.memberships import membership_add, membership_confirm, membership_decline, membership_end
from parties.actions.merging import people_merge
from parties.models import Affiliation, Membership, Organisation, Party, Person
from parties.periods import today
from sessions.actions.attendance import attendance_correct
from sessions.models import Attendance, GroupMember, IntervisionGroup, Meeting, Registration
from sessions.signals import presence_settled
from tests.commitments.factories import programme, wrong_in_ledger
from tests.commitments.third_count import ledger_says, third_count
from tests.factories import PartyFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

#: POPULATION=20000 runs it at the size of the issue, by hand: a minute or so on SQLite.
PEOPLE = int(os.environ.get("POPULATION", "2000"))
CHANGES = 200


@pytest.fixture
def population() -> None:
    programme()
    PartyFactory.create_batch(8)
    call_command("populate", people=PEOPLE, organisations=max(20, PEOPLE // 100), seed=7, verbosity=0)


class Changes:
    """Each makes one random change through an action; what the action refuses is no change."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.by = PersonFactory()

    def any_of(self, rows):  # type: ignore[no-untyped-def] # the row of whatever model is asked for
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.model.objects.get(pk=self.dice.choice(keys))

    def day(self) -> dt.date:
        return today() + dt.timedelta(days=self.dice.randint(-700, 200))

    def membership_begins(self) -> None:
        organisation = self.any_of(Organisation.objects.all())
        person = self.any_of(Person.objects.filter(memberships__isnull=False))
        membership_add(person=person, organisation=organisation, since=self.day(), side="workplace", by=self.by)

    def membership_ends(self) -> None:
        who = Membership.objects.filter(until__isnull=True, person__awards__isnull=False)
        membership_end(membership=self.any_of(who), until=self.day(), by=self.by)

    def membership_is_answered(self) -> None:
        answer = self.dice.choice([membership_confirm, membership_confirm, membership_decline])
        answer(membership=self.any_of(Membership.objects.filter(state="waiting")), by=self.by)

    def affiliation_begins(self) -> None:
        organisation, party = self.any_of(Organisation.objects.all()), self.any_of(Party.objects.all())
        affiliation_start(organisation=organisation, party=party, since=self.day(), by=self.by)

    def affiliation_ends(self) -> None:
        affiliation_end(
            affiliation=self.any_of(Affiliation.objects.filter(until__isnull=True)), until=self.day(), by=self.by
        )

    def attendance_is_corrected(self) -> None:
        """Some become present, and that can complete a programme; some turn out not to have been there."""
        marked = self.any_of(Attendance.objects.filter(meeting__training__state="closed"))
        state, minutes = self.dice.choice([("present", None), ("absent", None), ("left_early", 60), ("late", 125)])
        attendance_correct(meeting=marked.meeting, person=marked.person, state=state, minutes=minutes, by=self.by)

    def absent_becomes_present(self) -> None:
        modules = Enrolment.objects.completed().values("person")
        of_training = Attendance.objects.filter(meeting__training__isnull=False, person__in=modules)
        marked = self.any_of(of_training.filter(state__in=["absent", "left_early"]))
        attendance_correct(meeting=marked.meeting, person=marked.person, state="present", by=self.by)

    def presence_in_a_group_is_settled(self) -> None:
        """Some turn out to have been there, some not."""
        marked = self.any_of(Attendance.objects.filter(meeting__group__isnull=False))
        marked.state, marked.minutes = self.dice.choice([("present", 90), ("late", 60), ("absent", 0)])
        marked.save()
        presence_settled.send(sender=Meeting, person_ids=[marked.person_id])

    def award_is_revoked(self) -> None:
        award_revoke(award=self.any_of(Award.objects.filter(revoked_on__isnull=True)), reason="Vergissing", by=self.by)

    def people_are_merged(self) -> None:
        kept = self.any_of(Person.objects.filter(awards__isnull=False).distinct())
        merged = self.any_of(Person.objects.filter(attendances__isnull=False, enrolments__isnull=True).distinct())
        people_merge(kept=kept, merged=merged, by=self.by)


def test_hundreds_of_changes_through_the_actions_leave_no_difference(population: None) -> None:
    before = {day: ledger_says(day) for day in _days()}
    assert before == {day: third_count(day) for day in _days()}
    assert wrong_in_ledger() == []
    changes = Changes(random.Random(7))
    kinds: list[Callable[[], None]] = [
        getattr(changes, name) for name in sorted(vars(Changes)) if name not in ("any_of", "day") and name[0] != "_"
    ]
    awards, done = Award.objects.count(), 0
    for number in range(3 * CHANGES):
        if done < CHANGES:
            with contextlib.suppress(ValidationError):
                kinds[number % len(kinds)]()
                done += 1
    assert done == CHANGES
    assert Award.objects.count() > awards
    assert wrong_in_ledger() == []
    after = {day: ledger_says(day) for day in _days()}
    assert after == {day: third_count(day) for day in _days()}
    assert all(after[day] != before[day] for day in _days()[1:])


def test_it_holds_everything_that_history_brings(population: None) -> None:
    day = today()
    assert Person.objects.count() == PEOPLE
    assert Membership.objects.filter(until__lt=day).exists()
    assert Membership.objects.filter(state="waiting").exists()
    assert Affiliation.objects.filter(until__lt=day).exists()
    assert Person.objects.filter(memberships__until__lt=day).filter(memberships__until__isnull=True).exists()
    assert Award.objects.filter(valid_until__lt=day).exists()
    assert Award.objects.filter(revoked_on__isnull=False).exists()
    assert Certificate.objects.count() == Award.objects.count()
    assert set(Attendance.objects.values_list("state", flat=True)) == {"present", "late", "left_early", "absent"}
    assert Registration.objects.attended().filter(is_joint_held=True).exists()
    assert Enrolment.objects.filter(completed_at__isnull=True).exists()
    assert LedgerRow.objects.filter(scope="organisation", metric="intervision").count() > PEOPLE / 20
    assert GroupMember.objects.filter(organisation__isnull=True).exists()


def test_the_same_seed_makes_the_same_people_and_is_refused_twice() -> None:
    programme()
    PartyFactory.create_batch(8)

    def ledger() -> list[tuple]:
        first = Organisation.objects.order_by("pk").first().pk
        rows = LedgerRow.objects.filter(scope="organisation").order_by("scope_id", "metric", "date", "delta")
        return [(row.scope_id - first, row.metric, row.date, row.delta) for row in rows]

    call_command("populate", people=200, organisations=8, seed=3)
    found, names = ledger(), list(Person.objects.order_by("pk").values_list("name", flat=True))
    with pytest.raises(CommandError, match="seed 3 already"):
        call_command("populate", people=200, organisations=8, seed=3)
    for model in (
        LedgerRow,
        LedgerTotal,
        Certificate,
        Award,
        Attendance,
        IntervisionGroup,
        Registration,
        Membership,
        Person,
        Organisation,
    ):
        model.objects.all().delete()
    call_command("populate", people=200, organisations=8, seed=3)
    assert ledger() == found != []
    assert list(Person.objects.order_by("pk").values_list("name", flat=True)) == names


def test_without_parties_it_says_what_to_run_first() -> None:
    with pytest.raises(CommandError, match="Run load_site first"):
        call_command("populate", people=10, organisations=2, seed=1)


def _days() -> list[dt.date]:
    day = today()
    return [day - dt.timedelta(days=1200), day - dt.timedelta(days=40), day, day + dt.timedelta(days=400)]
