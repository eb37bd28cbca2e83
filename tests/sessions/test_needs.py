"""What somebody needs to take part: read by the trainers of this training alone, and gone when it has no more use."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parties.actions.due import due_run
from parties.models import Membership, Person
from sessions.actions.registrations import registration_cancel
from sessions.actions.trainings import training_cancel
from sessions.models import AccessNeeds, Registration, Training
from tests.factories import PersonFactory, RoleFactory
from tests.sessions.factories import at, meeting, published, registered, supervisor, trainer

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
WEEK = dt.timedelta(weeks=1)
WORDS = "Een rolstoelplek en eten zonder pinda"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def by() -> Person:
    return trainer()


@pytest.fixture
def training(by: Person) -> Training:
    return published(by=by, meetings=(meeting(day=14), meeting(day=21)))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def registers(training: Training, membership: Membership, needs: str = WORDS) -> Client:
    client = signed_in(membership.person)
    page = client.post(f"/en/trainingen/{training.pk}/inschrijven/", {"needs": needs}, follow=True)
    assert page.status_code == 200
    return client


def everywhere(words: str) -> list[str]:
    """Tables of the database in which the words stand, in whatever column."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f'SELECT * FROM "{table}"')  # names from the database itself
            if words in str(cursor.fetchall()):
                found.append(table)
    return found


def test_registering_asks_and_says_who_reads_it_and_for_how_long(training: Training) -> None:
    membership = supervisor()
    page = signed_in(membership.person).get(f"/en/trainingen/{training.pk}/inschrijven/").content.decode()
    assert "Only the trainers of this training read it." in page
    assert "We delete it four weeks after the last meeting, and at once when you unregister." in page
    registers(training, membership)
    assert AccessNeeds.objects.get().text == WORDS
    assert everywhere(WORDS) == ["meetings_accessneeds"]  # no mail, no audit, no history


def test_nobody_has_to_say_so_and_too_much_is_refused_without_losing_it(training: Training) -> None:
    registers(training, supervisor(), needs="  ")
    assert not AccessNeeds.objects.exists()
    membership = supervisor()
    page = signed_in(membership.person).post(f"/en/trainingen/{training.pk}/inschrijven/", {"needs": "a" * 501})
    assert "Keep it to 500 characters; you have 501." in page.content.decode()
    assert "a" * 501 in page.content.decode()
    assert not Registration.objects.filter(person=membership.person).exists()


def test_only_the_trainers_of_this_training_read_it(training: Training, by: Person) -> None:
    membership = supervisor()
    registers(training, membership)
    for page in ("deelnemers/", "na-afloop/"):
        address = f"/en/trainingen/{training.pk}/{page}"
        assert WORDS in signed_in(by).get(address).content.decode()
        for person in (trainer(), supervisor().person, RoleFactory(kind="administrator").person):
            assert signed_in(person).get(address).status_code == 404
    hr = RoleFactory(kind="hr", organisation=membership.organisation).person
    for address in (f"/en/trainingen/{training.pk}/", "/en/trainingen/"):
        for person in (hr, membership.person, supervisor().person):
            assert WORDS not in signed_in(person).get(address).content.decode()
    for ending in ("xlsx", "csv"):
        file = signed_in(by).get(f"/en/trainingen/{training.pk}/na-afloop/deelnemers.{ending}")
        assert WORDS.encode() not in file.content


def test_it_can_be_changed_and_taken_back_by_the_person_alone(training: Training) -> None:
    membership = supervisor()
    client = registers(training, membership)
    address = f"/en/trainingen/{training.pk}/wat-je-nodig-hebt/"
    assert address in client.get(f"/en/trainingen/{training.pk}/").content.decode()
    assert WORDS in client.get(address).content.decode()
    client.post(address, {"needs": "Een tolk"})
    assert AccessNeeds.objects.get().text == "Een tolk"
    assert everywhere(WORDS) == []
    assert signed_in(supervisor().person).get(address).status_code == 404
    client.post(address, {"needs": ""})
    assert not AccessNeeds.objects.exists()
    with time_machine.travel(at(21, 17), tick=False):
        assert signed_in(membership.person).get(address).status_code == 404


def test_gone_four_weeks_after_the_last_meeting(training: Training) -> None:
    registers(training, supervisor())
    for moment, there in [(at(21, 16) + 4 * WEEK - dt.timedelta(minutes=1), 1), (at(21, 16) + 4 * WEEK, 0)]:
        with time_machine.travel(moment, tick=False):
            for _ in range(2):
                assert due_run() == []
        assert AccessNeeds.objects.count() == there
    assert everywhere(WORDS) == []
    assert everywhere("rolstoelplek") == []


def test_gone_at_once_when_they_unregister(training: Training, by: Person) -> None:
    first, second = supervisor(), supervisor()
    client = registers(training, first)
    registers(training, second, needs="Een lift")
    client.post(f"/en/trainingen/{training.pk}/uitschrijven/")
    assert everywhere(WORDS) == []
    registration_cancel(registration=Registration.objects.confirmed().get(person=second.person), by=by)
    assert everywhere("Een lift") == []


def test_gone_at_once_when_the_training_is_cancelled_or_the_queue_ends(training: Training, by: Person) -> None:
    for membership in (supervisor(), supervisor(), supervisor()):
        registers(training, membership)
    assert sorted(Registration.objects.values_list("state", flat=True)) == ["confirmed", "confirmed", "waitlisted"]
    assert AccessNeeds.objects.count() == 3
    training_cancel(training=training, by=by)
    assert everywhere(WORDS) == []


def test_the_list_needs_no_more_queries_for_more_people(by: Person) -> None:
    numbers = []
    for people in (1, 3):
        training = published(by=by, seats_school=5)
        for number in range(people):
            row = registered(training, person=PersonFactory(name=f"{people}-{number}"))
            AccessNeeds.objects.create(registration=row, text=WORDS)
        client = signed_in(by)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/en/trainingen/{training.pk}/deelnemers/").content.decode()
        assert page.count(WORDS) == people
        numbers.append(len(queries))
    assert numbers == [8, 8]
