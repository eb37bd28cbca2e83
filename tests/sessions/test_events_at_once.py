"""Two who want the same seat at a network event at the same time. On PostgreSQL: SQLite has one writer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from parties.models import Person
from sessions.actions.event_registrations import event_register, event_register_guest
from tests.at_once import DONE, at_once, needs_several_writers
from tests.factories import AffiliationFactory, PartyFactory
from tests.sessions.test_events import NOW, coordinator, guest, of_party, opened

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db, needs_several_writers]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_last_seat_of_a_party_goes_to_one() -> None:
    party = PartyFactory()
    event = opened(seats_a_party=1)
    members = [of_party(party) for _ in range(4)]
    outcome = at_once(*(lambda one=one: event_register(event=event, party=party, membership=one) for one in members))
    assert sorted(outcome) == [DONE, "full", "full", "full"]
    assert event.registrations.confirmed().count() == 1


def test_one_person_in_two_windows_is_registered_once() -> None:
    party = PartyFactory()
    event, membership = opened(), of_party(party)
    outcome = at_once(*[lambda: event_register(event=event, party=party, membership=membership)] * 3)
    assert sorted(outcome) == [DONE, "registered", "registered"]
    assert event.registrations.count() == 1


def test_an_unknown_address_in_two_events_becomes_one_person() -> None:
    affiliation = AffiliationFactory()
    events, by = [opened(), opened()], coordinator(affiliation.party)
    outcome = at_once(
        *(
            lambda event=event: event_register_guest(
                event=event, party=affiliation.party, guest=guest(affiliation.organisation), by=by
            )
            for event in events
        )
    )
    assert outcome == [DONE, DONE]
    person = Person.objects.get(email="sanne@example.org")
    assert [event.registrations.get().person for event in events] == [person, person]
