"""Planning, opening, changing and moving a training."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.html import strip_tags

from parties.models import OutboxMessage
from sessions.actions.trainings import (
    meeting_move,
    plan_of,
    training_cancel,
    training_change,
    training_plan,
    training_publish,
)
from sessions.models import Invitation, Meeting, Training
from tests.factories import PersonFactory
from tests.sessions.factories import at, meeting, plan, published, registered, trainer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def errors_of(error) -> dict[str, list[str]]:
    return error.value.message_dict


def kinds():
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"meetings": ()}, {"title": ["A training has at least one meeting. Fill in a date and times."]}),
        ({"meetings": (meeting(start=16, end=13),)}, {"meetings": ["The end must be later than the start."]}),
        ({"meetings": (meeting(start=13, end=13),)}, {"meetings": ["The end must be later than the start."]}),
        (
            {"meetings": (meeting(ends_at=at(16, 13)),)},
            {"meetings": ["A meeting lasts at most 24 hours. Add a second meeting for another day."]},
        ),
        ({"meetings": (meeting(break_minutes=180),)}, {"meetings": ["The break is as long as the meeting itself."]}),
        ({"meetings": (meeting(place=" "),)}, {"meetings": ["Fill in a place, or a link when it is online."]}),
        (
            {"meetings": (meeting(), meeting(start=15, end=17))},
            {"meetings": ["This meeting overlaps with another one of this series."]},
        ),
        ({"seats_school": 0, "seats_workplace": 0}, {"seats_school": ["Give seats to at least one side."]}),
        ({"seats_school": 400, "seats_workplace": 101}, {"seats_school": ["A training has at most 500 seats."]}),
        ({"minimum_school": 3}, {"minimum_school": ["The minimum is more than the number of seats for school."]}),
        (
            {"minimum_workplace": 3},
            {"minimum_workplace": ["The minimum is more than the number of seats for the workplace."]},
        ),
        (
            {"release_on": dt.date(2027, 1, 15)},
            {"release_on": ["This date is after the first meeting. Choose an earlier date, or leave it empty."]},
        ),
        (
            {"registration_closes_at": at(14, 13, 1)},
            {"registration_closes_at": ["Registration must close before the first meeting starts."]},
        ),
        ({"trainers": ()}, {"trainers": ["Choose at least one trainer."]}),
    ],
)
def test_what_is_wrong_with_a_plan_is_a_sentence_at_its_field(fields, errors):
    by = trainer()
    with pytest.raises(ValidationError) as error:
        training_plan(plan=plan(by=by, **fields), by=by)
    assert errors_of(error) == errors
    assert Training.objects.count() == 0


def test_who_is_no_trainer_gives_no_training():
    by = trainer()
    with pytest.raises(ValidationError) as error:
        training_plan(plan=plan(by=by, trainers=(by, PersonFactory())), by=by)
    assert errors_of(error) == {"trainers": ["Choose people who are a trainer at this moment."]}


def test_a_plan_becomes_a_draft_and_reads_back_the_same():
    by = trainer()
    planned = plan(
        by=by, meetings=(meeting(break_minutes=15), meeting(day=28, place="", link="https://meet.example/kamer")),
        minimum_school=1, minimum_workplace=2, release_on=dt.date(2027, 1, 5), registration_closes_at=at(7, 17),
        description="<p>Neem een casus mee.</p>",
    )  # fmt: skip
    training = training_plan(plan=planned, by=by)
    assert (training.state, training.created_by) == ("draft", by)
    read = plan_of(training)
    keys = list(training.meetings.values_list("pk", flat=True))
    assert vars(read) | {"meetings": None} == vars(planned) | {"meetings": None}
    assert [vars(one) for one in read.meetings] == [
        vars(one) | {"key": key} for one, key in zip(planned.meetings, keys, strict=True)
    ]


def test_a_description_is_cleaned():
    by = trainer()
    training = training_plan(plan=plan(by=by, description="Hoi\n\n<b>jij</b><script>alert(1)</script>"), by=by)
    assert training.description == "<p>Hoi</p>\n\n<p><b>jij</b></p>"


def test_a_move_reaches_who_has_a_seat_and_nobody_else():
    training = published(seats_school=1)
    seated, _waiting = registered(training), registered(training)
    [one] = training.meetings.all()
    OutboxMessage.objects.all().delete()
    meeting_move(meeting=one, starts_at=at(14, 14), ends_at=at(14, 17), by=training.trainers.get())
    assert list(OutboxMessage.objects.values_list("to_address", "kind")) == [(seated.person.email, "invitation-moved")]
    invitation = Invitation.objects.get()
    assert (invitation.sequence, invitation.previous_starts_at, one.starts_at) == (1, at(14, 13), at(14, 14))
    meeting_move(meeting=one, starts_at=at(14, 14), ends_at=at(14, 17), place="Lokaal C2", by=training.trainers.get())
    assert kinds() == ["invitation-moved", "invitation-place"]


def test_saving_what_did_not_change_sends_nothing():
    training = published()
    registered(training)
    OutboxMessage.objects.all().delete()
    training_change(training=training, plan=plan_of(training), by=training.trainers.get())
    assert kinds() == []


def test_a_new_meeting_is_an_invitation_and_a_known_one_stays():
    training = published()
    registered(training)
    by = training.trainers.get()
    [known] = plan_of(training).meetings
    OutboxMessage.objects.all().delete()
    training_change(training=training, plan=plan(by=by, meetings=(known, meeting(day=28))), by=by)
    assert kinds() == ["invitation-new"]
    assert Invitation.objects.count() == 2
    with pytest.raises(ValidationError) as error:
        training_change(training=training, plan=plan(by=by, meetings=(known,)), by=by)
    assert errors_of(error) == {
        "meetings": ["People may have this meeting in their calendar. Move it, or cancel the whole training."]
    }
    assert training.meetings.count() == 2


def test_a_draft_may_lose_a_meeting():
    by = trainer()
    draft = training_plan(plan=plan(by=by, meetings=(meeting(), meeting(day=28))), by=by)
    training_change(training=draft, plan=plan(by=by, meetings=plan_of(draft).meetings[:1]), by=by)
    assert draft.meetings.count() == 1


def test_a_meeting_of_another_training_is_not_taken_along():
    by = trainer()
    draft, other = (training_plan(plan=plan(by=by), by=by) for _ in range(2))
    with pytest.raises(ValidationError) as error:
        training_change(training=draft, plan=plan(by=by, meetings=plan_of(other).meetings), by=by)
    assert errors_of(error) == {"meetings": ["One of these meetings does not exist any more. Open the page again."]}


def test_what_is_over_keeps_its_time():
    training = published(meetings=(meeting(), meeting(day=21)))
    by = training.trainers.get()
    first, second = training.meetings.all()
    with time_machine.travel(at(15, 9), tick=False):
        meeting_move(meeting=second, starts_at=at(22, 13), ends_at=at(22, 16), by=by)
        with pytest.raises(ValidationError) as error:
            meeting_move(meeting=first, starts_at=at(23, 13), ends_at=at(23, 16), by=by)
    assert errors_of(error) == {"meetings": ["A meeting that is over keeps its time."]}


def test_fewer_seats_than_people_is_refused_and_more_seats_let_people_in():
    training = published(seats_school=2, seats_workplace=0)
    people = [registered(training) for _ in range(3)]
    by = training.trainers.get()
    meetings = plan_of(training).meetings
    with pytest.raises(ValidationError) as error:
        training_change(
            training=training, plan=plan(by=by, meetings=meetings, seats_school=1, seats_workplace=4), by=by
        )
    assert errors_of(error) == {
        "seats_school": ["2 people of this side have a seat already. Give at least as many seats."]
    }
    training_change(training=training, plan=plan(by=by, meetings=meetings, seats_school=3, seats_workplace=0), by=by)
    assert list(training.registrations.in_order().values_list("person", "seat")) == [
        (registration.person_id, number + 1) for number, registration in enumerate(people)
    ]


def test_states_move_one_way():
    by = trainer()
    draft = training_plan(plan=plan(by=by), by=by)
    with pytest.raises(ValidationError):
        training_cancel(training=draft, by=by)
    training_publish(training=draft, by=by)
    with pytest.raises(ValidationError):
        training_publish(training=draft, by=by)
    training_cancel(training=draft, by=by)
    with pytest.raises(ValidationError) as error:
        training_change(training=draft, plan=plan_of(draft), by=by)
    assert error.value.messages == ["This training was cancelled and can no longer be changed."]


@pytest.mark.db
def test_the_database_refuses_what_the_actions_would_not_do():
    training = published(seats_school=2)
    first, second = registered(training), registered(training)
    [one] = training.meetings.all()
    for rows, wrong in (
        (training.registrations.filter(pk=first.pk), {"seat": 2}),
        (training.registrations.filter(pk=first.pk), {"state": "cancelled"}),
        (training.registrations.filter(pk=first.pk), {"seat": 0}),
        (training.registrations.filter(pk=first.pk), {"person": second.person}),
        (Training.objects.filter(pk=training.pk), {"seats_school": 0, "seats_workplace": 0}),
        (Training.objects.filter(pk=training.pk), {"state": "closed"}),
        (Meeting.objects.filter(pk=one.pk), {"ends_at": one.starts_at}),
        (Meeting.objects.filter(pk=one.pk), {"training": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def typed(**fields: str) -> dict[str, str]:
    """What a trainer fills in on the page."""
    values = {
        "title": "Eerlijk begeleiden",
        "description": "Neem een casus mee.",
        "seats_school": "6",
        "seats_workplace": "6",
        "minimum_school": "2",
        "minimum_workplace": "2",
        "release_on": "2027-01-05",
        "closes_date": "2027-01-07",
        "closes_time": "17:00",
        "reply_to": "anouk@example.org",
        "meetings-TOTAL_FORMS": "3",
        "meetings-INITIAL_FORMS": "0",
        "meetings-0-date": "2027-01-14",
        "meetings-0-starts": "13:00",
        "meetings-0-ends": "16:00",
        "meetings-0-break_minutes": "15",
        "meetings-0-place": "Lokaal B1.14",
        "meetings-1-break_minutes": "0",
        "meetings-2-break_minutes": "0",
    }
    return values | fields


def test_the_page_plans_a_training(client):
    by = trainer()
    client.force_login(by)
    page = client.get("/en/trainingen/nieuw/").content.decode()
    assert [f'value="{by.pk}" ' in page, f'value="{by.email}"' in page] == [True, True]
    response = client.post("/en/trainingen/nieuw/", typed(trainers=str(by.pk)))
    training = Training.objects.get()
    assert response.url == f"/en/trainingen/{training.pk}/"
    assert (training.registration_closes_at, training.release_on) == (at(7, 17), dt.date(2027, 1, 5))
    assert list(training.meetings.values_list("starts_at", "ends_at", "break_minutes", "place")) == [
        (at(14, 13), at(14, 16), 15, "Lokaal B1.14")
    ]
    assert "Only the trainers see this training" in text(client.get(response.url))
    client.post(f"/en/trainingen/{training.pk}/openzetten/")
    assert Training.objects.get().state == "published"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Fill in a title."),
        ({"seats_school": "zes"}, "Fill in a number, for example 6."),
        ({"seats_school": "0", "seats_workplace": "0", "minimum_school": "0", "minimum_workplace": "0"}, "Give seats to at least one side."),
        ({"meetings-0-ends": "12:00"}, "The end must be later than the start."),
        ({"meetings-0-date": "2026-11-22"}, "This moment has passed already. Choose a later one."),
        ({"meetings-0-date": "morgen"}, "Fill in a date, for example 14-01-2027."),
        ({"meetings-0-starts": "één uur"}, "Fill in a time, for example 13.00."),
        ({"meetings-0-date": "2027-03-28", "meetings-0-starts": "02:30", "meetings-0-ends": "05:00"}, "The clock changes at this hour"),
        ({"meetings-0-date": "2027-10-31", "meetings-0-starts": "02:30", "meetings-0-ends": "05:00"}, "The clock changes at this hour"),
        ({"meetings-0-place": ""}, "Fill in a place, or a link when it is online."),
        ({"meetings-0-link": "geen link"}, "Fill in a whole address, such as"),
        ({"release_on": "2027-01-15"}, "This date is after the first meeting."),
        ({"closes_date": "2027-01-14", "closes_time": "13:01"}, "Registration must close before the first meeting starts."),
        ({"closes_date": "", "closes_time": "13:00"}, "Fill in a date with this time."),
        ({"trainers": ""}, "Choose at least one trainer."),
        ({"reply_to": "anouk"}, "Fill in a mail address such as naam@school.nl."),
        ({"meetings-1-date": "2027-01-14", "meetings-1-starts": "15:00", "meetings-1-ends": "17:00", "meetings-1-place": "B2"}, "overlaps"),
        ({"meetings-0-date": "", "meetings-0-starts": "", "meetings-0-ends": "", "meetings-0-place": "", "meetings-0-break_minutes": "0"},
         "A training has at least one meeting."),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_nothing_is_lost(client, fields, sentence):
    by = trainer()
    client.force_login(by)
    data = typed(**{"trainers": str(by.pk)} | fields)
    page = client.post("/en/trainingen/nieuw/", {name: value for name, value in data.items() if value})
    assert page.status_code == 200
    assert sentence in text(page)
    html = page.content.decode()
    kept = [value for name, value in (typed() | fields).items() if value and not name.endswith("_FORMS")]
    assert [value for value in kept if value not in html] == []
    assert Training.objects.count() == 0


def test_every_error_has_a_link_to_its_field(client):
    client.force_login(trainer())
    html = client.post("/trainingen/nieuw/", typed(title="", **{"meetings-0-ends": "12:00"})).content.decode()
    for anchor in ("id_title", "id_trainers_0"):
        assert [f'href="#{anchor}"' in html, f'id="{anchor}"' in html] == [True, True]


def test_the_page_changes_a_training(client):
    training = published()
    registered(training)
    [one] = training.meetings.all()
    OutboxMessage.objects.all().delete()
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/bewerken/"
    html = client.get(url).content.decode()
    assert ['value="2027-01-14"' in html, 'value="13:00"' in html, "DELETE" in html] == [True, True, False]
    data = typed(
        trainers=str(training.trainers.get().pk), **{"meetings-INITIAL_FORMS": "1", "meetings-0-key": str(one.pk), "meetings-0-starts": "12:00"}
    )  # fmt: skip
    page = client.post(url, data)
    assert kinds() == []
    assert client.post(url, data | {"seen": page.context["what_if"]["seen"]}).url == f"/en/trainingen/{training.pk}/"
    assert [meeting.starts_at for meeting in training.meetings.all()] == [at(14, 12)]
    assert kinds() == ["invitation-moved"]
    page = client.post(url, data | {"seats_school": "0", "minimum_school": "0"})
    assert "1 people of this side have a seat already. Give at least as many seats." in text(page)


def test_a_draft_loses_a_meeting_on_the_page(client):
    by = trainer()
    draft = training_plan(plan=plan(by=by, meetings=(meeting(), meeting(day=28))), by=by)
    first, second = draft.meetings.all()
    client.force_login(by)
    data = typed(trainers=str(by.pk)) | {
        "meetings-INITIAL_FORMS": "2",
        "meetings-0-key": str(first.pk),
        "meetings-1-key": str(second.pk),
        "meetings-1-date": "2027-01-28",
        "meetings-1-starts": "13:00",
        "meetings-1-ends": "16:00",
        "meetings-1-place": "B2",
        "meetings-1-DELETE": "on",
    }
    client.post(f"/trainingen/{draft.pk}/bewerken/", data)
    assert list(draft.meetings.all()) == [first]
