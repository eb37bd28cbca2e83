"""A connection that drops in the middle of an exercise: no answer is lost, and none is kept twice."""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.courses.test_newcomer import CLOSED, MODULE
from tests.road.test_road import sign_in_with_code, wait_until
from tests.running import RunningSite, Visitor

pytestmark = pytest.mark.browser

ANSWERS = re.compile(r"/antwoord/")
CHOICES = "form.exercise-form:has(input[type=radio][name=keuze])"
STORY = "section.scenario:has(button[value=choose])"


@pytest.fixture
def learner(running_site: RunningSite, visitor: Callable[..., Visitor]) -> "Learner":
    address = f"verbinding-{uuid.uuid4().hex[:8]}@example.org"
    someone = visitor()
    sign_in_with_code(someone, running_site, address)
    return Learner(running_site, someone, address)


class Learner:
    """Somebody with an account and nothing done yet, and what the database has of them."""

    def __init__(self, site: RunningSite, visitor: Visitor, address: str) -> None:
        self.site, self.visitor, self.address = site, visitor, address
        self.page: Page = visitor.page

    def open_lesson_with(self, selector: str) -> Locator:
        """The first lesson of module one in which this stands; the first of them."""
        self.page.goto(self.site.url + MODULE)
        links = self.page.locator("ol.route a").all()
        for path in [link.get_attribute("href") or "" for link in links]:
            self.page.goto(self.site.url + path)
            if self.page.locator(selector).count():
                root = self.page.locator(selector).first
                return self.page.locator(f"[id='{root.get_attribute('id')}']")
        raise AssertionError(f"module one has no {selector}")

    def answers(self) -> list[tuple[dict[str, Any], int]]:
        """Of each answer what is kept, and how often it was given."""
        rows = self.site.sql(
            "SELECT a.value, a.attempts FROM courses_answer a JOIN courses_enrolment e ON e.id = a.enrolment_id"
            " JOIN parties_person p ON p.id = e.person_id WHERE p.email = ? ORDER BY a.id",
            self.address,
        )
        return [(json.loads(value), attempts) for value, attempts in rows]

    def notes(self) -> list[str]:
        rows = self.site.sql(
            "SELECT n.text FROM courses_note n JOIN courses_enrolment e ON e.id = n.enrolment_id"
            " JOIN parties_person p ON p.id = e.person_id WHERE p.email = ?",
            self.address,
        )
        return [text for (text,) in rows]

    def codes(self) -> list[str]:
        """The sign-in codes that were mailed, the newest last."""
        bodies = [mail.get_body(("plain",)) for mail in self.site.mails(self.address, subject="code")]
        return [found[0] for body in bodies if body and (found := re.findall(r"\d{6}", body.get_content()))]

    def stored(self) -> str:
        """Everything that this tab holds of answers."""
        return self.page.evaluate(
            "JSON.stringify(Object.entries(sessionStorage).filter(([name]) => name.startsWith('gelijkop:')))"
        )


def key_of(radio: Locator) -> str:
    return radio.get_attribute("value") or ""


def radios(root: Locator) -> Locator:
    return root.locator("input[name=keuze]")


def press(root: Locator) -> None:
    root.locator(":scope > .button-row button").click()


def says(root: Locator, what: str) -> None:
    """What the line under the exercise is about; it is there in words, and a screen reader hears it."""
    line = root.locator(":scope > .sending[role=status]")
    expect(line).to_have_attribute("data-says", what)
    if what:
        expect(line).not_to_be_empty()
    if what not in ("", "sent", "sending"):
        expect(root).to_have_class(re.compile(r"\bis-waiting\b"))
    else:
        expect(root).not_to_have_class(re.compile(r"\bis-waiting\b"))


def nothing_left(learner: Learner) -> None:
    learner.page.wait_for_function("!Sendings.waiting().length")


