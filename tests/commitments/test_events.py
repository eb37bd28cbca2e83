"""Network events count for the parties that somebody came for, once, and everybody may see which they were."""

import datetime as dt

import pytest
import time_machine

from commitments.metrics import EVENTS
from commitments.models import LedgerRow
from commitments.numbers import value_on
from commitments.rebuild import rebuild
from parties.actions.merging import people_merge, person_erase
from parties.models import Party
from sessions.models import Attendance, NetworkEvent, Registration
from sessions.signals import event_settled
from tests.commitments.factories import held_event, wrong_in_ledger
from tests.commitments.scene import NOW, TODAY, efforts, promise, shown
from tests.commitments.third_count import ledger_says, third_count
from tests.factories import PartyFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

HELD = dt.date(2026, 10, 8)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def party() -> Party:
    return PartyFactory(name="ROC Mondriaan", slug="roc-mondriaan", position=3)


def settled(event: NetworkEvent) -> NetworkEvent:
    event_settled.send(sender=NetworkEvent, event=event, person_ids=[])
    return event


def count(party: Party | None = None, day: dt.date = TODAY) -> int:
    """Of the party, or of the network."""
    return value_on("party", party.pk, EVENTS, day) if party else value_on("network", 0, EVENTS, day)


def test_an_event_counts_once_for_each_party_and_once_for_the_network_on_its_last_day(party):
    other, absent = PartyFactory(), PartyFactory()
    people = [(PersonFactory(), party, 120), (PersonFactory(), party, 60), (PersonFactory(), other, 1)]
    event = settled(held_event(HELD, [*people, (PersonFactory(), absent, 0)]))
    assert [count(one) for one in (party, other, absent, None)] == [1, 1, 0, 1]
    assert count(party, HELD - dt.timedelta(days=1)) == 0
    rows = LedgerRow.objects.filter(scope="party", scope_id=party.pk)
    assert list(rows.values_list("date", "delta", "cause", "person", "event")) == [
        (HELD, 1, f"event:{event.pk}", None, event.pk)
    ]
    assert wrong_in_ledger() == []
    assert ledger_says(TODAY) == third_count(TODAY) != {}


@pytest.mark.parametrize("why", ["not closed", "registration given up", "nobody came", "there for no minute"])
def test_what_does_not_count(party, why):
    event = held_event(HELD, [(PersonFactory(), party, 0 if why == "nobody came" else 120)])
    if why == "not closed":
        NetworkEvent.objects.update(state="published", closed_at=None)
    elif why == "there for no minute":
        Attendance.objects.update(minutes=0)
    elif why == "registration given up":
        Registration.objects.update(state="cancelled")
    settled(event)
    assert (count(party), count()) == (0, 0)
    assert wrong_in_ledger() == []


def test_a_correction_counts_again(party):
    event = settled(held_event(HELD, [(PersonFactory(), party, 0)]))
    Attendance.objects.update(state="late", minutes=30)
    settled(event)
    assert (count(party), count()) == (1, 1)
    Attendance.objects.update(state="absent", minutes=0)
    settled(event)
    assert (count(party), count()) == (0, 0)
    assert wrong_in_ledger() == []


def test_an_erased_person_leaves_the_party_its_event(party):
    other = PartyFactory()
    [one, two, three] = PersonFactory.create_batch(3)
    event = settled(held_event(HELD, [(one, party, 120), (two, party, 120), (three, other, 120)]))
    before = ledger_says(TODAY)
    for person, frozen in ((one, 0), (two, 1), (three, 3)):
        person_erase(person=person, by=None)
        assert LedgerRow.objects.filter(frozen=True, event=event).count() == frozen
        settled(event)
        assert ledger_says(TODAY) == before
        assert wrong_in_ledger() == []
    rows = LedgerRow.objects.count()
    assert rebuild(progress=lambda done, people: None) == rows == 3
    assert ledger_says(TODAY) == before


def test_somebody_else_of_that_party_who_turns_out_to_have_been_there_adds_nothing(party):
    gone, late = PersonFactory(), PersonFactory()
    event = settled(held_event(HELD, [(gone, party, 120), (late, party, 0)]))
    person_erase(person=gone, by=None)
    Attendance.objects.filter(person=late).update(state="present", minutes=120)
    settled(event)
    assert (count(party), count()) == (1, 1)
    assert wrong_in_ledger() == []


def test_two_records_of_one_person_count_for_the_party_that_is_left(party):
    kept, merged = PersonFactory.create_batch(2)
    settled(held_event(HELD, [(kept, party, 120), (merged, party, 120)]))
    people_merge(kept=kept, merged=merged, by=None)
    assert (count(party), count()) == (1, 1)
    assert wrong_in_ledger() == []


def test_a_promise_of_effort_five_counts_events_exactly_and_opens_to_their_names_for_everybody(client, party):
    promise(party, metric="events", unit="bijeenkomsten", since=dt.date(2026, 6, 1), effort=efforts()[4])
    for day, title in ((dt.date(2026, 3, 5), "Vroege sessie"), (HELD, "Sessie over kennismaken")):
        settled(held_event(day, [(PersonFactory(name="Bram Vos"), party, 120)], title=title))
    settled(held_event(HELD, [(PersonFactory(), PartyFactory(), 120)], title="Zonder deze partij"))
    page = client.get("/partijen/roc-mondriaan/")
    [standing] = page.context["efforts"][4][1]
    assert (standing.value, standing.is_rounded, shown(page)["events"]) == (1, False, "2")
    assert page.text.count('href="?herkomst=events#herkomst"') == 2
    assert "herkomst=trained" not in page.text
    opened = client.get("/partijen/roc-mondriaan/", {"herkomst": "events"})
    assert [event.title for event, _day in opened.context["events"]] == ["Sessie over kennismaken", "Vroege sessie"]
    assert "8 oktober 2026" in opened.text
    assert "Zonder deze partij" not in opened.text
    assert "Bram Vos" not in opened.text
    then = client.get("/partijen/roc-mondriaan/", {"herkomst": "events", "datum": "2026-06-30"})
    assert [event.title for event, _day in then.context["events"]] == ["Vroege sessie"]
    network = client.get("/voortgang/", {"herkomst": "events"})
    assert shown(network)["events"] == "3"
    assert len(network.context["events"]) == 3
    assert client.get("/voortgang.json").json()["joint"]["events"] == 3


def test_without_events_the_list_says_so(client, party):
    page = client.get("/partijen/roc-mondriaan/", {"herkomst": "events"})
    assert (page.context["events"], page.text.count('id="herkomst"')) == ([], 1)
