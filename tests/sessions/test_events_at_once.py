"""Two who want the same seat at a network event at the same time. On PostgreSQL: SQLite has one writer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from parties.models import Person
from sessions.actions.event_registrations import event_register, event_register_guest
from tests.factories import AffiliationFactory, PartyFactory
from tests.sessions.test_events import NOW, coordinator, guest, of_party, opened

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]

LONG = 30


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with time_machine.travel(NOW, tick=False):
        yield


def together(*works: Callable[[], object]) -> list[str]:
    """Runs them in threads that begin at once; what came of each, in order: "done" or the code of the refusal."""
    begin = threading.Barrier(len(works), timeout=LONG)
    outcome = ["lost"] * len(works)

    def run(number: int, work: Callable[[], object]) -> None:
        begin.wait()
        try:
            work()
            outcome[number] = "done"
        except ValidationError as refused:
            outcome[number] = (
                next(iter(refused.error_dict.values()))[0].code if hasattr(refused, "error_dict") else refused.code
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    return outcome


def test_the_last_seat_of_a_party_goes_to_one() -> None:
    party = PartyFactory()
    event = opened(seats_a_party=1)
    members = [of_party(party) for _ in range(4)]
    outcome = together(*(lambda one=one: event_register(event=event, party=party, membership=one) for one in members))
    assert sorted(outcome) == ["done", "full", "full", "full"]
    assert event.registrations.confirmed().count() == 1


def test_one_person_in_two_windows_is_registered_once() -> None:
    party = PartyFactory()
    event, membership = opened(), of_party(party)
    outcome = together(*[lambda: event_register(event=event, party=party, membership=membership)] * 3)
    assert sorted(outcome) == ["done", "registered", "registered"]
    assert event.registrations.count() == 1


def test_an_unknown_address_in_two_events_becomes_one_person() -> None:
    affiliation = AffiliationFactory()
    events, by = [opened(), opened()], coordinator(affiliation.party)
    outcome = together(
        *(
            lambda event=event: event_register_guest(
                event=event, party=affiliation.party, guest=guest(affiliation.organisation), by=by
            )
            for event in events
        )
    )
    assert outcome == ["done", "done"]
    person = Person.objects.get(email="sanne@example.org")
    assert [event.registrations.get().person for event in events] == [person, person]
