"""Somebody new does the whole first module with a keyboard on a phone, with script and without (`keyboard.py`)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.courses.keyboard import FILL, Keyboard, exercises_on, kind_of
from tests.running import RunningSite, Visitor

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
MOST_CHOICES = 12
CLOSED = "details:not([open]) > summary"
MODULE = "/modules/herkennen/"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_newcomer_finishes_module_one_with_the_keyboard_on_a_phone(
    running_site: RunningSite, visitor: Callable[..., Visitor], script: bool
) -> None:
    address = f"nieuw-{'met' if script else 'zonder'}@example.org"
    # Without smooth scrolling, so that a key does not come in the middle of it.
    someone = visitor(viewport=PHONE, java_script_enabled=script, reduced_motion="reduce")
    page = someone.go("/")
    # Without script in the page, Playwright itself can still look: evaluate and locators run in a world of their own.
    keys = Keyboard(page)
    keys.go(page.locator(f"main a[href='{MODULE}']").first)
    keys.go(page.locator("main .button-row a").first)

    lessons = 0
    while page.locator("form[data-onward]").count():
        lessons += 1
        for root in exercises_on(page):
            do_exercise(keys, root, script=script)
        if lessons == 2:
            sign_in(keys, running_site, address)
            continue_here = page.locator("form[data-onward]")
            expect(continue_here).to_have_count(1)
        keys.go(page.locator("form[data-onward] button"))
        assert not page.locator(".error-summary").count(), f"{page.url} waits for an exercise"
        nothing_sideways(page)
        assert lessons < 30

    assert page.url.endswith(MODULE)
    expect(page.locator(".utrecht-alert--ok")).to_have_count(2)  # just now, and from now on
    state = running_site.sql(
        "SELECT e.completed_at IS NOT NULL, count(*) FROM courses_enrolment e JOIN parties_person p ON p.id = e.person_id"
        " JOIN courses_lessonprogress l ON l.enrolment_id = e.id AND l.completed_at IS NOT NULL WHERE p.email = ?",
        address,
    )
    [(live,)] = running_site.sql(
        "SELECT count(*) FROM courses_lessonpage l JOIN wagtailcore_page p ON p.id = l.page_ptr_id"
        " JOIN wagtailcore_locale s ON s.id = p.locale_id AND s.language_code = 'nl' WHERE p.live AND p.url_path LIKE ?",
        f"%{MODULE}_%",
    )
    assert state == [(1, live)]
    assert lessons == live


def do_exercise(keys: Keyboard, root: Locator, *, script: bool) -> None:
    kind = kind_of(root)
    if kind == "scenario":
        walk(keys, root, script=script)
        return
    FILL[kind](keys, root)
    send(keys, root, root.locator(":scope > .button-row button"), script=script)
    expect(root.locator("[id^='antwoord-']")).not_to_be_empty()
    expect(root.locator(".utrecht-form-field-error-message")).to_have_count(0)


def walk(keys: Keyboard, root: Locator, *, script: bool) -> None:
    """To an end of the story: the last choice each time, and now and then another so that it does not go round."""
    for turn in range(MOST_CHOICES):
        choices = root.locator("input[name=keuze]")
        if not choices.count():
            break
        notice = root.locator(CLOSED)
        if notice.count():
            keys.tab_to(notice)
            keys.press("Enter")
        taken = root.locator(".taken").count()
        keys.choose_radio(choices, 0 if turn % 3 == 2 else choices.count() - 1)
        send(keys, root, root.locator("button[value=choose]"), script=script)
        expect(root.locator(".taken")).not_to_have_count(taken)
    else:
        raise AssertionError(f"{keys.page.url}: the story does not end")
    expect(root.locator(".taken").first).to_be_visible()


def send(keys: Keyboard, root: Locator, button: Locator, *, script: bool) -> None:
    """Presses it, and looks where the focus is afterwards: still here, so that the next Tab goes on from here."""
    page = keys.page
    before = root.locator("input[name=keer]").first.get_attribute("value")
    keys.tab_to(button)
    if script:
        keys.press("Enter")
        page.wait_for_function(
            "([id, before]) => document.getElementById(id).querySelector('input[name=keer]')?.value !== before"
            " && !document.getElementById(id).querySelector('.htmx-settling')",
            arg=[root.get_attribute("id"), before],
        )
        assert root.evaluate("root => root.contains(document.activeElement)"), f"{page.url}: the focus went away"
    else:
        with page.expect_navigation():
            keys.press("Enter")
        keys.press("Tab")
        assert keys.seen() == ""
        onward = "root => !!(root.contains(document.activeElement) || root.compareDocumentPosition(document.activeElement) & 4)"
        assert root.evaluate(onward), f"{page.url}: the focus began again above the exercise"
    nothing_sideways(page)


def nothing_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, (
        f"{page.url} scrolls sideways"
    )


def sign_in(keys: Keyboard, site: RunningSite, address: str) -> None:
    """From the lesson, with a code by mail, and back to the lesson; where one works can be said later."""
    page = keys.page
    keys.go(page.locator("main .callout a[href^='/inloggen/']"))
    keys.write(page.locator("input[name=email]"), address)
    with page.expect_navigation():
        keys.press("Enter")
    body = site.mails(address, subject="code")[-1].get_body(("plain",))
    assert body is not None
    code = re.search(r"\d{6}", body.get_content())
    assert code is not None
    keys.write(page.locator("input[name=code]"), code.group())
    with page.expect_navigation():
        keys.press("Enter")
    keys.go(page.locator(f"main a[href^='{MODULE}']"))
