"""Checking in: the code on the trainer's screen, who may use it, and what is said to who may not."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from sessions import check_in
from sessions.actions.attendance import attendance_mark
from sessions.actions.check_in import attendance_check_in, person_check_in
from sessions.actions.trainings import training_cancel, training_close
from sessions.models import Attendance, AttendanceChange
from tests.factories import PersonFactory
from tests.sessions.factories import at, meeting, published, registered, trainer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def code_now(one) -> str:
    return check_in.code_at(one.check_in_secret, timezone.now())


def states(training):
    marked = Attendance.objects.filter(meeting__training=training).order_by("meeting", "person")
    return list(marked.values_list("person", "state", "minutes"))


def refused(call, **values) -> str:
    with pytest.raises(ValidationError) as error:
        call(**values)
    return " ".join(error.value.messages)


@given(moment=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC)))
def test_a_code_holds_for_its_half_minute_and_the_next(moment):
    code = check_in.code_at("secret", moment)
    step = dt.timedelta(seconds=check_in.STEP_SECONDS)
    left = dt.timedelta(seconds=check_in.seconds_left(moment))
    assert len(code) == 6
    assert code.isdecimal()
    assert check_in.is_right("secret", f" {code[:3]} {code[3:]}", moment + left)
    assert check_in.code_at("secret", moment + left - dt.timedelta(seconds=1)) == code
    later = moment + left + step
    if code not in (check_in.code_at("secret", later), check_in.code_at("secret", later - step)):
        assert not check_in.is_right("secret", code, later)


def test_codes_of_two_meetings_and_of_two_moments_differ():
    moments = [at(14, 13) + dt.timedelta(seconds=30 * number) for number in range(50)]
    codes = {check_in.code_at(secret, moment) for secret in ("one", "two") for moment in moments}
    assert len(codes) > 95


@pytest.mark.parametrize(
    ("when", "works"),
    [(at(14, 12, 29), False), (at(14, 12, 30), True), (at(14, 16, 29), True), (at(14, 16, 30), False)],
)
def test_checking_in_works_around_the_meeting(when, works):
    training = published()
    one, person = training.meetings.get(), registered(training).person
    with time_machine.travel(when, tick=False):
        if works:
            attendance = attendance_check_in(meeting=one, person=person, code=code_now(one))
            assert (attendance.state, attendance.minutes, attendance.marked_by) == ("present", 180, person)
            assert attendance_check_in(meeting=one, person=person, code=code_now(one)) == attendance
        else:
            sentence = refused(attendance_check_in, meeting=one, person=person, code=code_now(one))
            assert sentence == "You cannot check in for this meeting at this moment."


def test_the_code_alone_is_not_enough():
    training = published(seats_school=1)
    one = training.meetings.get()
    registered(training)
    waiting = registered(training).person
    elsewhere = registered(published()).person
    with time_machine.travel(at(14, 13), tick=False):
        for person in (waiting, elsewhere, PersonFactory()):
            values = {"person": person, "code": code_now(one)}
            assert refused(attendance_check_in, meeting=one, **values) == "This person has no seat in this training."
            assert refused(person_check_in, **values) == (
                "You are not on the list of the training that shows this code. Tell the trainer, who can add you."
            )
    assert states(training) == []


def test_this_code_and_the_one_before_it_are_right_and_the_third_has_run_out():
    training = published()
    one = training.meetings.get()
    people = [registered(training).person, registered(training).person, registered(training, "workplace").person]
    with time_machine.travel(at(14, 13), tick=False) as clock:
        code = code_now(one)
        for person, seconds in zip(people[:2], (29, 30), strict=True):
            clock.shift(dt.timedelta(seconds=seconds))
            assert person_check_in(person=person, code=code).state == "present"
        clock.shift(dt.timedelta(seconds=1))
        assert refused(person_check_in, person=people[2], code=code) == (
            "This code has run out: there is a new one every half minute. Fill in the code that is on the screen now."
        )
        clock.shift(dt.timedelta(minutes=16))
        assert refused(person_check_in, person=people[2], code=code).startswith("This code is not right")
    assert {person for person, _, _ in states(training)} == {people[0].pk, people[1].pk}


def test_the_code_of_another_meeting_of_the_same_training_is_not_right():
    training = published(meetings=(meeting(), meeting(start=17, end=19)))
    first, second = training.meetings.all()
    person = registered(training).person
    with time_machine.travel(at(14, 16, 29), tick=False):
        assert refused(attendance_check_in, meeting=first, person=person, code=code_now(second)).startswith("This code")
        assert refused(person_check_in, person=person, code=code_now(second)).startswith("This code is not right")
    with time_machine.travel(at(14, 16, 30), tick=False):
        assert refused(person_check_in, person=person, code=code_now(first)).startswith("This code is not right")
        assert person_check_in(person=person, code=code_now(second)).meeting == second
    assert states(training) == [(person.pk, "present", 120)]


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        (at(13, 12), "You have no training at this moment. From 14 January, 12:30 you can check in."),
        (at(14, 16, 30), "You could check in until 16:30. Ask the trainer to mark you on the list."),
        (at(15, 17), "You have no training at this moment. From 21 January, 12:30 you can check in."),
        (
            at(23, 12),
            "You have no training at this moment. Who has a seat can check in from half an hour before the start.",
        ),
    ],
)
def test_a_meeting_that_is_not_now(when, sentence):
    training = published(meetings=(meeting(), meeting(day=21)))
    one, person = training.meetings.first(), registered(training).person
    with time_machine.travel(when, tick=False):
        said = refused(person_check_in, person=person, code=check_in.code_at(one.check_in_secret, at(14, 13)))
        assert said == sentence
    assert states(training) == []


def test_a_training_that_does_not_go_on_or_whose_list_is_closed():
    training = published()
    one, person, by = training.meetings.get(), registered(training).person, training.trainers.get()
    with time_machine.travel(at(14, 16), tick=False):
        training_close(training=training, by=by)
        assert refused(attendance_check_in, meeting=one, person=person, code=code_now(one)).startswith("You cannot")
    assert states(training) == [(person.pk, "absent", 0)]
    other = published()
    one, person = other.meetings.get(), registered(other).person
    training_cancel(training=other, by=other.trainers.get())
    with time_machine.travel(at(14, 13), tick=False):
        assert refused(person_check_in, person=person, code=code_now(one)).startswith("You have no training")
    assert states(other) == []


@pytest.mark.parametrize("state", ["absent", "excused"])
def test_a_code_does_not_write_over_what_the_trainer_marked(state):
    training = published()
    one, person = training.meetings.get(), registered(training).person
    with time_machine.travel(at(14, 13), tick=False):
        attendance_mark(meeting=one, person=person, state=state, by=training.trainers.get())
        assert refused(person_check_in, person=person, code=code_now(one)) == (
            f"The trainer marked you as '{state}'. Tell the trainer that you are here, so that they change it."
        )
    assert states(training) == [(person.pk, state, 0)]


def test_who_was_marked_late_already_checks_in_and_stays_late():
    training = published()
    one, person = training.meetings.get(), registered(training).person
    with time_machine.travel(at(14, 14), tick=False):
        attendance_mark(meeting=one, person=person, state="late", minutes=120, by=training.trainers.get())
        assert person_check_in(person=person, code=code_now(one)).state == "late"
    assert states(training) == [(person.pk, "late", 120)]
    assert AttendanceChange.objects.count() == 1


def test_what_is_no_code_does_not_count_as_a_try():
    training = published()
    one, person = training.meetings.get(), registered(training).person
    with time_machine.travel(at(14, 13), tick=False):
        for typed in ["", "12", "1234567", "geen idee", *["99"] * 10]:
            assert refused(person_check_in, person=person, code=typed) == (
                "Fill in the six digits that are on the screen."
            )
        assert person_check_in(person=person, code=code_now(one)).state == "present"


def test_codes_of_others_are_counted_too():
    mine, other = published(), published()
    person = registered(mine).person
    with time_machine.travel(at(14, 13), tick=False):
        for _ in range(10):
            assert "You are not on the list" in refused(
                person_check_in, person=person, code=code_now(other.meetings.get())
            )
        assert "a wrong code ten times" in refused(person_check_in, person=person, code=code_now(mine.meetings.get()))


def test_the_screen_in_the_room_shows_the_code_and_nobody(client):
    training = published()
    one, person = training.meetings.get(), registered(training).person
    url = f"/en/trainingen/{training.pk}/aanwezigheid/code/"
    assert client.get(url).url == f"/en/inloggen/?next={url}"
    with time_machine.travel(at(14, 13, 5), tick=False) as clock:
        client.force_login(training.trainers.get())
        assert person.name in text(client.get(f"/en/trainingen/{training.pk}/aanwezigheid/")), "there is a name to hide"
        page = client.get(url)
        code = code_now(one)
        assert f"{code[:3]} {code[3:]}" in text(page)
        assert 'role="img" aria-label="QR code that opens the page to check in"' in page.content.decode()
        assert "0 of 1 here" in text(page)
        assert person.name not in text(page)
        clock.shift(dt.timedelta(seconds=30))
        panel = client.get(url, headers={"HX-Request": "true"})
        assert "<html" not in panel.content.decode()
        assert f"{code_now(one)[:3]} {code_now(one)[3:]}" in text(panel)
        for somebody in (person, trainer()):
            client.force_login(somebody)
            assert client.get(url).status_code == 404
    with time_machine.travel(at(14, 17), tick=False):
        client.force_login(training.trainers.get())
        page = text(client.get(url))
        assert "Checking in is possible from 14 January 2027, 12:30 until 16:30" in page
        assert code_now(one)[:3] + " " + code_now(one)[3:] not in page


def test_wrong_codes_are_counted(client):
    training = published()
    one, person = training.meetings.get(), registered(training).person
    with time_machine.travel(at(14, 13), tick=False) as clock:
        client.force_login(person)
        wrong = f"{(int(code_now(one)) + 1) % 1_000_000:06d}"
        for _ in range(10):
            assert "This code is not right, or not valid any more." in text(
                client.post("/en/aanwezig/", {"code": wrong})
            )
        page = client.post("/en/aanwezig/", {"code": code_now(one)})
        assert "That was a wrong code ten times. Wait ten minutes" in text(page)
        assert states(training) == []
        clock.shift(dt.timedelta(minutes=10))
        client.post("/en/aanwezig/", {"code": code_now(one)})
    assert states(training) == [(person.pk, "present", 180)]


def test_the_page_to_check_in(client):
    training = published()
    one, person = training.meetings.get(), registered(training).person
    assert client.get("/en/aanwezig/").url == "/en/inloggen/?next=/en/aanwezig/"
    with time_machine.travel(at(14, 13, 5), tick=False):
        assert client.get("/en/aanwezig/?code=123456").url == "/en/inloggen/?next=/en/aanwezig/%3Fcode%3D123456"
        client.force_login(person)
        assert 'value="123456"' in client.get("/en/aanwezig/?code=123456").content.decode()
        client.get(f"/en/aanwezig/?code={code_now(one)}")
        assert states(training) == []
        assert "Fill in the six digits" in text(client.post("/en/aanwezig/", {"code": ""}))
        page = client.post("/en/aanwezig/", {"code": f"{code_now(one)[:3]} {code_now(one)[3:]}"}, follow=True)
        assert f"{training.title}: checked in at 13:05" in text(page)
    assert states(training) == [(person.pk, "present", 180)]
