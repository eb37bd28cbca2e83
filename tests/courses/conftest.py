"""A site with one module to do: two lessons, the first with a choice and a story."""

import json
import uuid

import pytest
from wagtail.models import Collection, Locale, Page, Site

from cms.models import HomePage
from courses.models import Course, CoursePage, LessonPage, ModuleIndexPage
from parties.models import Person
from tests.factories import PersonFactory

CHOICE = uuid.UUID(int=1)
STORY = uuid.UUID(int=2)


def block(kind: str, block_id: uuid.UUID, value: object) -> dict[str, object]:
    return {"type": kind, "id": str(block_id), "value": value}


def items(*values: object) -> list[dict[str, object]]:
    return [{"type": "item", "id": str(uuid.uuid4()), "value": value} for value in values]


def single_choice(block_id: uuid.UUID = CHOICE, question: str = "Wie maakt onderscheid?") -> dict[str, object]:
    def answer(key: str, text: str, correct: bool, feedback: str) -> dict[str, object]:
        return {"key": key, "text": text, "correct": correct, "feedback": feedback, "lenses": ["herkennen"]}

    choices = items(
        answer("a", "Alleen de klant.", False, "Wat ziet de stagiair?"),
        answer("b", "Jullie allebei.", True, "Doorgeven telt ook."),
    )
    return block("single_choice", block_id, {"question": question, "choices": choices})


def node(key: str, html: str, feedback: str = "", prompt: str = "", **choices: str) -> dict[str, object]:
    return {
        "key": key,
        "speaker": "",
        "html": f"<p>{html}</p>",
        "feedback": f"<p>{feedback}</p>" if feedback else "",
        "lenses": [],
        "prompt": prompt,
        "choices": items(*({"key": own, "text": f"Kies {own}", "to": to} for own, to in choices.items())),
    }


def scenario(block_id: uuid.UUID = STORY) -> dict[str, object]:
    nodes = items(
        node("n1", "De manager belt.", prompt="Wat doe je?", a="end", b="n2"),
        node("n2", "Er is geen regel.", feedback="Eerst de feiten.", prompt="En nu?", x="end", y="good"),
        node("end", "De plek is weg.", feedback="Niemand ziet het meer."),
        node("good", "Samira beslist zelf.", feedback="Je praat over werk."),
    )
    value = {
        "title": "Iets neutraals",
        "view": "school",
        "notice": "Dit verhaal gaat over een hoofddoek.",
        "setting": "<p>Samira zoekt een stage.</p>",
        "nodes": nodes,
        "sentence": "Welke vaardigheid mist u bij haar?",
        "question": "Wie bescherm ik?",
    }
    return block("scenario", block_id, value)


def publish(parent: Page, page: Page) -> Page:
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def lesson(parent: CoursePage, title: str, *blocks: dict[str, object]) -> LessonPage:
    return publish(parent, LessonPage(title=title, slug=title.lower(), body=json.dumps(blocks)))


def module(index: ModuleIndexPage, title: str, position: int = 1) -> CoursePage:
    course = Course.objects.create(slug=title.lower(), title=title, position=position, minutes=50, goals=["Zien."])
    return publish(index, CoursePage(title=title, slug=title.lower(), course=course, sign="module-herkennen"))


def site() -> ModuleIndexPage:
    Locale.objects.get_or_create(language_code="nl")
    Collection.add_root(name="Root")
    root = Page.add_root(instance=Page(title="Root", slug="root"))
    home = publish(root, HomePage(title="Home", slug="home"))
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return publish(home, ModuleIndexPage(title="Modules", slug="modules"))


@pytest.fixture
def index(db: None) -> ModuleIndexPage:
    return site()


@pytest.fixture
def course_page(index: ModuleIndexPage) -> CoursePage:
    return module(index, "Herkennen")


@pytest.fixture
def first(course_page: CoursePage) -> LessonPage:
    return lesson(course_page, "Kijken", single_choice(), scenario())


@pytest.fixture
def second(course_page: CoursePage, first: LessonPage) -> LessonPage:
    return lesson(course_page, "Terugblik", block("text", uuid.UUID(int=3), "<p>Tot slot.</p>"))


@pytest.fixture
def person(db: None) -> Person:
    return PersonFactory()
