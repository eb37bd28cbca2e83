"""Two people take the last place, and two facilitators the same people, at the same moment. On PostgreSQL: SQLite has one writer."""

from __future__ import annotations

from functools import partial

import pytest

from parties.models import OutboxMessage
from sessions.actions.forming import candidate_invite, candidate_say_yes, proposal_take
from sessions.forming import proposals_of, waiting_people
from sessions.models import IntervisionGroup
from tests.at_once import DONE, at_once, needs_several_writers
from tests.factories import RoleFactory
from tests.sessions.test_forming import invited, placed, six, works

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db, needs_several_writers]

ROUNDS = 6


def test_the_last_place_goes_to_one() -> None:
    for number in range(ROUNDS):
        group = IntervisionGroup.objects.create(
            name=f"Groep {number}", facilitator=RoleFactory(kind="facilitator").person, size=3
        )
        for member in range(2):
            placed(group, works(f"Lid {number} {member}"))
        late = [works(f"Laat {number} {one}") for one in range(2)]
        calls = [partial(candidate_say_yes, candidate=invited(group, one), membership=one) for one in late]
        assert sorted(at_once(*calls)) == [DONE, "full"]
        assert group.members.count() == 3


def test_the_same_people_go_to_one_facilitator() -> None:
    for number in range(ROUNDS):
        six()
        [proposal] = proposals_of(waiting_people())
        two = [RoleFactory(kind="facilitator").person for _one in range(2)]
        outcome = at_once(*[partial(proposal_take, facilitator=one, proposal=proposal) for one in two])
        assert sorted(outcome) == [DONE, "old"]
        assert IntervisionGroup.objects.count() == number + 1
        assert OutboxMessage.objects.filter(kind="group-proposed").count() == 6 * (number + 1)


def test_an_address_that_is_typed_twice_at_once_gets_one_mail() -> None:
    group = IntervisionGroup.objects.create(name="Groep", facilitator=RoleFactory(kind="facilitator").person)
    for number in range(ROUNDS):
        address = f"lid{number}@example.org"
        outcome = at_once(*[partial(candidate_invite, group=group, address=address)] * 2)
        assert sorted(outcome) == ["address", DONE]
        assert OutboxMessage.objects.filter(kind="group-invited", to_address=address).count() == 1
