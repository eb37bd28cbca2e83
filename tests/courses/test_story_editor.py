"""An editor writes a whole story in Wagtail's own editor, from an empty page to what a learner reads at its end."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Response, expect

from tests.road.looks import RULES
from tests.running import RunningSite, Visitor

pytestmark = pytest.mark.browser

LESSON = "Niemand antwoordt"
TITLE = "Drie mails, geen antwoord"
NOTICE = "Dit verhaal gaat over een achternaam en het zoeken naar een stage."
SETTING = "Yassine stuurde veertien mails. Niemand antwoordde. Thomas, met dezelfde cijfers, heeft drie uitnodigingen."
SENTENCE = "Ik weet niet of het discriminatie is. Ik neem het wel serieus."
QUESTION = "Wie houdt bij ons bij welke bedrijven niets laten horen?"
NOWHERE = "Er is geen stap met dit teken. Kies een stap die bestaat, of voeg de stap toe."


@dataclass(frozen=True)
class Step:
    sign: str
    html: str
    feedback: str = ""
    speaker: str = ""
    prompt: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Text, and the sign of the step that it leads to."""


STEPS = [
    Step(
        "start",
        "Ik weet wel hoe het komt. Het is mijn naam.",
        speaker="Yassine",
        prompt="Wat zeg je?",
        choices=(
            ("Laten we eerst je brief goed maken.", "a"),
            ("Wat zwaar. En ja, dat kan. Zullen we samen kijken?", "b"),
            ("Dan doen we over alle veertien een melding.", "c"),
        ),
    ),
    Step(
        "a", "De brief wordt beter. Yassine vertelt je steeds minder.", "Voor een deel waar, in de verkeerde volgorde."
    ),
    Step(
        "b",
        "Eén bedrijf was de mail kwijt, één blijft vaag, één nodigt hem uit. Het vage bedrijf neemt Thomas.",
        "Je erkent zonder bewijs, en daarna kijk je wat er te weten valt.",
        prompt="Wat doe je met het vage bedrijf?",
        choices=(("Je laat het rusten.", "bx"), ("Je vraagt je collega’s naar dit bedrijf.", "by")),
    ),
    Step("c", "Het meldpunt vraagt naar feiten die je niet hebt.", "Je wilt iets doen. Maar het vertrouwen zakt."),
    Step("bx", "Volgend jaar belt een andere student.", "Een patroon zie je alleen als iemand het bijhoudt."),
    Step("by", "Het blijkt de derde keer in twee jaar.", "Je maakte een patroon zichtbaar. De vraag blijft open."),
]


class StoryForm:
    """The story block in Wagtail's editor."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.drawing = page.locator(".story-drawing")
        self.steps = page.locator('[data-contentpath="nodes"] [data-streamfield-list-container]').first

    def step(self, number: int) -> Locator:
        return self.steps.locator(":scope > [data-streamfield-child]").nth(number)

    def choices(self, step: Locator) -> Locator:
        return step.locator('[data-contentpath="choices"] [data-streamfield-list-container]')

    def choice(self, step: Locator, number: int) -> Locator:
        return self.choices(step).locator(":scope > [data-streamfield-child]").nth(number)

    def boxes(self) -> Locator:
        return self.drawing.locator(".story-box")

    def write(self, number: int, step: Step) -> None:
        if number:
            self.steps.locator(":scope > [data-streamfield-list-add]").last.click()
        place = self.step(number)
        field(place, "key").fill(step.sign)
        if step.speaker:
            field(place, "speaker").fill(step.speaker)
        write(place, "html", step.html)
        if step.feedback:
            write(place, "feedback", step.feedback)
        if step.prompt:
            field(place, "prompt").fill(step.prompt)
        for index, (text, to) in enumerate(step.choices):
            self.choices(place).locator(":scope > [data-streamfield-list-add]").last.click()
            choice = self.choice(place, index)
            field(choice, "text").fill(text)
            field(choice, "to").fill(to)


def field(place: Locator, name: str) -> Locator:
    return (
        place.locator(f'[data-contentpath="{name}"]').first.locator("input:not([type=hidden]), textarea, select").first
    )


def write(place: Locator, name: str, text: str) -> None:
    """Types into Wagtail's own editor of rich text."""
    editor = place.locator(f'[data-contentpath="{name}"]').first.get_by_role("textbox")
    editor.fill(text)
    expect(editor).to_have_text(text)


STILL = """() => {
    const unsaved = wagtail.app.queryController('w-unsaved');
    return !wagtail.app.queryController('w-autosave').submitPromise
        && !unsaved.hasEditsValue && unsaved.formData === unsaved.initialFormData;
}"""
"""Nothing is being kept and nothing waits to be. What changes while Wagtail keeps what came before counts to it as kept
too (it takes the form's state when the answer comes, not when it was sent), so no request ever holds it."""


def write_and_wait(page: Page, place: Locator, text: str) -> None:
    """Fills in a field and waits until Wagtail has kept it by itself, as somebody does who looks before they publish."""
    page.wait_for_function(STILL)
    part = f'name="{place.get_attribute("name")}"\r\n\r\n{text}\r\n'

    def keeps(answer: Response) -> bool:
        return answer.request.method == "POST" and part.encode() in (answer.request.post_data_buffer or b"")

    with page.expect_response(keeps) as kept:
        place.fill(text)
    assert kept.value.ok


