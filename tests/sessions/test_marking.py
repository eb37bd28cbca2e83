"""Marks that meet: nothing is written over unseen, nothing counts twice, and what stood there before is kept."""

from __future__ import annotations

import uuid
from html import unescape

import lxml.html
import pytest
import time_machine
from django.utils import timezone, translation
from django.utils.html import strip_tags

from sessions import check_in
from sessions.actions.attendance import AttendanceConflict, attendance_correct, attendance_mark
from sessions.actions.check_in import attendance_check_in
from sessions.actions.invitations import invitation_answer
from sessions.actions.trainings import training_close
from sessions.models import Attendance, AttendanceChange, Invitation
from tests.sessions.factories import at, meeting, published, registered, trainer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def row_of(page, person):
    """What the page shows of this person: the words, what is chosen, and what a mark would be based on."""
    [row] = lxml.html.fromstring(page.content.decode()).xpath(f"//li[@id='person-{person.pk}']")
    chosen = row.xpath(".//input[@type='radio'][@checked]/@value")
    return " ".join(row.text_content().split()), (chosen or [""])[0], row.get("data-basis")


def changes(training):
    rows = AttendanceChange.objects.filter(attendance__meeting__training=training)
    return list(rows.values_list("state_before", "minutes_before", "state", "minutes", "changed_by", "is_correction"))


def states(training):
    marked = Attendance.objects.filter(meeting__training=training).order_by("meeting", "person")
    return list(marked.values_list("person", "state", "minutes"))


def with_two_trainers(**fields):
    first, second = trainer(), trainer()
    training = published(by=first, trainers=(first, second), **fields)
    return training, first, second


def test_a_mark_based_on_an_older_one_is_refused_with_both():
    training, first, second = with_two_trainers()
    one, person = training.meetings.get(), registered(training).person
    with time_machine.travel(at(14, 13), tick=False):
        stands = attendance_mark(meeting=one, person=person, state="present", by=first, based_on="")
        with pytest.raises(AttendanceConflict) as conflict:
            attendance_mark(meeting=one, person=person, state="absent", by=second, based_on="")
        assert conflict.value.attendance == stands
        assert states(training) == [(person.pk, "present", 180)]
        # The same said twice is no conflict, and what is based on the mark that stands is written.
        assert attendance_mark(meeting=one, person=person, state="present", by=second, based_on="").marked_by == first
        attendance_mark(meeting=one, person=person, state="absent", by=second, based_on=str(stands.key))
    assert states(training) == [(person.pk, "absent", 0)]
    assert changes(training) == [
        ("", 0, "present", 180, first.pk, False),
        ("present", 180, "absent", 0, second.pk, False),
    ]


def test_a_mark_that_comes_twice_counts_once_also_after_another():
    training, first, second = with_two_trainers()
    one, person, key = training.meetings.get(), registered(training).person, uuid.uuid4()
    with time_machine.travel(at(14, 13), tick=False):
        for _ in range(2):
            attendance_mark(meeting=one, person=person, state="absent", by=first, based_on="", key=key)
        attendance_mark(meeting=one, person=person, state="present", by=second, based_on=str(key))
        again = attendance_mark(meeting=one, person=person, state="absent", by=first, based_on="", key=key)
    assert (again.state, states(training)) == ("present", [(person.pk, "present", 180)])
    assert len(changes(training)) == 2


def test_marks_follow_each_other_while_they_wait():
    """What a phone without a connection sends later: each one based on the one before it."""
    training = published()
    one, person, by = training.meetings.get(), registered(training).person, training.trainers.get()
    first, second = uuid.uuid4(), uuid.uuid4()
    with time_machine.travel(at(14, 13), tick=False):
        attendance_mark(meeting=one, person=person, state="absent", by=by, based_on="", key=first)
        attendance_mark(meeting=one, person=person, state="late", minutes=100, by=by, based_on=str(first), key=second)
    assert states(training) == [(person.pk, "late", 100)]


