"""What the page says before saving, and what saving then does."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from html import unescape

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from parties.models import OutboxMessage
from sessions.actions.registrations import registration_cancel, registrations_create
from sessions.actions.trainings import (
    plan_of,
    training_change,
    training_change_preview,
    training_plan,
    training_publish,
)
from sessions.models import Registration
from tests.factories import OrganisationFactory
from tests.sessions.factories import at, meeting, plan, published, registered, supervisor, trainer
from tests.sessions.test_planning import typed

pytestmark = pytest.mark.django_db
NOON = at(23, 12, month=11, year=2026)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def edited(training, **fields: str) -> dict[str, str]:
    [one] = training.meetings.all()
    values = {"meetings-INITIAL_FORMS": "1", "meetings-0-key": str(one.pk), "minimum_school": "0", "minimum_workplace": "0"}  # fmt: skip
    return typed(trainers=str(training.trainers.get().pk), **{**values, "meetings-0-break_minutes": "0", **fields})


def seen_in(page) -> str:
    return page.context["what_if"]["seen"]


def named(page, title: str) -> list[str]:
    return [
        str(row.person) for said, people in page.context["what_if"]["groups"] if str(said) == title for row in people
    ]


@pytest.fixture
def training():
    """School has one seat, taken, and two people who wait."""
    training = published(seats_school=1, seats_workplace=1)
    for _ in range(3):
        registered(training)
    return training


def test_the_page_says_who_moves_up_and_who_waits_before_it_saves(client, training):
    seated, second, third = (str(row.person) for row in training.registrations.order_by("pk"))
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/bewerken/"
    more = edited(training, seats_school="2", seats_workplace="1", release_on="")
    page = client.post(url, more)
    assert "Nothing is saved yet." in text(page)
    assert training.registrations.confirmed().count() == 1
    assert named(page, "These people get a seat, and an invitation") == [second]
    assert named(page, "These people wait on, in this order") == [third]
    assert named(page, "These people get the change in their calendar") == []
    moved = client.post(
        url, edited(training, seats_school="1", seats_workplace="1", release_on="", **{"meetings-0-starts": "12:00"})
    )
    assert named(moved, "These people get the change in their calendar") == [seated]
    assert "It was Thursday 14 January, 13:00 to 16:00, Lokaal B1.14. It becomes" in text(moved)
    saved = client.post(url, more | {"seen": seen_in(page)})
    assert saved.url == f"/en/trainingen/{training.pk}/"
    assert [str(row.person) for row in training.registrations.confirmed().order_by("pk")] == [seated, second]


def test_what_changed_meanwhile_is_said_and_nothing_is_saved(client, training):
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/bewerken/"
    more = edited(training, seats_school="2", seats_workplace="1", release_on="")
    page = client.post(url, more)
    waiting = training.registrations.filter(state="waitlisted").order_by("pk").first()
    registration_cancel(registration=waiting, by=waiting.person)
    again = client.post(url, more | {"seen": seen_in(page)})
    assert "Something changed since you looked." in text(again)
    assert training.registrations.confirmed().count() == 1
    assert str(waiting.person) not in text(again)
    assert client.post(url, more | {"seen": seen_in(again)}).status_code == 302
    assert training.registrations.confirmed().count() == 2


def test_saving_looks_once_more_under_the_lock(training):
    plan_ = replace(plan_of(training), seats_school=2)
    effect = training_change_preview(training=training, plan=plan_)
    registered(training)
    with pytest.raises(ValidationError) as error:
        training_change(training=training, plan=plan_, by=training.trainers.get(), seen=effect.fingerprint)
    assert error.value.code == "meanwhile"
    training.refresh_from_db()
    assert training.seats_school == 1


def test_a_change_that_concerns_nobody_is_saved_at_once(client, training):
    client.force_login(training.trainers.get())
    data = edited(training, seats_school="1", seats_workplace="4", release_on="", description="Iets anders.")
    assert client.post(f"/en/trainingen/{training.pk}/bewerken/", data).status_code == 302


def test_a_double_booked_trainer_is_a_warning(client):
    by = trainer()
    published(by=by, title="Ochtend", meetings=(meeting(start=12, end=14),))
    client.force_login(by)
    data = typed(trainers=str(by.pk))
    page = client.post("/en/trainingen/nieuw/", data)
    assert f"{by} also gives “Ochtend” on Thursday 14 January, 12:00 to 14:00" in text(page)
    saved = client.post("/en/trainingen/nieuw/", data | {"seen": seen_in(page)})
    assert saved.status_code == 302
    assert f"{by} also gives “Ochtend”" in text(client.get(saved.url))


def test_somebody_elses_draft_keeps_its_title(client):
    by, other = trainer(), trainer()
    training_plan(plan=plan(by=other, title="Nog geheim"), by=other)
    client.force_login(by)
    data = typed() | {"trainers": [str(by.pk), str(other.pk)]}
    page = client.post("/en/trainingen/nieuw/", data)
    assert f"{other} also gives another training on Thursday 14 January" in text(page)
    assert "Nog geheim" not in text(page)


def test_two_trainings_at_once_is_a_warning_for_who_takes_part_only(client):
    mine, other = published(title="De ene"), published(title="De andere", meetings=(meeting(start=15, end=17),))
    person = registered(mine).person
    client.force_login(person)
    page = client.get(f"/en/trainingen/{other.pk}/inschrijven/")
    words = "“De andere” is on Thursday 14 January from 15:00 to 17:00, and “De ene” is from 13:00 to 16:00"
    assert words in text(page)
    assert client.post(f"/en/trainingen/{other.pk}/inschrijven/").status_code == 302
    assert "You have another training at that time" in text(client.get(f"/en/trainingen/{other.pk}/"))
    client.force_login(supervisor().person)
    assert "another training at that time" not in text(client.get(f"/en/trainingen/{other.pk}/inschrijven/"))


seats_ = st.integers(0, 4)
units = st.lists(st.lists(st.sampled_from(["school", "workplace"]), min_size=1, max_size=3), max_size=5)


class WhatIfIsWhatSavingDoes(TestCase):
    """Whatever the training and the change: the people whom the preview names are the people to whom it happens."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        units=units, before=st.tuples(seats_, seats_), after=st.tuples(seats_, seats_), leaving=st.integers(0, 3),
        release=st.none() | st.booleans(), offers=st.tuples(st.booleans(), st.booleans()), moved=st.booleans(), added=st.booleans(),
    )  # fmt: skip
    def test_preview_and_saving_agree(self, units, before, after, leaving, release, offers, moved, added):
        if not sum(before) or not sum(after):
            return
        by = trainer()
        first = plan(
            by=by, seats_school=before[0], seats_workplace=before[1], release_on=None, offer_hours=24 if offers[0] else None
        )  # fmt: skip
        training = training_publish(training=training_plan(plan=first, by=by), by=by)
        for sides in units:
            organisation = OrganisationFactory()
            members = [supervisor(side, organisation=organisation) for side in sides]
            try:
                registrations_create(training=training, memberships=members, by=by, together=True)
            except ValidationError:
                continue  # no seats for them at all
        for row in list(training.registrations.active()[:leaving]):
            registration_cancel(registration=row, by=row.person)
        [one] = plan_of(training).meetings
        meetings = [replace(one, ends_at=one.ends_at + dt.timedelta(hours=1)) if moved else one]
        meetings += [meeting(day=28)] if added else []
        release_on = None if release is None else at(5, 0).date() if release else NOON.date()
        changed = replace(
            plan_of(training), meetings=tuple(meetings), seats_school=after[0], seats_workplace=after[1],
            release_on=release_on, offer_hours=24 if offers[1] else None,
        )  # fmt: skip
        try:
            effect = training_change_preview(training=training, plan=changed)
        except ValidationError:
            with pytest.raises(ValidationError):
                training_change(training=training, plan=changed, by=by)
            return
        rows = dict(training.registrations.values_list("pk", "state"))
        OutboxMessage.objects.all().delete()
        training_change(training=training, plan=changed, by=by, seen=effect.fingerprint)
        now = dict(training.registrations.in_order().values_list("pk", "state"))
        became = {state: tuple(pk for pk in now if now[pk] == state != rows[pk]) for state in ("confirmed", "offered")}
        assert became == {"confirmed": effect.confirmed, "offered": effect.offered}
        assert tuple(pk for pk in now if now[pk] == "waitlisted") == effect.waiting
        told = OutboxMessage.objects.filter(kind__startswith="invitation").values("person")
        reached = (
            Registration.objects.filter(training=training, person__in=told).in_order().values_list("pk", flat=True)
        )
        assert tuple(pk for pk in reached if rows[pk] == "confirmed") == effect.calendars