def publish(page: Page) -> None:
    page.get_by_role("button", name="Meer acties").click()
    page.get_by_role("button", name="Publiceren").click()


def test_an_editor_builds_a_story_and_a_learner_plays_it(
    running_site: RunningSite,
    visitor: Callable[..., Visitor],
) -> None:
    [(module,)] = running_site.sql(
        "SELECT p.id FROM wagtailcore_page p JOIN wagtailcore_locale l ON l.id = p.locale_id"
        " WHERE l.language_code = 'nl' AND p.url_path LIKE '%/modules/herkennen/'"
    )
    page = visitor(viewport={"width": 1280, "height": 900}).demo_sign_in("redactie@demo.example")
    page.goto(f"{running_site.url}/cms/pages/{module}/")
    page.locator("main, header").locator(f"a[href^='/cms/pages/{module}/add_subpage/']").first.click()
    page.wait_for_url(re.compile(r"/add/courses/lessonpage/"))

    # An empty lesson; the story is put in as a block.
    page.locator("#id_title").press_sequentially(LESSON)
    expect(page.locator("#id_slug")).to_have_value("niemand-antwoordt")  # Wagtail makes it a moment later
    page.get_by_role("button", name="Bewaar concept").click()
    page.wait_for_url(re.compile(r"/cms/pages/\d+/edit/"))
    page.locator("[data-streamfield-stream-container] button.c-sf-add-button").first.click()
    page.get_by_role("option", name="Verhaal met keuzes").click()
    form = StoryForm(page)
    expect(form.boxes()).to_have_count(1)
    story = page.locator('[data-contentpath="body"]')
    field(story, "title").fill(TITLE)
    field(story, "view").select_option("school")
    field(story, "notice").fill(NOTICE)
    write(story, "setting", SETTING)
    for number, step in enumerate(STEPS):
        form.write(number, step)
    field(story, "sentence").fill(SENTENCE)
    field(story, "question").fill(QUESTION)
    expect(form.boxes()).to_have_count(len(STEPS))
    expect(form.drawing.locator(".story-arrow")).to_have_count(5)
    expect(form.drawing.locator(".story-arrow--wrong, .story-box--wrong")).to_have_count(0)

    # The signs that exist are offered.
    second = form.choice(form.step(0), 1)
    offered = page.locator(f"#{field(second, 'to').get_attribute('list')} option")
    assert offered.evaluate_all("all => all.map(one => one.value)") == ["start", "a", "b", "c", "bx", "by"]

    # One mistake: in the drawing at once, and at its field when it is published.
    write_and_wait(page, field(second, "to"), "d")
    expect(form.drawing.locator(".story-arrow--wrong")).to_have_count(1)
    expect(form.drawing.locator(".story-box--wrong .story-box__fault")).to_contain_text("⚠")
    publish(page)
    wrong = form.choice(form.step(0), 1).locator('[data-contentpath="to"]')
    expect(wrong.locator(".w-field__errors")).to_contain_text(NOWHERE)
    form = StoryForm(page)
    form.drawing.locator("summary").click()
    expect(form.drawing.locator("[data-story-list] .story-list__wrong .story-drawing__fault")).to_have_text([NOWHERE])
    assert Axe().run(page, context=".story-drawing", options=RULES).response["violations"] == []
    form.drawing.locator("[data-step='0'][data-choice='1']").click()
    expect(field(form.choice(form.step(0), 1), "text")).to_be_focused()

    # Mended and published.
    field(form.choice(form.step(0), 1), "to").fill("b")
    expect(form.drawing.locator(".story-arrow--wrong, .story-box--wrong")).to_have_count(0)
    publish(page)
    expect(page.locator(".messages .success")).to_contain_text(LESSON)

    # A learner reads the notice first, plays the story and sees the feedback.
    learner = visitor(viewport={"width": 360, "height": 780}).demo_sign_in("school@demo.example")
    learner.goto(f"{running_site.url}/modules/herkennen/niemand-antwoordt/")
    told = learner.locator("section.scenario")
    expect(told.get_by_role("heading", level=2)).to_have_text(TITLE)
    expect(told).to_contain_text(NOTICE)
    expect(told.get_by_text(SETTING)).to_be_hidden()
    told.locator("summary").click()
    expect(told.get_by_text(SETTING)).to_be_visible()
    told.get_by_text(STEPS[0].choices[1][0]).click()
    told.locator("button[value=choose]").click()
    expect(told.locator(".feedback")).to_have_text(STEPS[2].feedback)
    told.get_by_text(STEPS[2].choices[1][0]).click()
    told.locator("button[value=choose]").click()
    expect(told.locator(".feedback").last).to_contain_text(STEPS[5].feedback)
    expect(told).to_contain_text(SENTENCE)
    expect(told).to_contain_text(QUESTION)
    expect(told.get_by_role("radio")).to_have_count(0)