def test_the_page_says_both_and_lets_the_trainer_choose(client):
    training, first, second = with_two_trainers()
    one, person = training.meetings.get(), registered(training).person
    url = f"/en/trainingen/{training.pk}/aanwezigheid/"
    row_url = f"{url}{one.pk}/{person.pk}/"
    name = f"{person.pk}"
    with time_machine.travel(at(14, 13, 12), tick=False):
        attendance_check_in(meeting=one, person=person, code=check_in.code_at(one.check_in_secret, timezone.now()))
        client.force_login(first)
        mark = {f"{name}-state": "late", f"{name}-minutes": "100", f"{name}-basis": ""}
        page = client.post(row_url, mark | {"keer": str(uuid.uuid4())}, headers={"HX-Request": "true"})
        assert page.status_code == 409
        said, chosen, basis = row_of(page, person)
        assert (
            "The list says “Present”: they checked in with the code at 13:12. You marked “Late, 100 minutes”." in said
        )
        assert (chosen, basis) == ("present", str(Attendance.objects.get().key))
        assert states(training) == [(person.pk, "present", 180)]

        # Without script: the whole list comes back with the same question, and its button takes the trainer's own.
        page = client.post(url, mark)
        assert "Not everything is saved yet" in text(page)
        assert "Make it “Late, 100 minutes”" in row_of(page, person)[0]
        client.post(url, {f"{name}-state": "present", f"{name}-basis": basis, f"{name}-take": "late 100"})
        assert states(training) == [(person.pk, "late", 100)]

        # The other trainer, whose page is older still, reads who it was.
        client.force_login(second)
        page = client.post(row_url, {f"{name}-state": "absent", f"{name}-basis": basis})
        assert f"The list says “Late, 100 minutes”: {first} marked that at 13:12. You marked “Absent”." in text(page)
    assert states(training) == [(person.pk, "late", 100)]


def test_an_old_page_without_script_writes_nothing_that_its_trainer_did_not_touch(client):
    training, first, second = with_two_trainers()
    one, person = training.meetings.get(), registered(training).person
    other = registered(training, "workplace").person
    url = f"/en/trainingen/{training.pk}/aanwezigheid/"
    with time_machine.travel(at(14, 13), tick=False):
        attendance_mark(meeting=one, person=person, state="absent", by=first, based_on="")
        client.force_login(first)
        shown = row_of(client.get(url), person)[2]
        attendance_mark(meeting=one, person=person, state="present", by=second, based_on=shown)
        client.post(
            url,
            {
                f"{person.pk}-state": "absent", f"{person.pk}-basis": shown,
                f"{other.pk}-state": "present", f"{other.pk}-basis": "",
            },
        )  # fmt: skip
    assert sorted(states(training)) == sorted([(person.pk, "present", 180), (other.pk, "present", 180)])


def test_a_mark_of_who_is_signed_out_or_somebody_else_is_kept_for_whose_it_is(client):
    training, first, second = with_two_trainers()
    one, person = training.meetings.get(), registered(training).person
    url = f"/en/trainingen/{training.pk}/aanwezigheid/"
    mark = {f"{person.pk}-state": "present", f"{person.pk}-basis": ""}
    with time_machine.travel(at(14, 13), tick=False):
        client.force_login(first)
        [whose] = lxml.html.fromstring(client.get(url).content.decode()).xpath("//form/@data-mark")
        for leave in (client.logout, lambda: client.force_login(second)):
            leave()
            answer = client.post(f"{url}{one.pk}/{person.pk}/", mark | {"wie": whose}, headers={"HX-Request": "true"})
            assert (answer.status_code, answer["HX-Redirect"]) == (401, f"/en/inloggen/?next={url}")
        assert states(training) == []
        client.force_login(first)
        assert client.post(f"{url}{one.pk}/{person.pk}/", mark | {"wie": whose}).status_code == 200
    assert states(training) == [(person.pk, "present", 180)]


def test_who_excused_themselves_stands_so_on_the_list_and_when_it_closes(client):
    training = published(meetings=(meeting(), meeting(day=21)))
    first, second = training.meetings.all()
    excused, absent = registered(training).person, registered(training).person
    came = registered(training, "workplace").person
    for person in (excused, came):
        invitation = Invitation.objects.get(meeting=first, person=person)
        client.post(f"/en/antwoord/{invitation.token}/", {"answer": "DECLINED"})
    url = f"/en/trainingen/{training.pk}/aanwezigheid/?bijeenkomst={first.pk}"
    with time_machine.travel(at(14, 13), tick=False):
        client.force_login(training.trainers.get())
        page = client.get(url)
        said, chosen, basis = row_of(page, excused)
        assert ("Said beforehand: cannot come" in said, chosen, basis) == (True, "excused", "")
        assert row_of(page, absent)[1:] == ("", "")
        # Saving what the page filled in writes nothing; who came after all checks in.
        client.post(url, {f"{excused.pk}-state": "excused", f"{excused.pk}-basis": ""})
        assert states(training) == []
        attendance_check_in(meeting=first, person=came, code=check_in.code_at(first.check_in_secret, timezone.now()))
    with time_machine.travel(at(21, 16), tick=False):
        training_close(training=training, by=training.trainers.get())
        client.force_login(training.trainers.get())
        assert "Said beforehand: cannot come" in row_of(client.get(url), excused)[0]
    of_first = sorted(first.attendances.values_list("person", "state", "minutes"))
    assert of_first == sorted([(excused.pk, "excused", 0), (absent.pk, "absent", 0), (came.pk, "present", 180)])
    assert set(second.attendances.values_list("state", flat=True)) == {"absent"}


