"""The list on a phone: marked without a connection, closed and opened again, and nothing is lost or written over."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.road.looks import LOOKS, Findings
from tests.road.test_road import wait_until
from tests.running import RunningSite, Visitor

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
ROW = re.compile(r"/aanwezigheid/\d+/\d+/$")


@dataclass
class Meeting:
    """One that goes on now, and what the database has of it."""

    site: RunningSite
    keys: dict[str, int]

    @property
    def path(self) -> str:
        return f"/trainingen/{self.keys['training']}/aanwezigheid/"

    def marks(self) -> dict[str, str]:
        rows = self.site.sql(
            "SELECT person_id, state FROM meetings_attendance WHERE meeting_id = ?", self.keys["meeting"]
        )
        names = {key: name for name, key in self.keys.items() if name not in ("training", "meeting")}
        return {names[person]: state for person, state in rows}

    def changes(self, name: str) -> list[tuple[str, str]]:
        return self.site.sql(
            "SELECT c.state_before, c.state FROM meetings_attendancechange c JOIN meetings_attendance a"
            " ON a.id = c.attendance_id WHERE a.meeting_id = ? AND a.person_id = ? ORDER BY c.id",
            self.keys["meeting"],
            self.keys[name],
        )

    def row(self, page: Page, name: str) -> Locator:
        return page.locator(f"#person-{self.keys[name]}")

    def mark(self, page: Page, name: str, state: str) -> None:
        self.row(page, name).locator(f"label:has([value={state}])").click()

    def state(self, page: Page, name: str) -> str:
        return self.row(page, name).locator("input[type=radio]:checked").get_attribute("value") or ""


@pytest.fixture
def meeting(running_site: RunningSite) -> Iterator[Meeting]:
    offset = float(Path(running_site.env["CLOCK_FILE"]).read_text())
    now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=offset)

    def scene(call: str) -> str:
        done = running_site.manage("shell", "--no-imports", "-c", f"from tests.sessions import scene; scene.{call}")
        assert done.returncode == 0, done.stderr
        return done.stdout

    yield Meeting(running_site, json.loads(scene(f"going_on({now.isoformat()!r})").splitlines()[-1]))
    scene("over()")


@pytest.fixture
def trainer(visitor: Callable[..., Visitor], meeting: Meeting) -> Page:
    someone = visitor(**PHONE)
    someone.demo_sign_in("trainer@demo.example")
    return someone.go(meeting.path)


def bar_says(page: Page, what: str) -> None:
    expect(page.locator("#saved[role=status]")).to_have_attribute("data-says", what)


def nothing_waits(page: Page) -> None:
    wait_until(lambda: page.evaluate("!Sendings.waiting().length"))


def stored(page: Page) -> str:
    return page.evaluate(
        "JSON.stringify(Object.entries(localStorage).filter(([name]) => name.startsWith('gelijkop:list')))"
    )


def test_a_list_marked_offline_loses_nothing_and_writes_nothing_over(
    visitor: Callable[..., Visitor], meeting: Meeting, trainer: Page
) -> None:
    context = trainer.context
    context.set_offline(True)
    bar_says(trainer, "waiting")
    for name, state in {"Anna": "present", "Bilal": "absent", "Carla": "absent", "werkplek": "absent"}.items():
        meeting.mark(trainer, name, state)
    meeting.mark(trainer, "Carla", "late")
    expect(meeting.row(trainer, "Carla").locator("[id^=minutes]")).to_have_value(re.compile(r"15\d|160"))
    expect(trainer.locator("#counts [data-side=school]")).to_contain_text("2 van 3")
    expect(meeting.row(trainer, "Anna").locator(".sending")).to_contain_text("Bewaard op dit apparaat")
    assert meeting.marks() == {}

    # Meanwhile another trainer marks one of them, and another comes in with the code on the screen.
    second = visitor()
    second.demo_sign_in("gespreksleider@demo.example")
    page = second.go(meeting.path)
    code = "".join(re.findall(r"\d", page.locator(".checkin__code [aria-hidden]").inner_text()))
    meeting.mark(page, "Bilal", "present")
    bar_says(page, "saved")
    guest = visitor()
    guest.demo_sign_in("werkplek@demo.example")
    guest.go(f"/aanwezig/?code={code}").locator("main form button[type=submit]").click()
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Je bent binnen")
    expect(page.locator("#counts [data-side=workplace]")).to_contain_text("1 van 1")
    assert meeting.marks() == {"Bilal": "present", "werkplek": "present"}

    # The page is closed, and opened again while nothing can be sent yet.
    trainer.close()
    context.route(ROW, lambda route: route.abort())
    context.set_offline(False)
    again = context.new_page()
    again.goto(meeting.site.url + meeting.path)
    bar_says(again, "waiting")
    shown = {name: meeting.state(again, name) for name in ("Anna", "Bilal", "Carla", "werkplek")}
    assert shown == {"Anna": "present", "Bilal": "absent", "Carla": "late", "werkplek": "absent"}
    assert meeting.marks() == {"Bilal": "present", "werkplek": "present"}

    # Everything is sent. What others marked still stands, and the trainer reads both.
    context.unroute(ROW)
    again.evaluate("Sendings.sendNow()")
    bar_says(again, "conflict")
    expect(again.locator(".person__conflict")).to_have_count(2)
    by_trainer, by_code = meeting.row(again, "Bilal"), meeting.row(again, "werkplek")
    expect(by_trainer).to_contain_text(
        re.compile(r"Op de lijst staat “Aanwezig”: dat noteerde .+ Jij noteerde “Afwezig”")
    )
    expect(by_code).to_contain_text(re.compile(r"ingecheckt met de code\. Jij noteerde “Afwezig”"))
    everything = {"Anna": "present", "Bilal": "present", "Carla": "late", "werkplek": "present"}
    assert meeting.marks() == everything

    # The question is there again after a reload; then the trainer chooses.
    again.reload()
    expect(again.locator(".person__conflict")).to_have_count(2)
    by_code.get_by_role("button", name="Laat “Aanwezig” staan").click()
    by_trainer.get_by_role("button", name="Maak er “Afwezig” van").click()
    bar_says(again, "saved")
    nothing_waits(again)
    assert meeting.marks() == everything | {"Bilal": "absent"}
    assert {name: meeting.changes(name) for name in everything} == {
        "Anna": [("", "present")],
        "Bilal": [("", "present"), ("present", "absent")],
        "Carla": [("", "late")] if len(meeting.changes("Carla")) == 1 else [("", "absent"), ("absent", "late")],
        "werkplek": [("", "present")],
    }
    by_trainer.locator("summary").click()
    expect(by_trainer.locator("details")).to_contain_text("van “Aanwezig” naar “Afwezig”")


def test_a_mark_whose_answer_was_lost_counts_once(meeting: Meeting, trainer: Page) -> None:
    reached = []

    def swallow(route: Route) -> None:
        reached.append(route.fetch().status)
        route.abort()

    trainer.route(ROW, swallow, times=1)
    meeting.mark(trainer, "Anna", "present")
    bar_says(trainer, "waiting")
    assert (reached, meeting.marks()) == ([200], {"Anna": "present"})
    meeting.mark(trainer, "Anna", "absent")
    bar_says(trainer, "saved")
    nothing_waits(trainer)
    assert meeting.changes("Anna") == [("", "present"), ("present", "absent")]


def test_the_list_by_keyboard(meeting: Meeting, trainer: Page) -> None:
    first = meeting.row(trainer, "Anna").locator("[value=present]")
    first.focus()
    trainer.keyboard.press("Space")
    bar_says(trainer, "saved")
    for _ in range(4):
        trainer.keyboard.press("ArrowRight")
    nothing_waits(trainer)
    expect(meeting.row(trainer, "Anna").locator("[value=absent]")).to_be_focused()
    assert meeting.changes("Anna") == [("", "present"), ("present", "absent")], "the words in between were passed"
    meeting.row(trainer, "Anna").locator("[value=late]").focus()
    trainer.keyboard.press("Space")
    trainer.keyboard.press("Tab")
    expect(meeting.row(trainer, "Anna").locator("[id^=minutes]")).to_be_focused()
    trainer.keyboard.press("ControlOrMeta+a")
    trainer.keyboard.type("999")
    trainer.keyboard.press("Enter")
    expect(meeting.row(trainer, "Anna")).to_contain_text("Vul een aantal minuten in van 1 tot en met 180.")
    bar_says(trainer, "unfinished")
    trainer.keyboard.press("ControlOrMeta+a")
    trainer.keyboard.type("120")
    trainer.keyboard.press("Enter")
    bar_says(trainer, "saved")
    nothing_waits(trainer)
    assert meeting.changes("Anna")[-1][1] == "late"


def test_what_waits_is_of_who_is_signed_in_and_goes_at_sign_out(
    visitor: Callable[..., Visitor], meeting: Meeting, trainer: Page
) -> None:
    trainer.context.route(ROW, lambda route: route.abort())
    meeting.mark(trainer, "Anna", "absent")
    bar_says(trainer, "waiting")
    assert "-state" in stored(trainer), "there was something to throw away"

    # Somebody else in the same browser does not see it, and does not send it.
    trainer.context.clear_cookies()
    trainer.goto(meeting.site.url + "/inloggen/")
    trainer.locator("button[name=email][value='gespreksleider@demo.example']").click()
    trainer.wait_for_url(lambda url: "/inloggen/" not in url)
    trainer.context.unroute(ROW)
    trainer.goto(meeting.site.url + meeting.path)
    nothing_waits(trainer)
    expect(meeting.row(trainer, "Anna").locator("input:checked")).to_have_count(0)
    assert meeting.marks() == {}

    trainer.goto(meeting.site.url + "/mijn/gegevens/")
    trainer.locator("form[action='/uitloggen/'] button").click()
    trainer.wait_for_url(meeting.site.url + "/")
    assert stored(trainer) == "[]"


def test_axe_finds_nothing_on_the_list_with_all_that_can_stand_on_it(
    visitor: Callable[..., Visitor], meeting: Meeting, axe: Findings
) -> None:
    wrong: dict[str, list[str]] = {}
    other = visitor()
    other.demo_sign_in("gespreksleider@demo.example")
    for number, (width, scheme) in enumerate(LOOKS):
        someone = visitor(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
        someone.demo_sign_in("trainer@demo.example")
        page = someone.go(meeting.path)
        page.context.set_offline(True)
        meeting.mark(page, "Anna", "absent")
        meeting.mark(other.go(meeting.path), "Anna", "present" if number % 2 else "excused")
        bar_says(other.page, "saved")
        page.context.set_offline(False)
        expect(page.locator(".person__conflict")).to_have_count(1)
        meeting.mark(page, "Bilal", "late")
        page.locator(f"#minutes-{meeting.keys['Bilal']}").fill("veel")
        page.keyboard.press("Enter")
        expect(page.locator(".person__error")).to_have_count(1)
        page.context.set_offline(True)
        meeting.mark(page, "Carla", "absent" if number % 2 else "present")
        expect(meeting.row(page, "Carla").locator(".sending")).not_to_be_empty()
        for details in page.locator("main details").all():
            details.evaluate("one => one.open = true")
        for path, look in {"list": page, "code": None, "check in": None}.items():
            if path == "code":
                page.context.set_offline(False)
                look = someone.go(f"{meeting.path}code/")
                look.evaluate("document.getElementById('connection').hidden = false")
            elif path == "check in":
                look = someone.go("/aanwezig/")
                look.locator("input[name=code]").fill("12")
                with look.expect_navigation():
                    look.locator("main form button[type=submit]").click()
            assert look is not None
            look.set_viewport_size({"width": width, "height": look.evaluate("document.documentElement.scrollHeight")})
            found = axe(look)
            if look.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
                found.append("scrolls sideways")
            if found:
                wrong[f"{path} {width} {scheme}"] = found
    assert wrong == {}
