"""The list, and what a closed list says."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.html import strip_tags

from parties.actions.due import due_run
from parties.models import AuditEntry
from sessions import check_in
from sessions.actions.attendance import attendance_correct, attendance_mark
from sessions.actions.check_in import attendance_check_in
from sessions.actions.registrations import registration_cancel
from sessions.actions.trainings import training_cancel, training_close
from sessions.models import Attendance, Registration, Training
from sessions.signals import attendance_settled
from tests.sessions.factories import at, meeting, published, registered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


@pytest.fixture
def settled():
    """What higher apps hear: (training, people) for each signal."""
    heard = []

    def hear(training, person_ids, **_):
        heard.append((training.pk, person_ids))

    attendance_settled.connect(hear)
    yield heard
    attendance_settled.disconnect(hear)


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def refusal(error) -> str:
    return " ".join(error.value.messages)


def code_now(one) -> str:
    return check_in.code_at(one.check_in_secret, timezone.now())


def states(training):
    marked = Attendance.objects.filter(meeting__training=training).order_by("meeting", "person")
    return list(marked.values_list("person", "state", "minutes"))


@pytest.mark.parametrize(
    ("state", "minutes", "outcome"),
    [
        ("present", None, 150),
        ("present", 100, 100),
        ("late", 120, 120),
        ("left_early", 1, 1),
        ("late", None, "Fill in how many minutes this person was there."),
        ("left_early", 151, "Fill in a number of minutes from 1 to 150."),
        ("late", 0, "Fill in a number of minutes from 1 to 150."),
        ("excused", None, 0),
        ("absent", 30, 0),
        ("asleep", None, "Value 'asleep' is not a valid choice."),
    ],
)
def test_marking_on_the_list(state, minutes, outcome):
    training = published(meetings=(meeting(break_minutes=30),))
    one, person = training.meetings.get(), registered(training).person
    by = training.trainers.get()
    with time_machine.travel(at(14, 13), tick=False):
        if isinstance(outcome, int):
            attendance_mark(meeting=one, person=person, state=state, minutes=minutes, by=by)
            assert states(training) == [(person.pk, state, outcome)]
        else:
            with pytest.raises(ValidationError) as error:
                attendance_mark(meeting=one, person=person, state=state, minutes=minutes, by=by)
            assert refusal(error) == outcome
            assert states(training) == []


def test_marking_waits_for_the_meeting_and_ends_with_the_list():
    training = published()
    one, person, by = training.meetings.get(), registered(training).person, training.trainers.get()
    with pytest.raises(ValidationError) as error:
        attendance_mark(meeting=one, person=person, state="present", by=by)
    assert refusal(error) == "You can mark people from half an hour before the start."
    with time_machine.travel(at(14, 16), tick=False):
        with pytest.raises(ValidationError) as error:
            attendance_correct(meeting=one, person=person, state="present", by=by)
        assert refusal(error) == "The list of this training is still open."
        training_close(training=training, by=by)
        with pytest.raises(ValidationError) as error:
            attendance_mark(meeting=one, person=person, state="present", by=by)
        assert refusal(error) == "The list of this training is closed."


def test_closing_waits_for_the_last_meeting_and_counts_once(settled):
    training = published(meetings=(meeting(), meeting(day=21)), seats_school=1)
    first, second = training.meetings.all()
    here, waiting, gone = registered(training), registered(training), registered(training, "workplace")
    by = training.trainers.get()
    with time_machine.travel(at(14, 14), tick=False):
        attendance_mark(meeting=first, person=here.person, state="present", by=by)
    with time_machine.travel(at(21, 15, 59), tick=False):
        with pytest.raises(ValidationError) as error:
            training_close(training=training, by=by)
        assert refusal(error) == "You can close the list when the last meeting is over."
        assert settled == []
    with time_machine.travel(at(21, 16), tick=False):
        closed = training_close(training=training, by=by)
        assert (closed.state, closed.closed_by, closed.closed_at) == ("closed", by, at(21, 16))
        with pytest.raises(ValidationError):
            training_close(training=training, by=by)
    assert settled == [(training.pk, sorted([here.person_id, gone.person_id]))]
    assert states(training) == [
        (here.person_id, "present", 180),
        (gone.person_id, "absent", 0),
        (here.person_id, "absent", 0),
        (gone.person_id, "absent", 0),
    ]
    assert Registration.objects.get(pk=waiting.pk).state == "cancelled"
    assert second.attendances.filter(marked_by=None).count() == 2


def test_a_list_closes_by_itself_24_hours_after(settled):
    training = published(meetings=(meeting(), meeting(day=21)))
    person = registered(training).person
    draft_and_cancelled = published()
    training_cancel(training=draft_and_cancelled, by=draft_and_cancelled.trainers.get())
    with time_machine.travel(at(22, 15, 59), tick=False):
        assert due_run() == []
        assert Training.objects.get(pk=training.pk).state == "published"
    with time_machine.travel(at(22, 16), tick=False):
        assert due_run() == []
        assert due_run() == []
    closed = Training.objects.get(pk=training.pk)
    assert (closed.state, closed.closed_by) == ("closed", None)
    assert settled == [(training.pk, [person.pk])]


@pytest.mark.parametrize(
    ("day", "month", "year", "minutes"), [(28, 3, 2027, 120), (31, 10, 2027, 240), (14, 1, 2027, 180)]
)
def test_minutes_over_the_night_in_which_the_clock_changes(day, month, year, minutes):
    night = meeting(starts_at=at(day, 1, month=month, year=year), ends_at=at(day, 4, month=month, year=year))
    training = published(meetings=(night,))
    person = registered(training).person
    with time_machine.travel(at(day, 5, month=month, year=year), tick=False):
        attendance_mark(meeting=training.meetings.get(), person=person, state="present", by=training.trainers.get())
        training_close(training=training)
    facts = Training.objects.attended_by(person).get()
    assert (facts.minutes_attended, facts.minutes_net) == (minutes, minutes)


def held(marks, sides=("school", "workplace"), minutes=(60, 40)):
    """A closed training of two meetings; ``marks`` gives for each person the minutes at each meeting."""
    hours = [
        meeting(
            day=14 + number, starts_at=at(14 + number, 13), ends_at=at(14 + number, 13) + dt.timedelta(minutes=length)
        )
        for number, length in enumerate(minutes)
    ]
    training = published(meetings=tuple(hours), seats_school=5, seats_workplace=5)
    people = [registered(training, side).person for side in sides]
    with time_machine.travel(at(25, 9), tick=False):
        for person, given_minutes in zip(people, marks, strict=True):
            for one, there in zip(training.meetings.all(), given_minutes, strict=True):
                if there:
                    attendance_mark(meeting=one, person=person, state="late", minutes=there, by=training.trainers.get())
        training_close(training=training)
    return training, people


def attended(training):
    rows = Registration.objects.attended().filter(training=training).order_by("person")
    return [(row.person_id, row.minutes_attended, row.minutes_net, row.is_joint_held) for row in rows]


def test_attended_is_80_percent_of_all_minutes():
    training, (enough, short) = held([(40, 40), (60, 19)])
    assert attended(training) == [(enough.pk, 80, 100, True)]
    assert list(Training.objects.attended_by(short)) == []
    [facts] = Training.objects.attended_by(enough)
    assert (facts, facts.minutes_attended, facts.minutes_net, facts.is_joint_held, facts.last_ends_at) == (
        training, 80, 100, True, at(15, 13, 40),
    )  # fmt: skip


def test_joint_means_that_both_sides_were_there():
    training, (person, _) = held([(60, 40), (0, 0)])
    assert attended(training) == [(person.pk, 100, 100, False)]
    training, (person, _) = held([(60, 40), (0, 5)])
    assert attended(training) == [(person.pk, 100, 100, True)]
    training, people = held([(60, 40), (60, 40)], sides=("school", "school"))
    assert attended(training) == [(person.pk, 100, 100, False) for person in people]


def test_an_open_list_counts_nothing():
    training = published()
    registration = registered(training)
    with time_machine.travel(at(14, 15), tick=False):
        attendance_mark(
            meeting=training.meetings.get(), person=registration.person, state="present", by=training.trainers.get()
        )
    assert attended(training) == []


def test_attended_costs_one_query(django_assert_num_queries):
    _, (person, _) = held([(60, 40), (60, 40)])
    with django_assert_num_queries(1):
        assert len(Training.objects.attended_by(person)) == 1


def test_a_correction_is_kept_and_told(settled):
    training, (person, _) = held([(60, 40), (60, 40)])
    by = training.trainers.get()
    settled.clear()
    attendance_correct(meeting=training.meetings.first(), person=person, state="absent", by=by)
    assert settled == [(training.pk, [person.pk])]
    assert list(AuditEntry.objects.values_list("actor", "verb", "about", "target")) == [
        (by.pk, "attendance.correct", person.pk, f"meeting:{training.meetings.first().pk}")
    ]
    assert list(Training.objects.attended_by(person)) == []


def test_a_marked_person_is_not_taken_off():
    training = published()
    registration = registered(training)
    by = training.trainers.get()
    with time_machine.travel(at(14, 13), tick=False):
        attendance_mark(meeting=training.meetings.get(), person=registration.person, state="present", by=by)
        with pytest.raises(ValidationError) as error:
            registration_cancel(registration=registration, by=by)
        assert "has been marked on the attendance list" in refusal(error)
        with pytest.raises(ValidationError) as error:
            training_cancel(training=training, by=by)
        assert refusal(error) == "People have been marked present already. Close the list instead."


def test_the_trainers_page_before_during_and_after(client):
    training = published()
    one, person = training.meetings.get(), registered(training).person
    url = f"/en/trainingen/{training.pk}/aanwezigheid/"
    client.force_login(training.trainers.get())
    assert "The code appears on 14 January 2027, 12:30" in text(client.get(url))
    with time_machine.travel(at(14, 13), tick=False):
        client.force_login(training.trainers.get())
        page = client.get(url)
        code = code_now(one)
        assert f"{code[:3]} {code[3:]}" in text(page)
        assert "Not marked yet" in text(page)
        page = client.post(url, {f"{person.pk}-state": "late", f"{person.pk}-minutes": ""})
        assert "Fill in how many minutes this person was there." in text(page)
        assert 'value="late" checked' in page.content.decode()
        page = client.post(url, {f"{person.pk}-state": "late", f"{person.pk}-minutes": "veel"})
        assert 'value="veel"' in page.content.decode()
        page = client.post(url, {f"{person.pk}-state": "late", f"{person.pk}-minutes": "150"}, follow=True)
        assert "13:00, by you" in text(page)
        assert states(training) == [(person.pk, "late", 150)]
        assert "when the last meeting is over" in text(client.post(f"{url}sluiten/"))
    with time_machine.travel(at(14, 16), tick=False):
        client.force_login(training.trainers.get())
        client.post(f"{url}sluiten/")
        assert "The list was closed on" in text(client.get(url))
        client.post(url, {f"{person.pk}-state": "present", f"{person.pk}-minutes": "150"})
    assert states(training) == [(person.pk, "present", 180)]
    assert AuditEntry.objects.filter(verb="attendance.correct").count() == 1


def test_one_row_is_saved_at_once_and_newcomers_appear(client):
    training = published()
    one = training.meetings.get()
    person, other = registered(training).person, registered(training, "workplace").person
    stranger = registered(published()).person
    url = f"/en/trainingen/{training.pk}/aanwezigheid/{one.pk}/"
    with time_machine.travel(at(14, 13), tick=False) as clock:
        client.force_login(training.trainers.get())
        page = text(client.post(f"{url}{person.pk}/", {f"{person.pk}-state": "present"}))
        assert (person.name in page, other.name in page, "1 of 1 here" in page) == (True, False, True)
        refused = client.post(f"{url}{person.pk}/", {f"{person.pk}-state": "late"})
        assert "Fill in how many minutes this person was there." in text(refused)
        assert client.post(f"{url}{stranger.pk}/", {f"{stranger.pk}-state": "present"}).status_code == 404
        before = int(timezone.now().timestamp())
        assert other.name not in text(client.get(f"{url}nu/?sinds={before}"))
        clock.shift(dt.timedelta(seconds=5))
        attendance_check_in(meeting=one, person=other, code=code_now(one))
        assert other.name in text(client.get(f"{url}nu/?sinds={before}"))
        assert other.name not in text(client.get(f"{url}nu/?sinds={before + 60}"))
    assert states(training) == sorted([(person.pk, "present", 180), (other.pk, "present", 180)])
