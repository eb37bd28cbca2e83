"""Groups that stay together, for whom a training is, deadlines, and the minimum for each side."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.html import strip_tags

from parties.models import AuditEntry, OutboxMessage
from parties.signals import due
from sessions.actions.registrations import registration_cancel, registration_create, registrations_create
from sessions.actions.trainings import plan_of, training_change
from sessions.models import Training
from tests.factories import AffiliationFactory, OrganisationFactory, PartyFactory, PersonFactory
from tests.sessions.factories import at, plan, published, registered, supervisor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def states(training):
    return list(training.registrations.order_by("pk").values_list("state", flat=True))


def colleagues(*sides: str):
    organisation = OrganisationFactory()
    return [supervisor(side, organisation=organisation) for side in sides]


def refused(**arguments) -> list[str]:
    with pytest.raises(ValidationError) as error:
        registrations_create(**arguments)
    return error.value.messages


def test_a_group_waits_until_there_is_room_for_all_and_reads_why(client):
    training = published(seats_school=3, seats_workplace=0)
    by = training.trainers.get()
    first, second = registered(training), registered(training)
    registrations_create(training=training, memberships=colleagues("school", "school"), by=by, together=True)
    assert states(training) == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    mine = training.registrations.filter(state="waitlisted").first()
    client.force_login(mine.person)
    page = text(client.get(f"/en/trainingen/{training.pk}/"))
    assert "You are registered with 2 people together: all of you get a seat, or all of you wait." in page
    assert "1 seat is free for your group, and that is too few for all of you." in page
    alone = registered(training)
    assert alone.state == "confirmed"
    registration_cancel(registration=first, by=first.person)
    assert states(training)[2:4] == ["waitlisted", "waitlisted"]
    registration_cancel(registration=second, by=second.person)
    assert states(training)[2:4] == ["confirmed", "confirmed"]
    kinds = OutboxMessage.objects.filter(person=mine.person).order_by("pk").values_list("kind", flat=True)
    assert [kind.split("-")[0] for kind in kinds] == ["waiting", "invitation"]


def test_all_or_none_is_registered_and_each_problem_has_its_name():
    training = published()
    by = training.trainers.get()
    one, two, gone = colleagues("school", "school", "school")
    registration_create(training=training, membership=one, by=one.person)
    gone.until = dt.date(2026, 3, 1)
    gone.save()
    assert refused(training=training, memberships=[one, two, gone], by=by, together=True) == [
        f"{one.person}: This person is registered already.",
        f"{gone.person}: You can only register for where somebody works today.",
    ]
    assert training.registrations.count() == 1


def test_what_a_group_can_be():
    training = published(seats_school=2, seats_workplace=2)
    by = training.trainers.get()
    strangers = [supervisor(), supervisor()]
    assert refused(training=training, memberships=strangers, by=by, together=True) == [
        "Only people of one organisation can come as a group. Add the others on their own."
    ]
    larger = ["This group is larger than the number of seats for it. Make it smaller, or register each on their own."]
    assert refused(training=training, memberships=colleagues(*["school"] * 3), by=by, together=True) == larger
    pool = published(seats_school=2, seats_workplace=2, release_on=at(5, 0).date())
    by = pool.trainers.get()
    registrations_create(training=pool, memberships=colleagues(*["school"] * 3), by=by, together=True)
    assert states(pool) == ["waitlisted"] * 3
    with time_machine.travel(at(5, 0), tick=False):
        due.send(sender=None, now=timezone.now())
    assert states(pool) == ["confirmed"] * 3
    assert refused(training=pool, memberships=colleagues(*["school"] * 5), by=by, together=True) == larger


def test_the_trainer_adds_a_group_on_the_page(client, django_assert_max_num_queries):
    training = published(seats_school=2)
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/deelnemers/toevoegen/"
    one, two = colleagues("school", "school")
    supervisor("workplace", person=two.person)
    registered(training)
    addresses = f"{one.person.email}\n{two.person.email.upper()}, {one.person.email}"
    page = client.post(url, {"address": addresses, "together": "on"}, follow=True)
    assert "Added: 0 with a seat, 2 on the waiting list." in text(page)
    assert text(page).count("in a group: all of them, or none") == 2
    wrong = client.post(url, {"address": "geen adres, niemand@example.org"})
    assert "“geen” is no mail address." in text(wrong)
    nobody = client.post(url, {"address": "niemand@example.org ook.niemand@example.org"})
    assert (
        "Nobody with these addresses has said where they work: niemand@example.org, ook.niemand@example.org."
        in text(nobody)
    )
    assert "niemand@example.org ook.niemand@example.org</textarea>" in nobody.content.decode()
    three = supervisor()
    both = supervisor()
    supervisor("workplace", person=both.person)
    unclear = client.post(url, {"address": f"{three.person.email} {both.person.email}"})
    assert f"Of {both.person.email} we do not know for which workplace they come." in text(unclear)
    assert "Add at most 50 people at once." in text(
        client.post(url, {"address": "\n".join(f"p{number}@example.org" for number in range(51))})
    )
    with django_assert_max_num_queries(25):
        client.post(url, {"address": "\n".join(f"p{number}@example.org" for number in range(50))})


@pytest.fixture
def closed_circle():
    """A training for one organisation and one party."""
    own, of_party, other = OrganisationFactory(), OrganisationFactory(), OrganisationFactory()
    party = PartyFactory()
    AffiliationFactory(organisation=of_party, party=party)
    AffiliationFactory(organisation=other, party=party, until=dt.date(2026, 2, 1))
    training = published(title="Besloten kring", audience="chosen", parties=(party,), organisations=(own,))
    return training, own, of_party, other


def test_a_training_for_some_is_not_there_for_others(client, closed_circle):
    training, own, of_party, other = closed_circle
    url = f"/en/trainingen/{training.pk}/"
    people = [supervisor(organisation=organisation).person for organisation in (own, of_party, other)]
    seen = []
    for person in [None, *people, training.trainers.get()]:
        client.logout()
        if person:
            client.force_login(person)
        listed = "Besloten kring" in text(client.get("/en/trainingen/"))
        seen.append((client.get(url).status_code, client.get(f"{url}inschrijven/").status_code, listed))
    assert seen == [(404, 302, False), (200, 200, True), (200, 200, True), (404, 404, False), (200, 200, True)]
    assert "Besloten kring" not in text(client.get("/en/"))


def test_who_works_at_two_places_comes_for_the_one_that_it_is_for(closed_circle):
    training, own, _of_party, other = closed_circle
    mine = supervisor(organisation=own)
    elsewhere = supervisor(organisation=other, person=mine.person)
    assert refused(training=training, memberships=[elsewhere], by=mine.person) == [
        "This training is for other organisations."
    ]
    assert registration_create(training=training, membership=mine, by=mine.person).state == "confirmed"


def test_a_trainer_adds_somebody_from_outside_who_then_sees_it(client, closed_circle):
    training, _own, _of_party, other = closed_circle
    guest = supervisor(organisation=other)
    client.force_login(guest.person)
    assert client.get(f"/en/trainingen/{training.pk}/").status_code == 404
    registration_create(training=training, membership=guest, by=training.trainers.get())
    assert client.get(f"/en/trainingen/{training.pk}/").status_code == 200


def test_giving_up_a_seat_has_its_own_deadline_and_waiting_has_none():
    training = published(seats_school=1, cancellation_closes_at=at(7, 17))
    seated, waiting = registered(training), registered(training)
    with time_machine.travel(at(7, 17), tick=False):
        with pytest.raises(ValidationError) as error:
            registration_cancel(registration=seated, by=seated.person)
        assert error.value.messages == [
            "You could give up your seat until 7 January 2027, 17:00. "
            "Tell the trainer that you are not coming: trainer@example.org."
        ]
        assert registration_cancel(registration=waiting, by=waiting.person).state == "cancelled"
        assert registration_cancel(registration=seated, by=training.trainers.get()).state == "cancelled"


def warned() -> list[str]:
    return list(OutboxMessage.objects.filter(kind="too-few").order_by("pk").values_list("to_address", flat=True))


def test_too_few_is_said_once_to_each_trainer_at_the_deadline():
    training = published(minimum_school=2, minimum_workplace=1, registration_closes_at=at(7, 17))
    second = PersonFactory(language="nl")
    training.trainers.add(second)
    registered(training)
    registered(training, "workplace")
    for moment in (at(7, 16, 59), at(7, 17), at(7, 17, 1)):
        with time_machine.travel(moment, tick=False):
            due.send(sender=None, now=timezone.now())
            assert len(warned()) == (0 if moment < at(7, 17) else 2)
    mail = OutboxMessage.objects.get(kind="too-few", person=second)
    assert "Van school hebben 1 mensen een plek; je wilde er minstens 2." in mail.text
    assert "Van de werkplek" not in mail.text
    # Another deadline is looked at anew.
    by = training.trainers.order_by("pk").first()
    changed = plan(by=by, meetings=plan_of(training).meetings, minimum_school=2, registration_closes_at=at(10, 17))
    training_change(training=training, plan=changed, by=by)
    with time_machine.travel(at(10, 17), tick=False):
        due.send(sender=None, now=timezone.now())
    assert warned() == [by.email, second.email, by.email]


def test_without_a_deadline_it_is_three_days_before_and_never_when_enough_come():
    too_few = published(minimum_school=1)
    enough = published(minimum_school=1)
    registered(enough)
    with time_machine.travel(at(11, 13), tick=False):
        due.send(sender=None, now=timezone.now())
    assert warned() == [too_few.trainers.get().email]
    assert Training.objects.filter(minimum_checked_at=None).count() == 0


def test_registering_a_group_leaves_a_trail_for_each():
    training = published()
    by = training.trainers.get()
    group = colleagues("school", "school")
    registrations_create(training=training, memberships=group, by=by, together=True)
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", "about")) == [
        ("registration.create", one.person_id) for one in group
    ]
