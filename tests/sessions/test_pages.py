"""Every page of trainings: who may come, what it costs, and what it says."""

from __future__ import annotations

from html import unescape

import pytest
import time_machine
from django.utils import translation
from django.utils.html import strip_tags

from parties.models import OutboxMessage
from sessions.actions.registrations import registration_cancel
from sessions.actions.trainings import training_cancel, training_plan
from sessions.models import Training
from tests.factories import PersonFactory, RoleFactory
from tests.sessions.factories import at, meeting, plan, published, registered, supervisor, trainer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def text(response) -> str:
    """The words of a page on one line."""
    return " ".join(unescape(strip_tags(response.content.decode())).split())


TRAINER_PAGES = (
    "bewerken/", "openzetten/", "afzeggen/", "deelnemers/", "deelnemers/bericht/", "aanwezigheid/", "aanwezigheid/code/", "aanwezigheid/sluiten/",
    "materiaal/",
)  # fmt: skip
PERSON_PAGES = ("inschrijven/", "uitschrijven/")


@pytest.fixture
def people():
    """One person in each position towards one training."""
    training = published()
    hr = RoleFactory(kind="hr", organisation=supervisor().organisation).person
    return {
        "training": training,
        "trainer": training.trainers.get(),
        "other trainer": trainer(),
        "participant": registered(training).person,
        "hr": hr,
        "administrator": RoleFactory(kind="administrator").person,
        "anybody": PersonFactory(),
        "nobody": None,
    }


WHO = ["trainer", "other trainer", "participant", "hr", "administrator", "anybody", "nobody"]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", TRAINER_PAGES)
def test_pages_for_the_trainer_are_there_for_nobody_else(client, people, who, path):
    url = f"/trainingen/{people['training'].pk}/{path}"
    if people[who] is None:
        response = client.get(url)
        assert (response.status_code, response.url) == (302, f"/inloggen/?next={url}")
        missing = client.get(f"/trainingen/987654/{path}")
        assert (missing.status_code, missing.url) == (302, f"/inloggen/?next=/trainingen/987654/{path}")
        return
    client.force_login(people[who])
    assert client.get(url).status_code == (200 if who == "trainer" else 404)


@pytest.mark.parametrize("who", WHO)
def test_planning_is_for_trainers(client, people, who):
    if people[who] is None:
        assert client.get("/trainingen/nieuw/").url == "/inloggen/?next=/trainingen/nieuw/"
        return
    client.force_login(people[who])
    assert client.get("/trainingen/nieuw/").status_code == (200 if "trainer" in who else 404)


def test_a_trainer_whose_role_ended_sees_the_list_no_more(client, people):
    person = people["trainer"]
    client.force_login(person)
    url = f"/trainingen/{people['training'].pk}/deelnemers/"
    assert client.get(url).status_code == 200
    person.roles.update(until=at(23, 0, month=11, year=2026).date())
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("who", WHO)
def test_a_draft_is_there_for_its_trainers_only(client, people, who):
    by = people["trainer"]
    draft = training_plan(plan=plan(by=by), by=by)
    if people[who]:
        client.force_login(people[who])
    assert client.get(f"/trainingen/{draft.pk}/").status_code == (200 if who == "trainer" else 404)
    assert client.get(f"/trainingen/{people['training'].pk}/").status_code == 200


@pytest.mark.parametrize("path", PERSON_PAGES)
def test_registering_asks_to_sign_in_first(client, people, path):
    url = f"/trainingen/{people['training'].pk}/{path}"
    assert client.get(url).url == f"/inloggen/?next={url}"
    client.force_login(people["participant"])
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("who", WHO)
def test_names_stand_only_on_the_trainers_list(client, people, who):
    training, participant = people["training"], people["participant"]
    if people[who]:
        client.force_login(people[who])
    # Who looks sees their own name in the head of the page.
    expected = who == "participant"
    for url in ("/trainingen/", f"/trainingen/{training.pk}/"):
        assert (participant.name in text(client.get(url))) == expected
    client.force_login(people["trainer"])
    assert participant.name in text(client.get(f"/trainingen/{training.pk}/deelnemers/"))


def test_the_trainers_name_and_link_are_for_who_takes_part(client):
    training = published(meetings=(meeting(place="", link="https://meet.example/kamer"),))
    person = registered(training).person
    seen = [training.reply_to, "https://meet.example/kamer", training.trainers.get().name]
    assert [word in client.get(f"/trainingen/{training.pk}/").content.decode() for word in seen] == [False] * 3
    client.force_login(person)
    assert [word in client.get(f"/trainingen/{training.pk}/").content.decode() for word in seen] == [True] * 3


