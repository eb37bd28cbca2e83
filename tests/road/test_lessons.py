"""A lesson with every block, and every lesson of the demo: axe finds nothing, in light and dark, on a phone and on a screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.road.looks import EACH_ONCE, Findings, looked_at
from tests.running import RunningSite, Visitor

pytestmark = pytest.mark.browser

EVERY_BLOCK = "/modules/proef/elk-blok/"


@pytest.fixture(scope="module")
def proof(running_site: RunningSite) -> Iterator[str]:
    def run(name: str) -> None:
        done = running_site.manage("shell", "-v0", "-c", f"from tests.road.proof import {name}; {name}()")
        assert done.returncode == 0, done.stderr

    run("proof_add")
    yield EVERY_BLOCK
    run("proof_remove")


@pytest.fixture(scope="module")
def lessons(running_site: RunningSite) -> list[str]:
    rows = running_site.sql(
        "SELECT url_path FROM wagtailcore_page JOIN courses_lessonpage ON page_ptr_id = id"
        " WHERE live = 1 AND url_path NOT LIKE '%/proef/%' ORDER BY path"
    )
    return [path.replace("/home-en/", "/en/").removeprefix("/home") for (path,) in rows]


@pytest.mark.parametrize("account", [None, "werkplek"])
def test_axe_finds_nothing_on_any_block(
    running_site: RunningSite, browser: Browser, proof: str, axe: Findings, account: str | None
) -> None:
    visitor = Visitor(running_site, browser.new_context(locale="nl-NL"))
    if account:
        visitor.demo_sign_in(f"{account}@demo.example")
    page = visitor.go(proof)
    expect(page.locator("video")).to_be_visible()
    assert looked_at(page, axe) == {}
    page.get_by_role("button", name="Werkplek", exact=True).click()
    expect(page.get_by_role("button", name="Werkplek", exact=True)).to_have_attribute("aria-pressed", "true")
    assert looked_at(page, axe) == {}
    page.context.close()


def test_axe_finds_nothing_on_the_lessons_of_the_demo(
    running_site: RunningSite, browser: Browser, lessons: list[str], axe: Findings
) -> None:
    assert len(lessons) >= 14
    visitor = Visitor(running_site, browser.new_context(locale="nl-NL"))
    visitor.demo_sign_in("werkplek@demo.example")
    wrong = {path: found for path in lessons if (found := looked_at(visitor.go(path), axe, EACH_ONCE))}
    visitor.page.context.close()
    assert wrong == {}


def test_a_film_plays_from_any_moment_and_shows_its_captions(
    running_site: RunningSite, browser: Browser, proof: str
) -> None:
    visitor = Visitor(running_site, browser.new_context(locale="nl-NL"))
    page = visitor.go(proof)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.reload()
    film = page.locator("video")
    duration, cues = film.evaluate(
        """async film => {
            film.muted = true;
            if (film.readyState < 1) await new Promise(done => film.addEventListener("loadedmetadata", done));
            film.currentTime = 21;
            await new Promise(done => film.addEventListener("seeked", done));
            await film.play();
            await new Promise(done => film.addEventListener("timeupdate", done));
            film.pause();
            return [film.duration, [...film.textTracks[0].activeCues].map(cue => cue.text)];
        }"""
    )
    assert round(duration) == 30
    assert cues == ["Eén keer zegt dat weinig."]
    assert errors == []
    page.context.close()


def test_the_sides_of_a_lesson_can_be_chosen_without_script(
    running_site: RunningSite, browser: Browser, proof: str
) -> None:
    visitor = Visitor(running_site, browser.new_context(locale="nl-NL", java_script_enabled=False))
    page = visitor.go(proof)
    page.get_by_role("button", name="School", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/elk-blok/#kijk")
    shown = page.locator(".by-side > .by-side__part")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("Vraag de student wat er is gezegd.")
    hidden = page.get_by_text("Zeg dat de stagiair het werk doet.")
    expect(hidden).to_be_hidden()
    page.locator(".by-side summary").press("Enter")
    expect(hidden).to_be_visible()
    page.context.close()
