"""The page with trainings as a month and as a list, narrowed by what its address says."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import translation
from django.utils.html import strip_tags

from sessions.actions.trainings import training_cancel, training_plan
from sessions.month import Month
from tests.factories import AffiliationFactory, OrganisationFactory, PartyFactory, PersonFactory
from tests.sessions.factories import at, meeting, plan, published, registered, supervisor, trainer

pytestmark = pytest.mark.django_db
URL = "/en/trainingen/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def month(client, month="2027-01", **query):
    return client.get(URL, {"weergave": "maand", "maand": month} | query)


def table(page) -> dict[str, list[str]]:
    """By day of the table: what stands in its cell, one line a meeting."""
    cells = re.findall(r'<time class="month__day"\s+datetime="([\d-]+)">(.*?)</td>', page.content.decode(), re.S)
    lines = {
        day: [" ".join(unescape(strip_tags(one)).split()) for one in re.findall(r"<li>(.*?)</li>", cell, re.S)]
        for day, cell in cells
    }
    return {day: found for day, found in lines.items() if found}


def titles(page) -> list[str]:
    """Of the trainings on the page, in either view."""
    if page.context["filter"].is_month:
        return [meeting.training.title for _, found in page.context["days"] for meeting, _own in found]
    return [training.title for training, _own in page.context["rows"]]


def test_a_month_knows_its_weeks_and_its_neighbours():
    february = Month(2027, 2)
    assert february.weeks() == [
        [dt.date(2027, 2, day) for day in range(monday, monday + 7)] for monday in (1, 8, 15, 22)
    ]
    assert Month(2027, 8).weeks()[0] == [None] * 6 + [dt.date(2027, 8, 1)]
    assert [str(Month(2027, 1).previous), str(Month(2026, 12).following)] == ["2026-12", "2027-01"]
    assert [Month(2020, 1).previous, Month(2099, 12).following] == [None, None]
    assert [Month.named(text) for text in ("2026-12", "2026-13", "2026-1", "1999-12", "٢٠٢٦-12", "")] == [
        Month(2026, 12), None, None, None, None, None
    ]  # fmt: skip


def test_every_meeting_stands_on_its_day_in_the_hague(client):
    published(title="Avond", meetings=(meeting(day=31, start=22, end=23), meeting(day=1, start=0, end=2)))
    # In UTC the first one is still in December.
    assert table(month(client)) == {
        "2027-01-01": ["00:00 to 02:00 Avond Lokaal B1.14"],
        "2027-01-31": ["22:00 to 23:00 Avond Lokaal B1.14"],
    }
    assert table(month(client, "2026-12")) == {}
    assert "No training has a meeting in this month" in text(month(client, "2026-12"))


def test_the_table_and_the_list_by_day_say_the_same(client):
    published(title="Een", meetings=(meeting(), meeting(day=28, place="", link="https://meet.example/kamer")))
    published(title="Twee")
    html = month(client).content.decode()
    by_day = re.search(r'<ol class="plain month-days">(.*?)</ol>', html, re.S)[1]
    lines = [" ".join(unescape(strip_tags(one)).split()) for one in re.findall(r"<li>(.*?)</li>", by_day, re.S)]
    assert lines == [line for found in table(month(client)).values() for line in found]
    assert [len(lines), sum("online" in line for line in lines), "meet.example" in html] == [3, 1, False]
    assert "Thursday 14 January" in text(month(client))
    assert re.findall(r'<th scope="col">(\w+)</th>', html) == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    ]  # fmt: skip


def test_the_months_beside_it_are_a_press_away(client):
    published()
    page = month(client, "2027-01", vorm="plaats", pagina="3")
    went = {word: parse_qs(urlsplit(page.context[word]).query) for word in ("previous", "following", "this_month")}
    assert went == {
        word: {"weergave": ["maand"], "vorm": ["plaats"], "maand": [value]}
        for word, value in {"previous": "2026-12", "following": "2027-02", "this_month": "2026-11"}.items()
    }
    assert [month(client, "2020-01").context["previous"], month(client, "2099-12").context["following"]] == ["", ""]
    assert month(client, "2026-11").context["this_month"] == ""


def test_today_is_marked(client):
    training = published()
    with time_machine.travel(at(14, 9), tick=False):
        html = client.get(f"{URL}?weergave=maand").content.decode()
    assert re.search(r'<td aria-current="date">\s*<time class="month__day"\s+datetime="2027-01-14">', html)
    assert html.count('aria-current="date"') == 2  # in the table and in the list
    assert str(training.title) in html


def test_only_what_the_visitor_may_see(client):
    by, hague = trainer(), PartyFactory(name="Haagse Hogeschool")
    inside = supervisor(organisation=OrganisationFactory()).person
    AffiliationFactory(party=hague, organisation=inside.memberships.get().organisation)
    published(title="Voor allen")
    closed = published(title="Besloten", by=by, audience="chosen", parties=(hague,))
    training_plan(plan=plan(by=by, title="Concept"), by=by)
    training_cancel(training=published(title="Afgezegd"), by=by)
    invited = registered(published(title="Vol", seats_school=1)).person
    seen = {}
    for name, person in {
        "nobody": None,
        "outside": PersonFactory(),
        "inside": inside,
        "trainer": by,
        "invited": invited,
    }.items():
        client.logout()
        if person:
            client.force_login(person)
        seen[name] = sorted(titles(month(client)))
    assert seen == {
        "nobody": ["Vol", "Voor allen"],
        "outside": ["Vol", "Voor allen"],
        "inside": ["Besloten", "Vol", "Voor allen"],
        "trainer": ["Besloten", "Concept", "Vol", "Voor allen"],
        "invited": ["Vol", "Voor allen"],
    }
    assert closed.state == "published"
    page = month(client)
    assert [line for found in table(page).values() for line in found if "Vol " in line] == [
        "13:00 to 16:00 Vol Lokaal B1.14 You have a seat"
    ]
    assert invited.name not in page.content.decode().split("<main")[1]
    client.force_login(by)
    assert "Concept Lokaal B1.14 Draft" in text(month(client))


def test_what_is_over_stays_in_its_month_and_leaves_the_list(client):
    published(title="Geweest")
    with time_machine.travel(at(1, 9, month=2), tick=False):
        assert [titles(month(client)), titles(client.get(URL))] == [["Geweest"], []]


@pytest.fixture
def several():
    """Trainings that differ in one thing each, and who looks at them."""
    by, party = trainer(), PartyFactory()
    me = supervisor(organisation=OrganisationFactory()).person
    AffiliationFactory(party=party, organisation=me.memberships.get().organisation)
    online = {"place": "", "link": "https://meet.example/kamer"}
    full = published(title="Vol voor school", seats_school=1)
    registered(full)
    published(title="Online", meetings=(meeting(day=15, **online),))
    published(title="Allebei", meetings=(meeting(day=16), meeting(day=17, **online)))
    published(title="Van mij", by=by, meetings=(meeting(day=18),))
    published(title="Besloten", audience="chosen", parties=(party,), meetings=(meeting(day=19),))
    published(title="Elders", audience="chosen", organisations=(OrganisationFactory(),), meetings=(meeting(day=20),))
    return {"me": me, "trainer": by}


ALL = ["Vol voor school", "Online", "Allebei", "Allebei", "Van mij", "Besloten"]


@pytest.mark.parametrize("view", ["", "maand"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ALL),
        ({"kant": "school"}, ALL[1:]),
        ({"kant": "werkplek"}, ALL),
        ({"voor": "mij"}, ALL),
        ({"voor": "besloten"}, ["Besloten"]),
        ({"vorm": "plaats"}, ["Vol voor school", "Allebei", "Allebei", "Van mij", "Besloten"]),
        ({"vorm": "online"}, ["Online"]),
        ({"van": "2027-01-18"}, ["Van mij", "Besloten"]),
        ({"tot": "2027-01-15"}, ["Vol voor school", "Online"]),
        ({"van": "17-01-2027", "tot": "2027-01-18"}, ["Allebei", "Van mij"]),
        ({"kant": "school", "vorm": "plaats", "van": "2027-01-19"}, ["Besloten"]),
        ({"kant": "school", "vorm": "online", "van": "2027-01-19"}, []),
    ],
)
def test_filters_keep_the_same_in_both_views(client, several, view, query, expected):
    client.force_login(several["me"])
    page = client.get(URL, query | ({"weergave": view, "maand": "2027-01"} if view else {}))
    # The list has one line a training, the month one a meeting.
    assert titles(page) == (expected if view else list(dict.fromkeys(expected)))
    assert bool(page.context["chips"]) == bool(query)
    assert ("fits these filters" in text(page)) == (not expected)


@pytest.mark.parametrize("view", ["", "maand"])
def test_what_is_for_me_leaves_out_what_i_only_see_otherwise(client, several, view):
    registration = registered(published(title="Verhuisd", meetings=(meeting(day=21),)))
    person = registration.person
    registration.training.audience = "chosen"
    registration.training.save()
    client.force_login(person)
    query = {"weergave": view, "maand": "2027-01"} if view else {}
    assert "Verhuisd" in titles(client.get(URL, query))
    assert "Verhuisd" not in titles(client.get(URL, query | {"voor": "mij"}))


@pytest.mark.parametrize("view", ["", "maand"])
def test_a_trainer_asks_what_they_give(client, several, view):
    query = {"geeft": "ik"} | ({"weergave": view, "maand": "2027-01"} if view else {})
    client.force_login(several["trainer"])
    assert titles(client.get(URL, query)) == ["Van mij"]
    client.force_login(several["me"])
    page = client.get(URL, query)
    assert "Only trainers can ask which trainings they give." in text(page)
    assert len(titles(page)) >= 5


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"weergave": "week"}, "Trainings stand in a list or in a month. This is the list."),
        ({"weergave": "maand", "maand": "2026-13"}, "“2026-13” is no month that we can show."),
        ({"weergave": "maand", "maand": "0001-01"}, "“0001-01” is no month that we can show."),
        ({"weergave": "maand", "maand": "9" * 30}, "at most 20 characters"),
        ({"weergave": "maand", "maand": "2026-\x00"}, "Null characters are not allowed."),
        ({"kant": "iets"}, "“iets” is not one of the choices, so it filters nothing."),
        ({"vorm": "<b>"}, "“<b>” is not one of the choices, so it filters nothing."),
        ({"voor": "mij"}, "Sign in to see which trainings are for you."),
        ({"geeft": "ik"}, "Only trainers can ask which trainings they give."),
        ({"van": "gisteren"}, "Fill in a date, for example 14-01-2027."),
        ({"van": "0001-01-01"}, "Choose a date from 2020 to 2099."),
        ({"tot": "9999-12-31"}, "Choose a date from 2020 to 2099."),
        ({"van": "2027-02-01", "tot": "2027-01-01"}, "This day is before the first one. Choose a later one."),
        ({"pagina": "nul"}, "There is no page “nul” of this list. This is page 1."),
        ({"pagina": "99"}, "There is no page “99” of this list. This is page 1."),
    ],
)
def test_bad_values_are_answered_in_words_and_filter_nothing(client, query, sentence):
    starts_at = at(30, 13, month=11, year=2026)
    published(title="Voor allen", meetings=(meeting(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=3)),))
    page = client.get(URL, query)
    # A period that is half right keeps its good half.
    expected = [] if query.get("van") == "2027-02-01" else ["Voor allen"]
    assert (page.status_code, sentence in text(page), titles(page)) == (200, True, expected)


def test_filters_survive_paging_and_the_other_view(client):
    for number in range(21):
        published(title=f"Training {number:02}")
    query = {"vorm": "plaats", "maand": "2027-01", "van": "2027-01-01"}
    html = unescape(client.get(URL, query).content.decode())
    assert 'href="?vorm=plaats&maand=2027-01&van=2027-01-01&pagina=2"' in html
    second = client.get(URL, query | {"pagina": "2"})
    assert titles(second) == ["Training 20"]
    went = client.get(second.context["month_url"])
    assert (str(went.context["month"]), len(titles(went)), "pagina" in second.context["month_url"]) == (
        "2027-01",
        21,
        False,
    )
    assert parse_qs(urlsplit(went.context["list_url"]).query) == {name: [value] for name, value in query.items()}
    assert 'name="maand" value="2027-01"' in html  # pressing Show keeps it
    [(_, without), _] = went.context["chips"]
    assert parse_qs(urlsplit(without).query) == {"maand": ["2027-01"], "van": ["2027-01-01"], "weergave": ["maand"]}


@pytest.mark.parametrize("trainings", [5, 50])
def test_list_and_month_cost_the_same(client, django_assert_num_queries, trainings):
    made = [published(meetings=(meeting(), meeting(day=28))) for _ in range(trainings)]
    everything = {"kant": "school", "vorm": "plaats", "van": "2027-01-01", "tot": "2027-01-31"}
    in_month = everything | {"weergave": "maand", "maand": "2027-01"}

    def costs(query, number):
        with django_assert_num_queries(number):
            assert len(titles(client.get(URL, query))) >= 5

    costs(everything, 3)
    costs(in_month, 1)
    client.force_login(registered(made[0]).person)
    costs(everything | {"voor": "mij"}, 8)
    costs(in_month | {"voor": "mij"}, 5)
    client.force_login(made[0].trainers.get())
    costs(everything, 8)
    costs(in_month, 5)


def test_the_page_of_a_training_is_its_programme(client):
    party = PartyFactory(name="Haagse Hogeschool")
    training = published(
        meetings=(meeting(break_minutes=15), meeting(day=28)), description="<p>Neem een casus mee.</p>",
        audience="chosen", parties=(party,), minimum_school=1,
    )  # fmt: skip
    client.force_login(training.trainers.get())
    page = text(client.get(f"{URL}{training.pk}/"))
    said = (
        "Thursday, 13:00 to 16:00", "with a break of 15 minutes", "345 minutes without breaks", "Lokaal B1.14", "Neem een casus mee.",
        "For whom Haagse Hogeschool", "1 from school, 0 from the workplace",
    )  # fmt: skip
    assert [words for words in said if words not in page] == []
    assert page.count("with a break of") == 1
