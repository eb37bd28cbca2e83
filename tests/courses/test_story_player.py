"""A whole story by keyboard, and a whole story without JavaScript, as a visitor of the first module."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from courses.models import LessonPage
from tests.road.looks import RULES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings(
        "ignore:No directory at"
    ),  # the server starts before STATIC_ROOT is a folder; it needs none
]

NOTICE = "Dit verhaal gaat over een hoofddoek."
SETTING = "Samira zoekt een stage."


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, first: LessonPage) -> Iterator[Callable[..., Page]]:
    contexts = []

    def make(**options: object) -> Page:
        context = browser.new_context(locale="nl-NL", viewport={"width": 360, "height": 780}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + first.address)
        return page

    yield make
    for context in contexts:
        context.close()


def story_of(page: Page) -> Locator:
    return page.locator("section.scenario")


def press(page: Page, name: str) -> None:
    """Tabs on to a control and presses Enter on it, as the keyboard does it."""
    for _ in range(25):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not come to {name!r}")


def choose(page: Page, number: int) -> None:
    """From what is new, by Tab to the choices and by the arrows to one of them."""
    page.keyboard.press("Tab")
    expect(story_of(page).get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    for _ in range(number):
        page.keyboard.press("ArrowDown")
    press(page, "Kies en ga verder")


def test_by_keyboard(opened: Callable[..., Page]) -> None:
    page = opened()
    story = story_of(page)
    told, chosen, status = story.get_by_text(SETTING), story.locator(".taken"), story.locator("[id^=melding-]")
    expect(story.get_by_text(NOTICE)).to_be_visible()
    expect(told).to_be_hidden()

    story.evaluate("one => one.focus()")
    page.keyboard.press("Tab")
    expect(story.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(told).to_be_visible()

    # What was chosen has the focus, and the feedback is said.
    choose(page, 1)
    expect(chosen.last).to_be_focused()
    expect(chosen).to_have_text(["Jij koos B. Kies b"])
    expect(status).to_have_text("Eerst de feiten.")
    expect(story.get_by_role("group", name="En nu?")).to_be_visible()

    # Nothing chosen: said, shown, and the question has the focus.
    press(page, "Kies en ga verder")
    expect(story.locator(".utrecht-form-field-error-message")).to_have_text("Kies eerst wat je doet.")
    expect(status).to_have_text("Kies eerst wat je doet.")
    expect(story.locator("legend")).to_be_focused()

    # Back to the first choice, and on by another.
    press(page, "Terug naar je vorige keuze")
    expect(chosen).to_have_count(0)
    expect(story.locator("legend")).to_be_focused()
    expect(story.locator("legend")).to_have_text("Wat doe je?")
    choose(page, 0)
    expect(status).to_have_text("Niemand ziet het meer.")
    expect(story.get_by_text("Welke vaardigheid mist u bij haar?")).to_be_visible()
    expect(story.get_by_role("radio")).to_have_count(0)

    # Again from the beginning, to the other end.
    press(page, "Begin opnieuw")
    expect(chosen).to_have_count(0)
    expect(story.locator("legend")).to_be_focused()
    choose(page, 1)
    expect(chosen.last).to_be_focused()
    choose(page, 1)
    expect(chosen).to_have_text(["Jij koos B. Kies b", "Jij koos Y. Kies y"])
    expect(chosen.last).to_be_focused()
    expect(status).to_have_text("Je praat over werk.")

    # Whoever comes back finds it where it was left.
    page.reload()
    expect(chosen).to_have_count(2)


def test_skipped_by_keyboard_before_anything_is_read(opened: Callable[..., Page]) -> None:
    page = opened()
    story = story_of(page)
    story.evaluate("one => one.focus()")
    press(page, "Sla dit verhaal over")
    skipped = story.get_by_text("Je hebt dit verhaal overgeslagen.")
    expect(skipped).to_be_focused()
    expect(story.get_by_text(SETTING)).to_have_count(0)
    press(page, "Lees het verhaal toch")
    expect(story.locator("legend")).to_be_focused()
    expect(story.get_by_text(SETTING)).to_be_visible()


def test_without_javascript(opened: Callable[..., Page]) -> None:
    page = opened(java_script_enabled=False)
    story = story_of(page)
    chosen = story.locator(".taken")
    expect(story.get_by_text(SETTING)).to_be_hidden()

    # 'Verder' says that it waits for this story, and leaves it closed.
    page.get_by_role("button", name="Verder", exact=True).click()
    expect(story.locator(".utrecht-form-field-error-message")).to_have_text("Deze oefening is nog niet gedaan.")
    expect(story.get_by_text(SETTING)).to_be_hidden()

    story.get_by_role("button", name="Sla dit verhaal over").click()
    expect(story.get_by_text("Je hebt dit verhaal overgeslagen.")).to_be_visible()
    story.get_by_role("button", name="Lees het verhaal toch").click()
    expect(story.get_by_text(SETTING)).to_be_visible()

    def take(letter: str) -> None:
        story.get_by_role("radio", name=f"{letter}. ").check()
        story.get_by_role("button", name="Kies en ga verder").click()

    take("B")
    expect(chosen).to_have_text(["Jij koos B. Kies b"])
    expect(chosen).to_be_focused()
    expect(chosen).to_be_in_viewport()
    story.get_by_role("button", name="Kies en ga verder").click()
    expect(story.locator(".utrecht-form-field-error-message")).to_have_text("Kies eerst wat je doet.")
    expect(chosen).to_have_count(1)
    story.get_by_role("button", name="Terug naar je vorige keuze").click()
    expect(chosen).to_have_count(0)
    take("B")
    take("X")
    expect(story.locator(".feedback").last).to_have_text("Niemand ziet het meer.")
    expect(story.get_by_text("Wie bescherm ik?")).to_be_visible()
    story.get_by_role("button", name="Begin opnieuw").click()
    expect(chosen).to_have_count(0)
    take("A")
    expect(chosen).to_have_text(["Jij koos A. Kies a"])


def test_axe_finds_nothing_wherever_the_story_stands(opened: Callable[..., Page]) -> None:
    page = opened(reduced_motion="reduce")
    story = story_of(page)

    def findings() -> list[str]:
        page.set_viewport_size({"width": 360, "height": page.evaluate("document.documentElement.scrollHeight")})
        return [
            found["id"] for found in Axe().run(page, context="section.scenario", options=RULES).response["violations"]
        ]

    wrong = {"closed": findings()}
    story.locator("summary").click()
    wrong["open"] = findings()
    story.get_by_role("button", name="Kies en ga verder").click()
    expect(story.locator(".utrecht-form-field-error-message")).to_be_visible()
    wrong["nothing chosen"] = findings()
    story.get_by_role("radio").first.check()
    story.get_by_role("button", name="Kies en ga verder").click()
    expect(story.locator(".taken")).to_be_visible()
    wrong["at its end"] = findings()
    assert wrong == {"closed": [], "open": [], "nothing chosen": [], "at its end": []}


def test_on_paper_the_story_stands_open_and_the_buttons_are_away(opened: Callable[..., Page]) -> None:
    page = opened()
    story = story_of(page)
    expect(story.get_by_text("Kies b")).to_be_hidden()
    page.emulate_media(media="print")
    for text in (NOTICE, SETTING, "De manager belt.", "Wat doe je?", "Kies a", "Kies b"):
        expect(story.get_by_text(text)).to_be_visible()
    expect(story.get_by_role("button").locator("visible=true")).to_have_count(0)
    expect(story.locator("summary")).to_be_hidden()