def test_offline_and_back(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    learner.page.context.set_offline(True)
    radios(root).nth(1).check()
    press(root)
    says(root, "offline")
    assert learner.answers() == []
    learner.page.context.set_offline(False)
    says(root, "sent")
    assert learner.answers() == [({"choice": key_of(radios(root).nth(1))}, 1)]
    expect(root.locator(".feedback")).to_be_visible()


def test_reloaded_while_it_waits_and_a_newer_choice_wins(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    learner.page.route(ANSWERS, lambda route: route.abort())
    for index in (0, 1):
        radios(root).nth(index).check()
        press(root)
        says(root, "offline")
    learner.page.reload()
    expect(radios(root).nth(1)).to_be_checked()
    says(root, "offline")
    assert learner.answers() == []
    learner.page.unroute(ANSWERS)
    learner.page.evaluate("Sendings.sendNow()")
    says(root, "sent")
    nothing_left(learner)
    assert learner.answers() == [({"choice": key_of(radios(root).nth(1))}, 2)]


def test_the_server_kept_it_but_its_word_did_not_come_through(learner: Learner) -> None:
    """The answer arrives, the connection breaks before the page hears of it, and the page sends it again."""
    root = learner.open_lesson_with(CHOICES)
    reached = []

    def swallow(route: Route) -> None:
        reached.append(route.fetch().status)
        route.abort()

    learner.page.route(ANSWERS, swallow, times=1)
    radios(root).first.check()
    press(root)
    says(root, "offline")
    kept = [({"choice": key_of(radios(root).first)}, 1)]
    assert (reached, learner.answers()) == ([200], kept)
    says(root, "sent")  # by itself, on its own timer
    assert learner.answers() == kept


def test_a_double_click_is_one_answer(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    radios(root).first.check()
    root.locator(":scope > .button-row button").dblclick()
    expect(root.locator(".feedback")).to_be_visible()
    nothing_left(learner)
    assert learner.answers() == [({"choice": key_of(radios(root).first)}, 1)]


def test_a_story_goes_on_where_it_was(learner: Learner) -> None:
    root = learner.open_lesson_with(STORY)
    if root.locator(CLOSED).count():
        root.locator(CLOSED).click()
    learner.page.route(ANSWERS, lambda route: route.fulfill(status=500))
    radios(root).first.check()
    first = key_of(radios(root).first)
    root.locator("button[value=choose]").click()
    says(root, "trouble")
    learner.page.reload()
    expect(radios(root).first).to_be_checked()
    assert learner.answers() == []
    learner.page.unroute(ANSWERS)
    learner.page.evaluate("Sendings.sendNow()")
    expect(root.locator(".taken")).to_have_count(1)
    says(root, "sent")
    [(value, _)] = learner.answers()
    assert value["path"] == [first]


def test_a_server_that_never_answers(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    learner.page.clock.install()
    learner.page.reload()
    held: list[Route] = []
    learner.page.route(ANSWERS, lambda route: held.append(route))
    radios(root).first.check()
    press(root)
    learner.page.clock.fast_forward(2_000)
    says(root, "sending")
    learner.page.clock.fast_forward(15_000)
    says(root, "offline")
    learner.page.unroute_all(behavior="ignoreErrors")
    learner.page.clock.fast_forward(3_000)
    says(root, "sent")
    assert held
    assert learner.answers() == [({"choice": key_of(radios(root).first)}, 1)]


def test_a_note_waits_too(learner: Learner) -> None:
    learner.open_lesson_with(CHOICES)
    note = learner.page.locator("#aantekening")
    note.locator("> summary").click()
    learner.page.context.set_offline(True)
    note.locator("textarea").fill("Vraag: wie wordt hier geraakt?")
    note.locator(".button-row button").click()
    says(note, "offline")
    learner.page.context.set_offline(False)
    says(note, "sent")
    assert learner.notes() == ["Vraag: wie wordt hier geraakt?"]

    note.locator("textarea").fill("Nog niet bewaard")
    learner.page.reload()
    expect(note.locator("textarea")).to_have_value("Nog niet bewaard")
    assert learner.notes() == ["Vraag: wie wordt hier geraakt?"]


def test_onward_says_what_waits_and_loses_nothing(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    onward = learner.page.locator("form[data-onward] button")
    notice = learner.page.locator("#verder-melding")
    here = learner.page.url
    learner.page.context.set_offline(True)
    onward.click()
    expect(notice).not_to_be_empty()
    expect(notice.locator("li")).to_have_count(0)

    radios(root).first.check()
    press(root)
    says(root, "offline")
    onward.click()
    expect(notice.locator("li a")).to_have_attribute("href", re.compile(rf"#{root.get_attribute('id')}$"))
    assert (learner.page.url, learner.answers()) == (here, [])

    learner.page.context.set_offline(False)
    says(root, "sent")
    with learner.page.expect_navigation():
        onward.click()
    assert learner.answers() == [({"choice": key_of(radios(root).first)}, 1)]


def test_what_is_chosen_and_not_sent_survives_a_reload_and_goes_at_sign_out(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    radios(root).nth(1).check()
    learner.page.reload()
    expect(radios(root).nth(1)).to_be_checked()
    key = key_of(radios(root).nth(1))
    assert key in learner.stored(), "there was something to throw away"
    other_tab = learner.page.context.new_page()
    other_tab.goto(learner.page.url)
    other = other_tab.locator(f"[id='{root.get_attribute('id')}']")
    radios(other).first.check()
    held = "JSON.stringify(sessionStorage).includes('gelijkop:drafts')"
    assert other_tab.evaluate(held)

    learner.page.goto(learner.site.url + "/mijn/gegevens/")
    learner.page.locator("form[action='/uitloggen/'] button").click()
    learner.page.wait_for_url(learner.site.url + "/")
    assert learner.stored() == "[]"
    other_tab.wait_for_function(f"!{held}")
    assert learner.answers() == []


def test_what_the_server_refuses_for_good_stays_in_the_form(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    learner.page.route(ANSWERS, lambda route: route.fulfill(status=404))
    radios(root).nth(1).check()
    press(root)
    says(root, "refused")
    nothing_left(learner)
    learner.page.reload()
    expect(radios(root).nth(1)).to_be_checked()
    learner.page.unroute(ANSWERS)
    press(root)
    expect(root.locator("[id^='antwoord-']")).not_to_be_empty()
    assert learner.answers() == [({"choice": key_of(radios(root).nth(1))}, 1)]


def test_a_sign_in_that_ended_keeps_the_answer_until_one_is_back(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    learner.page.context.clear_cookies()
    radios(root).first.check()
    press(root)
    says(root, "signed-out")
    root.locator(".sending a").click()
    before = len(learner.codes())
    learner.page.locator("input[name=email]").fill(learner.address)
    learner.page.locator("main form.card button[type=submit]").first.click()
    wait_until(lambda: len(learner.codes()) > before)
    learner.page.locator("input[name=code]").fill(learner.codes()[-1])
    learner.page.locator("main form button[type=submit]").first.click()
    learner.page.wait_for_url(re.compile(MODULE))
    says(root, "sent")
    assert learner.answers() == [({"choice": key_of(radios(root).first)}, 1)]


def test_a_token_that_changed_meanwhile_is_fetched_anew(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    learner.page.context.clear_cookies(name="csrftoken")
    radios(root).first.check()
    press(root)
    expect(root.locator(".feedback")).to_be_visible()
    assert learner.answers() == [({"choice": key_of(radios(root).first)}, 1)]


def test_what_one_person_left_is_never_sent_as_the_next(learner: Learner) -> None:
    root = learner.open_lesson_with(CHOICES)
    learner.page.route(ANSWERS, lambda route: route.abort())
    radios(root).first.check()
    press(root)
    says(root, "offline")
    address = learner.page.url
    assert "keuze" in learner.stored(), "there was something to send"

    learner.page.context.clear_cookies()
    other = Learner(learner.site, learner.visitor, f"na-{learner.address}")
    sign_in_with_code(learner.visitor, learner.site, other.address)
    learner.page.unroute(ANSWERS)
    learner.page.goto(address)
    nothing_left(learner)
    expect(radios(root).first).not_to_be_checked()
    assert "keuze" not in learner.stored()
    assert (learner.answers(), other.answers()) == ([], [])