def test_who_takes_the_excuse_back_is_expected_again(client):
    training = published()
    one, person = training.meetings.get(), registered(training).person
    invitation = Invitation.objects.get(meeting=one, person=person)
    for partstat in ("DECLINED", "ACCEPTED"):
        invitation_answer(invitation=invitation, partstat=partstat)
    with time_machine.travel(at(14, 16), tick=False):
        client.force_login(training.trainers.get())
        assert row_of(client.get(f"/en/trainingen/{training.pk}/aanwezigheid/"), person)[1] == ""
        training_close(training=training)
    assert states(training) == [(person.pk, "absent", 0)]


def test_late_early_and_breaks_over_several_meetings(client):
    training = published(meetings=(meeting(break_minutes=30), meeting(day=21, start=9, end=10)))
    first, second = training.meetings.all()
    person, by = registered(training).person, training.trainers.get()
    url = f"/en/trainingen/{training.pk}/aanwezigheid/"
    with time_machine.travel(at(21, 10), tick=False):
        client.force_login(by)
        for one, state, minutes in ((first, "late", "150"), (second, "left_early", "60")):
            page = client.get(f"{url}?bijeenkomst={one.pk}")
            assert f"of {minutes} minutes" in text(page)
            too_many = {f"{person.pk}-state": state, f"{person.pk}-minutes": str(int(minutes) + 1)}
            answer = client.post(f"{url}{one.pk}/{person.pk}/", too_many | {f"{person.pk}-basis": ""})
            assert f"Fill in a number of minutes from 1 to {minutes}." in text(answer)
        assert states(training) == []
        attendance_mark(meeting=first, person=person, state="late", minutes=108, by=by)
        attendance_mark(meeting=second, person=person, state="left_early", minutes=60, by=by)
        training_close(training=training, by=by)
        assert training.registrations.attended().get().minutes_attended == 168  # exactly 80% of 210
        attendance_correct(meeting=first, person=person, state="late", minutes=107, by=by)
    assert not training.registrations.attended().exists()


def test_what_was_changed_is_read_by_the_trainers_and_by_nobody_else(client):
    training, first, second = with_two_trainers()
    one, person = training.meetings.get(), registered(training).person
    url = f"/en/trainingen/{training.pk}/aanwezigheid/"
    with time_machine.travel(at(14, 13, 5), tick=False):
        attendance_mark(meeting=one, person=person, state="absent", by=first)
    with time_machine.travel(at(14, 16), tick=False):
        training_close(training=training, by=first)
    with time_machine.travel(at(15, 9, 30), tick=False):
        client.force_login(second)
        basis = row_of(client.get(url), person)[2]
        late = {f"{person.pk}-state": "late", f"{person.pk}-minutes": "90", f"{person.pk}-basis": basis}
        assert client.post(f"{url}{one.pk}/{person.pk}/", late).status_code == 200
        history = f"15 January, 09:30, by {second} (after the list was closed) : from “Absent” to “Late, 90 minutes”"
        for reader in (first, second):
            client.force_login(reader)
            said = row_of(client.get(url), person)[0]
            assert (history in said, f"14 January, 13:05, by {first} : Absent" in said) == (True, True)
        for other in (person, trainer()):
            client.force_login(other)
            assert client.get(url).status_code == 404
            assert client.get(f"{url}{one.pk}/nu/").status_code == 404
            assert client.post(f"{url}{one.pk}/{person.pk}/", late).status_code == 404
    assert changes(training) == [
        ("", 0, "absent", 0, first.pk, False),
        ("absent", 0, "late", 90, second.pk, True),
    ]


def test_a_correction_that_changes_nothing_tells_nobody():
    training = published()
    one, person, by = training.meetings.get(), registered(training).person, training.trainers.get()
    with time_machine.travel(at(14, 16), tick=False):
        attendance_mark(meeting=one, person=person, state="present", by=by)
        training_close(training=training, by=by)
        before = changes(training)
        attendance_correct(meeting=one, person=person, state="present", by=by)
    assert changes(training) == before


@pytest.mark.parametrize("people", [5, 50])
def test_the_list_costs_the_same_for_5_and_for_50(client, django_assert_num_queries, people):
    training = published(seats_school=people, seats_workplace=people)
    one, by = training.meetings.get(), training.trainers.get()
    seated = [registered(training, "school" if number % 2 else "workplace").person for number in range(people)]
    with time_machine.travel(at(14, 13), tick=False):
        for person in seated:
            attendance_mark(meeting=one, person=person, state="absent", by=by)
            attendance_mark(meeting=one, person=person, state="present", by=by)
        client.force_login(by)
        url = f"/en/trainingen/{training.pk}/aanwezigheid/"
        with django_assert_num_queries(10):
            assert len(lxml.html.fromstring(client.get(url).content).xpath("//li[@class='person']")) == people
        with django_assert_num_queries(11):
            client.get(f"{url}{one.pk}/nu/?sinds=0")
        with django_assert_num_queries(10):
            client.get(f"{url}code/")
