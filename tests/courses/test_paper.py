"""A module on paper."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import PageViewRestriction

from courses.actions.content import body_load, modules_load
from courses.models import CoursePage, LessonPage, ModuleIndexPage
from courses.paper import paper_of, steps_of
from courses.player import STATES
from tests.courses.conftest import block, lesson, node, publish, scenario, single_choice
from tests.courses.samples import every_block

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),  # Wagtail, at a rendition
]
PATH = "/modules/herkennen/afdrukken/"


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_block_stands_on_paper_with_its_answers_after_the_lesson(client: Client, course_page: CoursePage) -> None:
    blocks = every_block()
    body = body_load(blocks, namespace="papier")
    publish(course_page, LessonPage(title="Alles", slug="alles", body=body))
    html = client.get(PATH).content.decode()
    (own,) = paper_of(course_page).lessons
    kinds = [part.block.block_type for part in own.parts]
    assert kinds == [one["type"] for one in blocks]
    assert [part.number for part in own.parts if part.exercise] == list(range(1, len(set(kinds) & STATES.keys()) + 1))
    assert {part.block.block_type for part in own.answers} == STATES.keys() - {"reflection", "scenario"}
    lesson_text, answers_text = (
        text_of(html[html.index(start) : html.index(end)])
        for start, end in [('<article class="paper-lesson', "</article>"), ('class="paper-appendix', "</main>")]
    )
    values = {one["type"]: one["value"] for one in blocks}
    for choice in values["single_choice"]["choices"] + values["multiple_choice"]["choices"]:
        assert choice["text"] in lesson_text
        assert choice["feedback"] not in lesson_text
        assert choice["feedback"] in answers_text
    for name in ("feedback_true", "feedback_false"):
        assert values["statement"][name] not in lesson_text
        assert values["statement"][name] in answers_text
    for pair in values["matching"]["pairs"]:
        assert f"{pair['left']} → {pair['right']}" in answers_text
    in_order = " ".join(item["text"] for item in values["ordering"]["items"])
    assert (in_order in answers_text, in_order in lesson_text) == (True, False)
    for item in values["ordering"]["items"]:
        assert item["text"] in lesson_text
    assert text_of(values["video"]["transcript"]) in lesson_text
    assert text_of(values["accordion"]["items"][0]["html"]) in lesson_text
    assert text_of(values["by_side"]["school"]) in lesson_text
    assert text_of(values["by_side"]["workplace"]) in lesson_text
    assert values["figure"]["source"] in lesson_text
    assert "<form" not in html[html.index('<article class="paper-lesson') :]


def test_a_story_is_numbered_steps_with_all_ways() -> None:
    nodes = [
        {**node("start", "", prompt="?"), "choices": [{"key": "a", "text": "Ja", "to": "end"}, {"key": "b", "text": "Nee", "to": "n2"}]},
        {**node("good", ""), "choices": []},
        {**node("n2", "", prompt="?"), "choices": [{"key": "weg", "text": "Weg", "to": "end"}, {"key": "x", "text": "Blijf", "to": "good"}, {"key": "y", "text": "Terug", "to": "start"}]},
        {**node("end", ""), "choices": []},
    ]  # fmt: skip
    assert [(one.number, one.node["key"], [(way.letter, way.text, way.step) for way in one.ways]) for one in steps_of(nodes)] == [
        (1, "start", [("A", "Ja", 2), ("B", "Nee", 3)]),
        (2, "end", []),
        (3, "n2", [("A", "Weg", 2), ("B", "Blijf", 4), ("C", "Terug", 1)]),
        (4, "good", []),
    ]  # fmt: skip


def test_every_way_of_every_story_of_the_modules_leads_to_a_step_that_stands_there(index: ModuleIndexPage) -> None:
    stories = [
        part
        for page in modules_load(parent=index)
        for own in paper_of(page).lessons
        for part in own.parts
        if part.block.block_type == "scenario"
    ]
    assert len(stories) == 12
    for part in stories:
        nodes = {one["key"]: one for one in part.block.value["nodes"]}
        assert {one.node["key"] for one in part.steps} == nodes.keys()
        by_number = {one.number: one.node["key"] for one in part.steps}
        for one in part.steps:
            assert [by_number[way.step] for way in one.ways] == [choice["to"] for choice in one.node["choices"]]


def test_links_are_whole_on_paper(client: Client, course_page: CoursePage, settings: object) -> None:
    html = '<p><a href="/waar/">Waar</a> en <a href="https://www.cbs.nl/">CBS</a></p>'
    lesson(course_page, "Links", block("text", uuid.UUID(int=5), html))
    settings.SITE_URL = "https://leren.example"  # type: ignore[attr-defined]
    body = client.get(PATH).content.decode()
    assert 'href="https://leren.example/waar/"' in body
    assert 'href="https://www.cbs.nl/"' in body
    assert 'href="/waar/"' not in body


def test_only_what_everyone_may_read_is_printed(
    client: Client, course_page: CoursePage, first: LessonPage, second: LessonPage
) -> None:
    def titles() -> list[str]:
        return [one.page.title for one in client.get(PATH).context["lessons"]]

    assert titles() == ["Kijken", "Terugblik"]
    restriction = PageViewRestriction.objects.create(page=first.page_ptr, restriction_type="login")
    assert titles() == ["Terugblik"]
    second.unpublish()
    assert titles() == []
    restriction.delete()
    assert titles() == ["Kijken"]
    PageViewRestriction.objects.create(page=course_page.page_ptr, restriction_type="login")
    assert client.get(PATH).status_code == 404
    PageViewRestriction.objects.all().delete()
    course_page.unpublish()
    assert client.get(PATH).status_code == 404
    assert client.get("/modules/bestaat-niet/afdrukken/").status_code == 404


def test_no_lesson_can_take_the_address(course_page: CoursePage) -> None:
    with pytest.raises(ValidationError) as raised:
        course_page.add_child(instance=LessonPage(title="Print", slug="afdrukken"))
    assert list(raised.value.message_dict) == ["slug"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_module_on_paper_costs_the_same_whatever_is_in_it(
    client: Client, course_page: CoursePage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        body = body_load(every_block(), namespace=f"papier{number}")
        publish(course_page, LessonPage(title=f"Les{number}", slug=f"les{number}", body=body))
        lesson(course_page, f"Nog{number}", single_choice(uuid.uuid4()), scenario(uuid.uuid4()))
    client.get(PATH)  # makes the renditions, which the cache knows after that
    with django_assert_num_queries(5):  # module, lessons, files, images, translations
        assert len(client.get(PATH).context["lessons"]) == 2 * count
