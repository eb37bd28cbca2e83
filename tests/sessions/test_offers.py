"""Offered seats: yes, no, and too late; by the mail, on the training's page, and when time passes."""

from __future__ import annotations

from html import unescape

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.html import strip_tags

from parties.models import OutboxMessage
from parties.signals import due
from sessions.actions.offers import offer_accept, offer_decline, offers_lapse_due
from sessions.actions.registrations import registration_cancel, registration_create
from sessions.actions.trainings import meeting_move, training_cancel
from sessions.models import Registration
from sessions.offers import token_of
from tests.sessions.factories import at, published, registered, supervisor

pytestmark = pytest.mark.django_db
NOON = at(23, 12, month=11, year=2026)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def states(training):
    return list(training.registrations.order_by("pk").values_list("state", flat=True))


def mails(person):
    return list(OutboxMessage.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def training():
    """One seat for school, which the first has and gives up; the second is offered it for a day, the third waits."""
    training = published(seats_school=1, seats_workplace=1, offer_hours=24)
    first, *_others = (registered(training) for _ in range(3))
    registration_cancel(registration=first, by=first.person)
    return training


@pytest.fixture
def offered(training):
    return training.registrations.get(state="offered")


def test_a_seat_that_comes_free_is_offered_to_the_first_and_kept(training, offered):
    assert states(training) == ["cancelled", "offered", "waitlisted"]
    assert (offered.seat, offered.offer_until) == (1, at(24, 12, month=11, year=2026))
    assert mails(offered.person) == ["waiting-list", "seat-offered"]
    late = registered(training)
    assert late.state == "waitlisted"
    mail = OutboxMessage.objects.get(kind="seat-offered")
    assert f"/aanbod/{token_of(offered.pk)}/" in mail.text
    assert mail.reply_to == training.reply_to


def test_yes_gives_the_seat_and_the_invitation_once(training, offered):
    with time_machine.travel(at(23, 13, month=11, year=2026), tick=False):
        for _twice in range(2):
            assert offer_accept(registration=offered).state == "confirmed"
    assert states(training) == ["cancelled", "confirmed", "waitlisted"]
    assert mails(offered.person) == ["waiting-list", "seat-offered", "invitation-promoted"]
    with pytest.raises(ValidationError) as error:
        offer_decline(registration=offered)
    assert error.value.messages == ["There is no offer for you any more."]


def test_no_passes_the_seat_on_and_is_never_asked_again(training, offered):
    offer_decline(registration=offered)
    offer_decline(registration=offered)
    assert states(training) == ["cancelled", "declined", "offered"]
    second = training.registrations.get(state="offered")
    offer_decline(registration=second)
    assert states(training) == ["cancelled", "declined", "declined"]
    assert mails(offered.person) == ["waiting-list", "seat-offered"]
    again = registration_create(training=training, membership=offered.membership, by=offered.person)
    assert again.state == "confirmed"


def test_too_late_lapses_once_and_who_returns_stands_at_the_end(training, offered):
    third = training.registrations.get(state="waitlisted")
    end = at(24, 12, month=11, year=2026)
    assert offers_lapse_due(now=at(24, 11, 59, month=11, year=2026)) == []
    with time_machine.travel(end, tick=False):
        with pytest.raises(ValidationError) as error:
            offer_accept(registration=offered)
        assert error.value.messages == ["The time to answer is over, so the seat goes to somebody else."]
        due.send(sender=None, now=timezone.now())
        due.send(sender=None, now=timezone.now())
        assert states(training) == ["cancelled", "lapsed", "offered"]
        assert mails(offered.person) == ["waiting-list", "seat-offered", "offer-lapsed"]
        assert mails(third.person) == ["waiting-list", "seat-offered"]
        again = registration_create(training=training, membership=offered.membership, by=offered.person)
        assert again.state == "waitlisted"
        offer_decline(registration=third)
    assert Registration.objects.get(pk=again.pk).state == "offered"
    assert Registration.objects.get(pk=offered.pk).state == "lapsed"


def test_who_cancelled_is_not_offered_the_seat_again(training, offered):
    waiting = training.registrations.get(state="waitlisted")
    registration_cancel(registration=waiting, by=waiting.person)
    registration_cancel(registration=offered, by=offered.person)
    assert states(training) == ["cancelled", "cancelled", "cancelled"]
    assert mails(waiting.person) == ["waiting-list"]


def test_an_offer_never_runs_past_the_start():
    training = published(seats_school=1, offer_hours=48)
    first, second = registered(training), registered(training)
    with time_machine.travel(at(13, 12), tick=False):
        registration_cancel(registration=first, by=first.person)
        assert Registration.objects.get(pk=second.pk).offer_until == at(14, 13)


def test_a_training_that_moves_or_stops_reaches_who_has_an_offer(training, offered):
    [meeting] = training.meetings.all()
    by = training.trainers.get()
    meeting_move(meeting=meeting, starts_at=at(15, 13), ends_at=at(15, 16), by=by)
    assert mails(offered.person)[-2:] == ["seat-offered", "seat-offered"]
    assert "15 januari" in OutboxMessage.objects.filter(kind="seat-offered").order_by("pk").last().text
    training_cancel(training=training, by=by)
    assert mails(offered.person)[-1] == "message"
    assert states(training) == ["cancelled"] * 3


def test_the_link_in_the_mail_asks_and_the_button_answers(client, training, offered):
    url = f"/en/aanbod/{token_of(offered.pk)}/"
    for _ in range(2):
        page = client.get(url)
        assert "A seat came free. Do you want it?" in text(page)
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert states(training)[1] == "offered"
    assert "Choose one of the answers." in text(client.post(url, {"answer": "misschien"}))
    assert "The seat is yours" in text(client.post(url, {"answer": "ja"}, follow=True))
    assert states(training)[1] == "confirmed"
    assert "There is no offer for you any more." in text(client.post(url, {"answer": "nee"}))


def test_no_by_the_link_and_late_by_the_link(client, training, offered):
    third = training.registrations.get(state="waitlisted")
    url = f"/en/aanbod/{token_of(offered.pk)}/"
    assert "You said no" in text(client.post(url, {"answer": "nee"}, follow=True))
    with time_machine.travel(at(25, 12, month=11, year=2026), tick=False):
        page = client.post(f"/en/aanbod/{token_of(third.pk)}/", {"answer": "ja"})
        assert "The time to answer is over" in text(page)
    assert states(training) == ["cancelled", "declined", "offered"]


@pytest.mark.parametrize("token", ["1", "1.x", "x", "1:abc"])
def test_a_link_that_we_did_not_make_is_not_there(client, token):
    assert client.get(f"/en/aanbod/{token}/").status_code == 404


def test_the_page_of_the_training_and_ones_own_page_ask_too(client, training, offered):
    client.force_login(offered.person)
    page = client.get(f"/en/trainingen/{training.pk}/")
    assert "We keep it for you until Tuesday 24 November at" in text(page)
    assert f'action="/en/aanbod/{token_of(offered.pk)}/"' in page.content.decode()
    mine = client.get("/en/mijn/")
    assert f'href="/en/aanbod/{token_of(offered.pk)}/"' in mine.content.decode()
    assert "A seat came free in" in text(mine)
    client.force_login(training.trainers.get())
    assert "Seat offered has until" in text(client.get(f"/en/trainingen/{training.pk}/deelnemers/"))
    client.force_login(supervisor().person)
    assert token_of(offered.pk) not in client.get(f"/en/trainingen/{training.pk}/").content.decode()


@pytest.mark.db
def test_the_database_refuses_an_offer_without_an_end_and_a_seat_without_a_number(offered):
    mine = Registration.objects.filter(pk=offered.pk)
    for wrong in ({"offer_until": None}, {"state": "confirmed"}, {"seat": None}, {"state": "lapsed", "seat": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**wrong)
