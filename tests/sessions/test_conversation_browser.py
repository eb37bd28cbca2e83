"""Three phones in one group: the kick-off without a connection, what is kept afterwards, and what never leaves a phone."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect
from pypdf import PdfReader

from sessions.agreements import AGREEMENTS
from tests.road.looks import LOOKS, Findings, looked_at
from tests.road.test_road import wait_until
from tests.running import RunningSite, Visitor
from tests.sessions.intervision_scene import ABSENT

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
NOTE = "zoutwaterkrokodil"
LESSON = "Vraag eerst wat de student zelf wil"
STEPS = [
    "Terugkijken",
    "Ieders voorval in één adem",
    "Kies één voorval",
    "Vraag naar feiten, geef geen advies",
    "Denk na zonder de inbrenger",
    "Adviesronde",
    "Wat helpt, en wat ga je doen?",
]
CASES = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))


@dataclass
class Group:
    site: RunningSite
    keys: dict[str, int]
    names: dict[str, str]

    @property
    def path(self) -> str:
        return f"/intervisie/{self.keys['group']}/gesprek/{self.keys['meeting']}/"

    @property
    def people(self) -> dict[int, str]:
        return {self.keys[name]: name for name in (*self.names, *ABSENT)}

    def said(self) -> set[tuple[str, str]]:
        rows = self.site.sql(
            "SELECT by_id, person_id FROM meetings_presenceconfirmed WHERE meeting_id = ?", self.keys["meeting"]
        )
        return {(self.people[by], self.people[person]) for by, person in rows}

    def there(self) -> set[tuple[str, int]]:
        rows = self.site.sql(
            "SELECT person_id, minutes FROM meetings_attendance WHERE meeting_id = ?", self.keys["meeting"]
        )
        return {(self.people[person], minutes) for person, minutes in rows}

    def lesson(self) -> str:
        [(text,)] = self.site.sql("SELECT lesson FROM meetings_conversation WHERE meeting_id = ?", self.keys["meeting"])
        return text


@pytest.fixture
def group(running_site: RunningSite) -> Iterator[Group]:
    offset = float(Path(running_site.env["CLOCK_FILE"]).read_text())
    now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=offset)

    def scene(call: str) -> str:
        code = f"from tests.sessions import intervision_scene; intervision_scene.{call}"
        done = running_site.manage("shell", "--no-imports", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    yield Group(running_site, **json.loads(scene(f"going_on({now.isoformat()!r})").splitlines()[-1]))
    scene("over()")


@dataclass
class Phone:
    """A browser of one member, and everything that it sent."""

    page: Page
    requests: list[Request] = field(default_factory=list)

    def sent(self) -> list[str]:
        """Address, headers and body of each request, in one text."""
        return [
            "\n".join([request.url, json.dumps(request.all_headers()), request.post_data or ""])
            for request in self.requests
        ]

    def kept(self) -> str:
        return self.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")

    def press(self, which: str) -> None:
        self.page.locator(which).click()


@pytest.fixture
def phone(visitor: Callable[..., Visitor]) -> Callable[[str], Phone]:
    def make(account: str, **options: object) -> Phone:
        someone = visitor(**PHONE | options)
        found = Phone(someone.page)
        someone.page.context.on("request", lambda request: found.requests.append(request))
        someone.page.clock.install()
        someone.demo_sign_in(f"{account}@demo.example")
        return found

    return make


def come_in(phone: Phone, group: Group) -> None:
    """From the conversation to the agreements, and back when each was read and accepted."""
    page = phone.page
    page.goto(group.site.url + group.path)
    expect(page.locator("#walk")).to_have_count(0)
    page.locator(f"main .button-row a[href='/intervisie/{group.keys['group']}/afspraken/']").click()
    for key, _sentence in AGREEMENTS:
        page.locator(f"input[name=agreements][value={key}]").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/intervisie/{group.keys['group']}/")
    page.locator(f"main a[href='{group.path}']").click()
    expect(page.locator("[data-choose=incidentmethode]")).to_be_visible()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_three_phones_from_kick_off_to_harvest(group: Group, phone: Callable[[str], Phone]) -> None:
    table, second, third = phone("school"), phone("werkplek"), phone("trainer")
    for one in (table, second, third):
        come_in(one, group)
    page = table.page
    kick_off = page.locator("#kick-off ~ details")
    kick_off.locator("summary").click()
    expect(kick_off.locator(".method__steps > li")).to_have_count(3)
    expect(kick_off.locator(".method__steps li li").first).to_be_visible()
    expect(page.locator("[data-choose=roddelmethode]")).to_have_count(0)
    expect(page.locator("[data-choose=vijfstappenmethode]")).to_be_visible()

    # Somebody prepares, and somebody else did not come.
    page.locator("#notes-part summary").click()
    page.locator("#notes").fill(f"Ik zag een {NOTE} bij de kapper.")
    for name in ABSENT:
        page.locator(f"#here-{group.keys[name]}").uncheck()

    # The phone on the table loses its connection, and the conversation goes on.
    page.context.set_offline(True)
    before = len(table.requests)
    table.press("[data-choose=incidentmethode]")
    expect(page.locator("#start")).to_be_hidden()
    expect(page.locator("#kept")).to_be_hidden()
    expect(page.locator("#step-lines li")).to_have_count(12)
    expect(page.locator("#clock")).to_have_text("20:00")
    table.press("#clock-go")
    page.clock.fast_forward("19:30")
    expect(page.locator("#clock")).to_have_text(re.compile(r"0:[23]\d"))
    page.clock.fast_forward("00:45")
    expect(page.locator("#clock")).to_have_text(re.compile(r"\+0:1\d"))
    table.press("#step-next")
    expect(page.locator("#step-items li")).to_have_count(len(AGREEMENTS))
    table.press("#step-next")
    page.locator("#role-bringer").select_option(str(group.keys["werkplek"]))

    # Whose turn it is goes round; who passes needs no reason.
    table.press("#step-next")
    expect(page.locator("#turn-next")).to_be_visible()
    first = page.locator("#turn-note").inner_text()
    table.press("#pass")
    expect(page.locator("#calm")).not_to_be_empty()
    expect(page.locator("#turn-note")).not_to_have_text(first)
    for title in STEPS:
        table.press("#step-next")
        heading(page, title)
        page.clock.fast_forward("05:00")
    expect(page.locator("#turn-note")).to_contain_text(group.names["werkplek"])

    # Stop: the clock stands still until they go on.
    table.press("#stop")
    expect(page.locator("#pause")).to_be_visible()
    stood = page.locator("#clock").text_content()
    page.clock.fast_forward("03:00")
    assert page.locator("#clock").text_content() == stood
    table.press("#pause-on")
    page.clock.fast_forward("01:00")
    expect(page.locator("#clock")).not_to_have_text(stood or "")
    on_the_way = [request.url for request in table.requests[before:] if "/static/art/mark." not in request.url]
    assert on_the_way == [], "nothing but the icon of the tab was asked for"

    # Harvest: what the walk knows stands there already, and waits for a connection.
    table.press("#step-next")
    table.press("#step-next")
    expect(page.locator("#kept-title")).to_be_focused()
    form = page.locator("[data-part=presence] form")
    expect(form.locator("[name=people]:checked")).to_have_count(3)
    expect(form.locator("[name=method]")).to_have_value("incidentmethode")
    expect(form.locator("[name=minutes]")).to_have_value(re.compile(r"^5[5-8]$"))
    expect(form.locator("[data-theme]")).to_be_hidden()
    form.locator("[name=minutes]").fill("75")
    form.locator("button[type=submit]").click()
    expect(page.locator("[data-sending]")).not_to_be_empty()
    assert group.said() == set()
    assert NOTE not in table.kept()
    page.context.set_offline(False)
    wait_until(lambda: len(group.said()) == 3)
    assert group.said() == {("school", one) for one in ("school", "werkplek", "trainer")}
    assert group.there() == set()

    # The second phone reads what the first one said, and confirms it with one press; the third finds itself present.
    second.page.clock.fast_forward("00:11")
    offered = second.page.locator("[data-part=state] form")
    expect(second.page.locator("[data-part=state]")).to_contain_text(group.names["school"])
    offered.locator("button").click()
    wait_until(lambda: len(group.there()) == 3)
    assert group.there() == {("school", 75), ("werkplek", 75), ("trainer", 75)}
    third.page.clock.fast_forward("00:11")
    expect(third.page.locator("[data-part=state] .utrecht-status-badge--success")).to_have_count(3)

    # One lesson, with a warning while a name is in it.
    page.clock.fast_forward("00:11")
    text = page.locator("[data-lesson] textarea")
    text.fill(f"{LESSON}, zoals {group.names['werkplek'].split()[0]} zei.")
    expect(page.locator("[data-names]")).to_contain_text(group.names["werkplek"].split()[0])
    page.locator("[data-lesson] button[type=submit]").click()
    expect(page.locator("[data-lesson] textarea[aria-invalid]")).to_be_focused()
    assert group.lesson() == ""
    expect(text).to_have_value(re.compile(LESSON))
    text.fill(f"{LESSON}.")
    expect(page.locator("[data-names]")).to_be_hidden()
    page.locator("[data-lesson] button[type=submit]").click()
    expect(page.locator(".lesson-text")).to_have_text(f"{LESSON}.")
    for other in (second, third):
        other.page.clock.fast_forward("00:11")
        expect(other.page.locator(".lesson-text")).to_have_text(f"{LESSON}.")
        other.page.locator("[name=wat][value=eens]").click()
        expect(other.page.locator("[name=wat][value=eens]")).to_have_count(0)
    page.clock.fast_forward("00:11")
    expect(page.locator("[data-lesson]")).to_have_count(0)
    assert group.lesson() == f"{LESSON}."

    # What was noted never left the phone, and neither did who brought the case in.
    page.goto(group.site.url + f"/intervisie/{group.keys['group']}/")
    sent = table.sent()
    assert len(sent) > before
    assert any(LESSON.replace(" ", "+") in one for one in sent), "the recorder sees what is sent"
    assert not any(NOTE in one for one in sent)
    bodies = [request.post_data or "" for request in table.requests if "/gesprek/" in request.url]
    fields = {pair.partition("=")[0] for body in bodies for pair in body.split("&") if pair}
    assert fields <= {"wie", "people", "method", "minutes", "theme", "text", "checked", "wat", "gewacht"}
    assert NOTE not in table.kept()
    assert LESSON not in table.kept()


def test_presence_waits_on_the_phone_over_a_reload(group: Group, phone: Callable[[str], Phone]) -> None:
    one = phone("school")
    come_in(one, group)
    page = one.page
    page.context.route("**/aanwezig/", lambda route: route.abort())
    page.locator("[data-part=presence] [name=people]").first.check()
    page.locator("[name=method]").select_option("balint")
    page.locator("[data-part=presence] button[type=submit]").click()
    expect(page.locator("[data-sending]")).not_to_be_empty()
    waiting = json.loads(page.evaluate("JSON.stringify(Sendings.waiting().map((entry) => entry.fields))"))
    assert {name for fields in waiting for name, _value in fields} == {"wie", "people", "method", "minutes"}
    page.reload()
    expect(page.locator("[data-sending]")).not_to_be_empty()
    assert group.said() == set()
    page.context.unroute("**/aanwezig/")
    page.evaluate("Sendings.sendNow()")
    wait_until(lambda: len(group.said()) == 1)
    expect(page.locator("[data-part=presence] [name=method]")).to_have_value("balint")


def test_a_phone_that_forgot_the_page_goes_on_where_it_was(group: Group, phone: Callable[[str], Phone]) -> None:
    one = phone("school")
    come_in(one, group)
    page = one.page
    one.press("[data-choose=vijfstappenmethode]")
    for _step in range(4):
        one.press("#step-next")
    heading(page, "De vraag")
    one.press("#clock-go")
    page.clock.fast_forward("02:00")
    page.locator("#role-bringer").select_option(str(group.keys["school"]))
    expect(page.locator("#turn-note")).to_contain_text(group.names["school"])
    page.reload()
    page.clock.fast_forward("01:30")
    one.press("#resume-go")
    heading(page, "De vraag")
    expect(page.locator("#clock")).to_have_text(re.compile(r"1:[123]\d"))
    expect(page.locator("#role-bringer")).to_have_value("")
    one.press("#clock-silent")
    expect(page.locator("#clock-silent")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#clock-said")).to_have_text(re.compile(r"\d"))
    one.press("#other")
    expect(page.locator("#start")).to_be_visible()
    page.reload()
    expect(page.locator("#resume")).to_be_hidden()


def test_the_conversation_by_keyboard(group: Group, phone: Callable[[str], Phone]) -> None:
    one = phone("school", has_touch=False, is_mobile=False)
    come_in(one, group)
    page = one.page
    page.locator("[data-choose=incidentmethode]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#step-title")).to_be_focused()
    page.locator("#clock-go").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#clock-pause")).to_be_focused()
    page.locator("#stop").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pause-on")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#stop")).to_be_focused()
    expect(page.locator("#clock-pause")).to_be_visible()


def test_the_browser_warns_of_the_same_names_as_the_server(group: Group, phone: Callable[[str], Phone]) -> None:
    one = phone("school")
    come_in(one, group)
    ask = "(cases) => cases.map((one) => namesIn(one.text, one.people ?? [], one.organisations ?? []))"
    assert one.page.evaluate(ask, CASES) == [case["found"] for case in CASES]


def test_each_card_is_a_sheet_of_paper(visitor: Callable[..., Visitor], group: Group) -> None:
    someone = visitor(color_scheme="dark")
    someone.demo_sign_in("gespreksleider@demo.example")
    page = someone.go("/intervisie/methodes/")
    names = [heading.inner_text() for heading in page.get_by_role("heading", level=2).all()]
    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
    assert len(names) == 6
    assert [sheet.startswith(name) for name, sheet in zip(names, sheets, strict=True)] == [True] * 6
    small = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(page.pdf(format="A5"))).pages]
    assert [name for name in names for sheet in small if sheet.startswith(name)] == names
    assert len(small) == 12, "both sides of a card"


def test_axe_finds_nothing_on_the_conversation(
    group: Group, visitor: Callable[..., Visitor], phone: Callable[[str], Phone], axe: Findings
) -> None:
    one = phone("school", has_touch=False, is_mobile=False)
    page = one.page
    page.goto(group.site.url + group.path)
    wrong = {"agreements first": looked_at(page, axe)}
    come_in(one, group)
    wrong["choose"] = looked_at(page, axe, LOOKS)
    page.locator("[data-choose=incidentmethode]").click()
    wrong["step"] = looked_at(page, axe, LOOKS)
    page.locator("#stop").click()
    wrong["stop"] = looked_at(page, axe, LOOKS)
    page.locator("#pause-end").click()
    page.locator("[data-part=presence] button[type=submit]").click()
    expect(page.locator("[data-sending]")).to_be_empty()
    wrong["harvest"] = looked_at(page, axe, LOOKS)
    someone = visitor()
    someone.demo_sign_in("gespreksleider@demo.example")
    wrong["cards"] = looked_at(someone.go("/intervisie/methodes/"), axe, LOOKS)
    assert {name: found for name, found in wrong.items() if found} == {}