def counted(client, django_assert_num_queries, url, number):
    with django_assert_num_queries(number):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_trainings_costs_the_same(client, django_assert_num_queries, rows):
    trainings = [published() for _ in range(rows)]
    counted(client, django_assert_num_queries, "/trainingen/", 3)
    person = registered(trainings[0]).person
    client.force_login(person)
    counted(client, django_assert_num_queries, "/trainingen/", 8)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_trainers_lists_cost_the_same(client, django_assert_num_queries, rows):
    training = published(seats_school=2, seats_workplace=1)
    for _ in range(rows):
        registered(training, "school")
        registered(training, "workplace")
    client.force_login(training.trainers.get())
    counted(client, django_assert_num_queries, f"/trainingen/{training.pk}/deelnemers/", 8)
    with time_machine.travel(at(14, 13), tick=False):
        client.force_login(training.trainers.get())
        counted(client, django_assert_num_queries, f"/trainingen/{training.pk}/aanwezigheid/", 10)


@pytest.mark.parametrize("meetings", [1, 3])
def test_the_page_of_a_training_costs_the_same(client, django_assert_num_queries, meetings):
    training = published(meetings=tuple(meeting(day=14 + number) for number in range(meetings)))
    counted(client, django_assert_num_queries, f"/trainingen/{training.pk}/", 4)
    client.force_login(registered(training).person)
    counted(client, django_assert_num_queries, f"/trainingen/{training.pk}/", 11)


def test_registering_for_a_seat_and_giving_it_up(client):
    training = published()
    membership = supervisor()
    client.force_login(membership.person)
    url = f"/en/trainingen/{training.pk}/"
    assert f"You register for {membership.organisation}" in text(client.get(f"{url}inschrijven/"))
    page = client.post(f"{url}inschrijven/", follow=True)
    assert "You have a seat. The invitation for your calendar is on its way." in text(page)
    assert "2 of 2" not in text(page)
    assert "Give up your seat?" in text(client.get(f"{url}uitschrijven/"))
    assert training.registrations.get().state == "confirmed"
    page = client.post(f"{url}uitschrijven/", follow=True)
    assert "You gave up your seat." in text(page)
    assert training.registrations.get().state == "cancelled"
    assert client.get(f"{url}uitschrijven/").status_code == 404


def test_a_full_side_is_said_before_and_explained_after(client):
    training = published(seats_school=1, seats_workplace=2, release_on=at(5, 0).date())
    registered(training)
    membership = supervisor()
    client.force_login(membership.person)
    url = f"/en/trainingen/{training.pk}/"
    page = text(client.get(f"{url}inschrijven/"))
    assert "At this moment there is no seat for school." in page
    assert "Put me on the waiting list" in page
    page = text(client.post(f"{url}inschrijven/", follow=True))
    assert "You are on the waiting list" in page
    assert "Waiting list, place 1" in page
    assert "2 seats are free. Until the end of 4 January they are for the workplace." in page
    assert "From 5 January empty seats go to whoever waits, in the order of registration." in page
    assert "Does somebody from school cancel? Then you move up sooner." in page


def test_who_works_nowhere_chooses_first(client):
    training = published()
    person = PersonFactory()
    client.force_login(person)
    response = client.get(f"/en/trainingen/{training.pk}/inschrijven/")
    assert "First choose where you work" in text(response)
    assert f'href="/en/mijn/werkplek/?next=/en/trainingen/{training.pk}/inschrijven/"' in response.content.decode()
    client.post(f"/en/trainingen/{training.pk}/inschrijven/")
    assert training.registrations.count() == 0


def test_who_works_at_two_places_chooses_one(client):
    training = published()
    first = supervisor()
    second = supervisor("workplace", person=first.person)
    somebody_else = supervisor()
    client.force_login(first.person)
    url = f"/en/trainingen/{training.pk}/inschrijven/"
    assert "Choose for which workplace you come." in text(client.post(url))
    client.post(url, {"membership": somebody_else.pk})
    assert training.registrations.count() == 0
    client.post(url, {"membership": second.pk})
    registration = training.registrations.get()
    assert (registration.person, registration.side, registration.organisation) == (
        first.person, "workplace", second.organisation
    )  # fmt: skip


def test_a_refusal_is_a_sentence_on_the_page(client):
    training = published(registration_closes_at=at(7, 17))
    person = supervisor().person
    with time_machine.travel(at(8, 9), tick=False):
        client.force_login(person)
        for response in (
            client.get(f"/en/trainingen/{training.pk}/inschrijven/"),
            client.post(f"/en/trainingen/{training.pk}/inschrijven/"),
        ):
            assert "Registration closed on 7 January." in text(response)
    assert training.registrations.count() == 0


