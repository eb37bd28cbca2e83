import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from parties.actions.due import due_run
from parties.models import OutboxMessage
from sessions.actions.invitations import invitation_answer
from sessions.actions.registrations import registration_cancel
from sessions.actions.reminders import reminders_send
from sessions.actions.trainings import meeting_move, training_cancel
from sessions.models import Invitation, Registration, Training
from tests.factories import PersonFactory
from tests.sessions.factories import at, published, registered

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
START = at(14, 13)
WEEK, DAY, MINUTE = dt.timedelta(days=7), dt.timedelta(days=1), dt.timedelta(minutes=1)


@pytest.fixture
def training() -> Training:
    with time_machine.travel(NOW, tick=False):
        return published()


@pytest.fixture
def seat(training: Training) -> Registration:
    return sits(training, person("Sevgi de Wit", "sevgi@example.org"))


def person(name: str, address: str, **fields: Any) -> Any:
    return PersonFactory(name=name, email=address, **fields)


def sits(training: Training, who: Any, at_moment: dt.datetime = NOW, side: str = "school") -> Registration:
    with time_machine.travel(at_moment, tick=False):
        return registered(training, side, person=who)


def sent_at(moment: dt.datetime) -> list[str]:
    """Kinds of the reminders that this moment brings; asked three times, since everything may run twice."""
    before = OutboxMessage.objects.count()
    with time_machine.travel(moment, tick=False):
        for _ in range(3):
            assert due_run() == []
    return list(OutboxMessage.objects.order_by("pk")[before:].values_list("kind", flat=True))


def test_a_week_and_a_day_before_once(seat: Registration) -> None:
    moments = [START - WEEK - MINUTE, START - WEEK, START - DAY - MINUTE, START - DAY, START - MINUTE, START + MINUTE]
    assert [sent_at(moment) for moment in moments] == [[], ["reminder-week"], [], ["reminder-day"], [], []]


def test_a_week_that_was_missed_leaves_the_day_and_a_late_run_loses_nothing(seat: Registration) -> None:
    assert sent_at(START - DAY + MINUTE) == ["reminder-day"]


def test_a_week_that_is_late_is_still_sent(seat: Registration) -> None:
    assert sent_at(START - WEEK + dt.timedelta(days=3)) == ["reminder-week"]
    assert "Je training is over 4 dagen" in OutboxMessage.objects.last().text


def test_not_when_the_invitation_came_after_that_moment(training: Training) -> None:
    sits(training, person("Jan", "jan@example.org"), START - dt.timedelta(days=3))
    assert sent_at(START - dt.timedelta(days=2)) == []
    assert sent_at(START - DAY) == ["reminder-day"]
    sits(training, person("Piet", "piet@example.org"), START - dt.timedelta(hours=3))
    assert sent_at(START - dt.timedelta(hours=2)) == []


def test_not_when_declined_or_taken_off_or_waiting_or_cancelled(training: Training) -> None:
    declined, second, waits = [sits(training, person(name, f"{name}@example.org")) for name in "abc"]
    gone = sits(training, person("d", "d@example.org"), side="workplace")
    assert (waits.state, gone.state) == ("waitlisted", "confirmed")
    with time_machine.travel(NOW + DAY, tick=False):
        for one in (declined, second):
            invitation_answer(invitation=Invitation.objects.get(person=one.person), partstat="DECLINED")
        registration_cancel(registration=gone, by=gone.person)
    assert sent_at(START - WEEK) == []
    with time_machine.travel(START - WEEK, tick=False):
        invitation_answer(invitation=Invitation.objects.get(person=declined.person), partstat="TENTATIVE")
    assert sent_at(START - WEEK + MINUTE) == ["reminder-week"]
    with time_machine.travel(START - WEEK + 2 * MINUTE, tick=False):
        training_cancel(training=training, by=training.trainers.get())
    assert sent_at(START - DAY) == []


def test_a_training_that_moves_away_is_reminded_of_anew_and_one_that_moves_near_is_not(
    training: Training, seat: Registration
) -> None:
    by, there = training.trainers.get(), training.meetings.get()
    assert sent_at(START - WEEK) == ["reminder-week"]
    with time_machine.travel(START - DAY * 2, tick=False):
        meeting_move(meeting=there, starts_at=START + 3 * WEEK, ends_at=START + 3 * WEEK + 60 * MINUTE, by=by)
    assert sent_at(START - DAY) == []
    assert sent_at(START + 2 * WEEK) == ["reminder-week"]
    with time_machine.travel(START + 2 * WEEK + DAY, tick=False):
        meeting_move(meeting=there, starts_at=at(29, 18), ends_at=at(29, 20), by=by)
    assert sent_at(START + 2 * WEEK + DAY + MINUTE) == []


def test_the_mail_reads_in_the_persons_language_with_the_answer_in_it(training: Training, seat: Registration) -> None:
    other = sits(training, person("Anouk Smit", "anouk@example.org", language="en"))
    with time_machine.travel(NOW + DAY, tick=False):
        invitation_answer(invitation=Invitation.objects.get(person=other.person), partstat="ACCEPTED")
    sent_at(START - DAY)
    dutch, english = OutboxMessage.objects.filter(kind="reminder-day").order_by("pk")
    token = seat.person.invitations.get().token
    assert dutch.subject == "Herinnering: Eerlijk begeleiden, donderdag 14 januari 2027 om 13.00 uur"
    assert dutch.text.startswith(
        "Je training is morgen\n\nDag Sevgi, je hebt een plek in de training “Eerlijk begeleiden”."
        " Je hebt nog niet geantwoord. Kom je?\n"
    )
    assert f"/antwoord/{token}/?kies=ja" in dutch.text
    assert f"/antwoord/{token}/?kies=ja" in dutch.html
    assert english.text.startswith("Your training is tomorrow\n\nHello Anouk, you have a seat in the training")
    assert "You said that you are coming." in english.text
    assert "?kies=" not in english.text + english.html
    assert {dutch.reply_to, english.reply_to} == {"trainer@example.org"}
    assert "⟦" not in dutch.text + dutch.html + english.text + english.html
    assert [dutch.ordering_key, english.ordering_key] == [
        str(who.invitations.get().uid) for who in (seat.person, other.person)
    ]
    for message in (dutch, english):
        assert message.calendar == ""


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_people(number: int, django_assert_num_queries: Callable) -> None:
    with time_machine.travel(NOW, tick=False):
        training = published(seats_school=5)
        for _ in range(number):
            registered(training)
    with time_machine.travel(START - DAY, tick=False), django_assert_num_queries(9):
        assert reminders_send(now=START - DAY) == number
