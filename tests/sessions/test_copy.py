"""A trainer copies a training: the same plan so many weeks later, and nothing of the people."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.utils import timezone, translation
from django.utils.html import strip_tags

from parties.models import OutboxMessage
from sessions.actions.trainings import plan_of, training_cancel
from sessions.models import Training
from sessions.plan import weeks_later, weeks_until
from tests.factories import PersonFactory
from tests.sessions.factories import at, meeting, plan, published, registered, trainer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def posted(page) -> dict[str, object]:
    """What a browser sends when somebody presses Save on the page and changed nothing."""
    data: dict[str, object] = {}
    formset = page.context["formset"]
    for form in (page.context["form"], formset.management_form, *formset.forms):
        for bound in form:
            value = bound.value()
            if bound.field.__class__.__name__ == "BooleanField" or value is None:
                continue
            data[bound.html_name] = [str(one) for one in value] if isinstance(value, list) else _typed(value)
    return data


def _typed(value: object) -> str:
    return value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        (dt.date(2027, 1, 14), 0),
        (dt.date(2027, 1, 15), 1),
        (dt.date(2027, 1, 21), 1),
        (dt.date(2027, 1, 22), 2),
        (dt.date(2027, 1, 8), 0),
        (dt.date(2027, 1, 7), -1),
    ],
)
def test_the_copy_begins_on_the_same_weekday_on_or_after_the_day(day, weeks):
    planned = plan(by=trainer(), meetings=(meeting(day=28), meeting(day=14)))
    assert weeks_until(planned, day) == weeks


def test_the_clock_says_the_same_over_summer_time():
    planned = plan(
        by=trainer(), meetings=(meeting(day=14, key=3), meeting(day=28, start=19, end=21)), release_on=dt.date(2027, 1, 5),
        registration_closes_at=at(7, 17), cancellation_closes_at=at(10, 9),
    )  # fmt: skip
    copied = weeks_later(planned, 12)
    local = [timezone.localtime(one.starts_at) for one in copied.meetings]
    assert [f"{one:%a %d-%m %H:%M %z}" for one in local] == ["Thu 08-04 13:00 +0200", "Thu 22-04 19:00 +0200"]
    # In UTC the hour is another one: it was 12:00 in January.
    assert [one.starts_at for one in copied.meetings] == [at(8, 13, month=4), at(22, 19, month=4)]
    assert [one.ends_at for one in copied.meetings] == [at(8, 16, month=4), at(22, 21, month=4)]
    assert [one.key for one in copied.meetings] == [None, None]
    assert (copied.release_on, copied.registration_closes_at, copied.cancellation_closes_at) == (
        dt.date(2027, 3, 30), at(1, 17, month=4), at(4, 9, month=4)
    )  # fmt: skip


def test_a_copy_is_a_draft_with_the_plan_and_without_the_people(client):
    training = published(
        meetings=(meeting(break_minutes=15), meeting(day=28, place="", link="https://meet.example/kamer")),
        description="<p>Neem een casus mee.</p>", minimum_school=1, release_on=dt.date(2027, 1, 5),
        registration_closes_at=at(7, 17), cancellation_closes_at=at(10, 9), offer_hours=48,
    )  # fmt: skip
    registered(training)
    sent = OutboxMessage.objects.count()
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/kopie/"
    page = client.get(f"{url}?vanaf=2027-04-05")
    assert [str(one["date"].value()) for one in page.context["formset"].forms[:2]] == ["2027-04-08", "2027-04-22"]
    assert Training.objects.count() == 1
    saved = client.post(f"{url}?vanaf=2027-04-05", posted(page))
    [copied] = Training.objects.exclude(pk=training.pk)
    assert saved.url == f"/en/trainingen/{copied.pk}/"
    expected = weeks_later(plan_of(training), 12)
    read = plan_of(copied)
    assert vars(read) | {"meetings": None} == vars(expected) | {"meetings": None}
    assert [vars(one) | {"key": None} for one in read.meetings] == [vars(one) for one in expected.meetings]
    assert (copied.state, copied.registrations.count(), copied.folder, copied.minimum_checked_at) == (
        "draft", 0, None, None
    )  # fmt: skip
    assert (training.registrations.count(), training.meetings.count(), OutboxMessage.objects.count()) == (1, 2, sent)


def test_the_page_asks_for_a_day_first(client):
    training = published()
    client.force_login(training.trainers.get())
    page = client.get(f"/en/trainingen/{training.pk}/kopie/")
    assert "On or after which day does the copy begin?" in text(page)
    assert 'value="2027-01-15"' in page.content.decode()
    assert f"/en/trainingen/{training.pk}/kopie/" in client.get(f"/en/trainingen/{training.pk}/").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Fill in a date."),
        ("morgen", "Fill in a date, for example 14-01-2027."),
        ("2026-11-22", "This day has passed already. Choose a later one."),
        ("9999-12-31", "Choose a day within three years."),
        ("0001-01-01", "This day has passed already. Choose a later one."),
    ],
)
def test_a_day_that_cannot_be_is_a_sentence(client, typed, sentence):
    training = published()
    client.force_login(training.trainers.get())
    page = client.get(f"/en/trainingen/{training.pk}/kopie/", {"vanaf": typed})
    assert (page.status_code, sentence in text(page)) == (200, True)
    assert f'value="{typed}"' in page.content.decode() or not typed


def test_an_hour_that_the_clock_skips_is_asked_and_not_moved(client):
    training = published(meetings=(meeting(starts_at=at(17, 2, 30), ends_at=at(17, 5)),))
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/kopie/?vanaf=2027-03-28"
    page = client.get(url)
    assert page.context["formset"].forms[0]["starts"].value() == dt.time(2, 30)
    page = client.post(url, posted(page))
    assert "The clock changes at this hour of that day." in text(page)
    assert Training.objects.count() == 1


def test_what_was_typed_stays_when_the_day_in_the_address_is_no_day(client):
    training = published()
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/kopie/"
    data = posted(client.get(f"{url}?vanaf=2027-04-05"))
    page = client.post(f"{url}?vanaf=gisteren", data | {"title": "", "description": "Met een nieuwe casus."})
    assert ["Fill in a title." in text(page), "Met een nieuwe casus." in page.content.decode()] == [True, True]
    client.post(f"{url}?vanaf=gisteren", data)
    assert Training.objects.count() == 2


def test_a_meeting_is_left_out_of_the_copy(client):
    training = published(meetings=(meeting(), meeting(day=28)))
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/kopie/?vanaf=2027-04-05"
    client.post(url, posted(client.get(url)) | {"meetings-1-DELETE": "on"})
    copied = Training.objects.exclude(pk=training.pk).get()
    assert [one.starts_at for one in copied.meetings.all()] == [at(8, 13, month=4)]
    assert training.meetings.count() == 2


def test_the_trainer_is_warned_of_the_original_at_the_same_time(client):
    training = published()
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/kopie/?vanaf=2027-01-14"
    page = client.post(url, posted(client.get(url)))
    assert "also gives “Eerlijk begeleiden” on Thursday 14 January" in text(page)
    assert Training.objects.count() == 1


def test_a_trainer_who_stopped_is_named_and_not_in_the_copy(client):
    by, stopped = trainer(), trainer()
    training = published(by=by, trainers=(by, stopped))
    stopped.roles.all().delete()
    client.force_login(by)
    url = f"/en/trainingen/{training.pk}/kopie/?vanaf=2027-04-05"
    page = client.get(url)
    assert f"{stopped} gives no trainings any more, and is not in the copy." in text(page)
    client.post(url, posted(page) | {"trainers": [str(by.pk)]})
    assert list(Training.objects.exclude(pk=training.pk).get().trainers.all()) == [by]


def test_what_was_called_off_can_be_copied_by_its_trainer_only(client):
    training = published()
    training_cancel(training=training, by=training.trainers.get())
    url = f"/en/trainingen/{training.pk}/kopie/?vanaf=2027-04-05"
    assert client.get(url).status_code == 302
    for person, status in ((training.trainers.get(), 200), (trainer(), 404), (PersonFactory(), 404)):
        client.force_login(person)
        assert client.get(url).status_code == status


@pytest.mark.parametrize("meetings", [1, 5])
def test_the_form_costs_the_same(client, django_assert_num_queries, meetings):
    training = published(meetings=tuple(meeting(day=10 + number) for number in range(meetings)))
    client.force_login(training.trainers.get())
    with django_assert_num_queries(13):
        assert client.get(f"/trainingen/{training.pk}/kopie/?vanaf=2027-04-05").status_code == 200