def test_the_filter_keeps_trainings_with_a_seat_for_the_side(client):
    full = published(title="Vol voor school", seats_school=1)
    registered(full)
    published(title="Ruimte voor allen")
    pool = published(
        title="Een grote tafel", seats_school=0, seats_workplace=1, release_on=at(1, 0, month=11, year=2026).date()
    )
    titles = ("Vol voor school", "Ruimte voor allen", "Een grote tafel")
    assert [title in text(client.get("/trainingen/?kant=school")) for title in titles] == [False, True, True]
    assert [title in text(client.get("/trainingen/?kant=werkplek")) for title in titles] == [True, True, True]
    registered(pool)
    assert [title in text(client.get("/trainingen/?kant=werkplek")) for title in titles] == [True, True, False]
    assert [title in text(client.get("/trainingen/?kant=iets")) for title in titles] == [True, True, True]


def test_past_and_cancelled_trainings_are_not_offered(client):
    training = published(title="Geweest")
    gone = published(title="Afgezegd")
    training_cancel(training=gone, by=gone.trainers.get())
    assert ["Geweest" in text(client.get("/en/trainingen/")), "Afgezegd" in text(client.get("/en/trainingen/"))] == [
        True,
        False,
    ]
    assert "This training does not go on" in text(client.get(f"/en/trainingen/{gone.pk}/"))
    with time_machine.travel(at(14, 13), tick=False):
        assert "There is no training planned at this moment" in text(client.get("/en/trainingen/"))
        assert "This training has started" in text(client.get(f"/en/trainingen/{training.pk}/"))


def test_the_trainer_adds_by_address_and_takes_off(client):
    training = published(seats_school=1)
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/deelnemers/"
    first, second = supervisor(), supervisor()
    assert f"{first.person} has a seat." in text(
        client.post(f"{url}toevoegen/", {"address": first.person.email}, follow=True)
    )
    page = client.post(f"{url}toevoegen/", {"address": second.person.email.upper()}, follow=True)
    assert f"There is no seat free for this side: {second.person} is on the waiting list." in text(page)
    page = client.post(f"{url}toevoegen/", {"address": "niemand@example.org"})
    assert "Nobody with this address has said where they work." in text(page)
    assert "niemand@example.org</textarea>" in page.content.decode()
    registration = training.registrations.get(person=first.person)
    assert f"Take {first.person} off this training?" in text(client.get(f"{url}{registration.pk}/weghalen/"))
    client.post(f"{url}{registration.pk}/weghalen/")
    assert list(training.registrations.order_by("pk").values_list("state", flat=True)) == ["cancelled", "confirmed"]
    elsewhere = registered(published())
    assert client.post(f"{url}{elsewhere.pk}/weghalen/").status_code == 404


def test_adding_who_works_at_two_places_asks_which(client):
    training = published()
    client.force_login(training.trainers.get())
    first = supervisor()
    second = supervisor("workplace", person=first.person)
    url = f"/en/trainingen/{training.pk}/deelnemers/toevoegen/"
    page = client.post(url, {"address": first.person.email})
    assert "For which workplace do you come?" in text(page)
    assert training.registrations.count() == 0
    client.post(url, {"address": first.person.email, "membership": second.pk})
    assert training.registrations.get().side == "workplace"


def test_a_message_goes_to_each_apart_and_runs_nothing(client):
    training = published(seats_school=1)
    seated, waiting = registered(training), registered(training)
    gone = registered(training, "workplace")
    registration_cancel(registration=gone, by=gone.person)
    OutboxMessage.objects.all().delete()
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/deelnemers/bericht/"
    body = 'Neem een <b>casus</b> mee.<script>alert(1)</script> <a href="javascript:alert(1)">klik</a>'
    page = client.post(url, {"subject": "", "body": body})
    assert "Fill in a subject." in text(page)
    assert "Neem een &lt;b&gt;casus&lt;/b&gt; mee." in page.content.decode()
    assert "Your message goes to 1 person." in text(client.post(url, {"subject": "Vooraf", "body": body}, follow=True))
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.reply_to) == (seated.person.email, training.reply_to)
    assert ["<b>casus</b>" in mail.html, "alert(1)" in mail.html + mail.text, "javascript" in mail.html + mail.text] == [
        True, False, False
    ]  # fmt: skip
    client.post(url, {"subject": "Vooraf", "body": body, "to_waiting": "on"})
    assert sorted(OutboxMessage.objects.values_list("to_address", flat=True)) == sorted(
        [seated.person.email, seated.person.email, waiting.person.email]
    )


def test_calling_off_asks_first(client):
    training = published()
    registered(training)
    client.force_login(training.trainers.get())
    assert "People registered: 1." in text(client.get(f"/en/trainingen/{training.pk}/afzeggen/"))
    assert Training.objects.get().state == "published"
    client.post(f"/en/trainingen/{training.pk}/afzeggen/")
    assert Training.objects.get().state == "cancelled"
    assert "is not possible" in text(client.post(f"/en/trainingen/{training.pk}/afzeggen/"))
