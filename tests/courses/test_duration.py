"""How long a lesson takes, from its words and its exercises."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from courses.blocks import LessonBody
from courses.duration import longest_way, minutes_of
from courses.models import CoursePage, LessonPage
from courses.scenario import Choice, Node
from tests.courses.conftest import block, lesson, node, scenario, single_choice
from tests.courses.kinds import every_kind, matching, multiple_choice, ordering, poll, reflection, statement
from tests.courses.test_scenario import END, branch, stories
from tests.factories import PersonFactory, RoleFactory

BODY = LessonBody()


def text(words: int, block_id: uuid.UUID | None = None) -> dict[str, Any]:
    return block("text", block_id or uuid.uuid4(), f"<p>{'woord ' * words}</p>")


def minutes(*blocks: dict[str, Any]) -> int:
    return minutes_of(BODY.to_python(list(blocks)))


@pytest.mark.parametrize(
    ("words", "expected"), [([], 1), ([1], 1), ([180], 1), ([181], 2), ([90, 90], 1), ([180, 180, 1], 3), ([1800], 10)]
)
def test_text_is_read_at_180_words_a_minute(words: list[int], expected: int) -> None:
    assert minutes(*map(text, words)) == expected


def test_tags_are_no_words_and_words_of_neighbours_stay_apart() -> None:
    filling = [text(178)]
    assert minutes(*filling, block("text", uuid.uuid4(), "<p>een</p><ul><li>twee</li></ul>")) == 1
    assert minutes(*filling, block("text", uuid.uuid4(), "<p>een</p><ul><li>twee</li><li>drie</li></ul>")) == 2


@pytest.mark.parametrize(
    ("raw", "seconds", "words"),
    [
        (single_choice(), 30, 3 + 2 + 3 + 4),  # question, answers, the longest feedback
        (multiple_choice(), 3 * 15, 6 + 14 + 11 + 5),  # question, answers, all feedback, the explanation
        (statement(), 30, 6 + 6),  # statement, the longest feedback
        (ordering(), 3 * 15, 2 + 2 * 3 + 3),  # question, lines twice, explanation
        (matching(), 3 * 15, 3 + 2 * 15 + 4),  # question, pairs twice, explanation
        (reflection(), 180, 4 + 4),
        (poll(), 30, 3 + 3 + 2),
    ],
    ids=lambda raw: raw["type"] if isinstance(raw, dict) else "",
)
def test_each_exercise_takes_its_own_time(raw: dict[str, Any], seconds: int, words: int) -> None:
    """A word is a third of a second: text that just fits in the last minute, and one word that does not."""
    spent = 3 * seconds + words
    room = -spent % 180
    assert minutes(raw, text(room)) == (spent + room) // 180
    assert minutes(raw, text(room + 1)) == (spent + room) // 180 + 1


def test_a_story_takes_its_longest_way() -> None:
    def story(*nodes: dict[str, Any]) -> dict[str, Any]:
        raw = scenario()
        raw["value"]["nodes"] = [{"type": "item", "id": str(uuid.uuid4()), "value": value} for value in nodes]
        return raw

    short = [node("n1", "x", prompt="?", a="end", b="n2"), node("n2", "y", prompt="?", a="end"), node("end", "z")]
    long = [node("n1", "x", prompt="?", a="end", b="n2"), node("n2", "y " * 900, prompt="?", a="end"), node("end", "z")]
    beside = [
        node("n1", "x", prompt="?", a="end", b="n2"),
        node("n2", "y " * 900, prompt="?", a="end"),
        node("end", "z " * 9),
    ]
    assert minutes(story(*short)) == 2
    assert minutes(story(*long)) == minutes(story(*beside)) == 7


def test_the_longest_way_counts_a_round_once_and_leaves_out_what_is_not_on_it() -> None:
    nodes = [branch("start", "b", "c"), branch("b", "start", "end"), branch("c", "end"), END]
    assert longest_way(nodes, {"start": 1, "b": 10, "c": 100, "end": 1000}) == 1111
    assert (
        longest_way(
            [branch("start", "b", "c"), branch("b", "end"), branch("c", "end"), END],
            {"start": 1, "b": 10, "c": 100, "end": 1000},
        )
        == 1101
    )
    assert longest_way([branch("start", "nergens")], {"start": 5}) == 5
    assert longest_way([], {}) == 0


@given(stories(), st.data())
def test_the_longest_way_is_at_least_as_long_as_any_that_is_walked_without_turning_back(
    nodes: list[Node], data: st.DataObject
) -> None:
    times = {one.key: data.draw(st.integers(0, 100)) for one in nodes}
    by_key = {one.key: one for one in nodes}
    here, seen, spent = nodes[0].key, set[str](), 0
    while here not in seen:
        seen.add(here)
        spent += times[here]
        onward = [choice.to for choice in by_key[here].choices if choice.to in by_key]
        if onward:
            here = data.draw(st.sampled_from(onward))
    assert spent <= longest_way(nodes, times) <= sum(times.values())


def test_many_ways_through_one_story_are_counted_at_once() -> None:
    layers = [
        Node(f"{layer}-{place}", "?", tuple(Choice(str(to), f"{layer + 1}-{to}") for to in range(5)))
        for layer in range(20)
        for place in range(5)
    ]
    nodes = [*layers, *(Node(f"20-{place}") for place in range(5))]
    assert longest_way(nodes, dict.fromkeys((one.key for one in nodes), 1)) == 21


POOL = [
    *every_kind(),
    text(40),
    block("quote", uuid.uuid4(), {"text": "Zo ging het.", "attribution": "Iemand"}),
    block("callout", uuid.uuid4(), {"kind": "tip", "title": "Doe dit", "html": "<p>Vraag door.</p>"}),
]


@given(st.lists(st.sampled_from(POOL), max_size=12), st.lists(st.sampled_from(POOL), max_size=12))
def test_more_blocks_never_mean_fewer_minutes(some: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    assert 1 <= minutes(*some) <= minutes(*some, *more)


@pytest.mark.django_db
def test_a_lesson_counts_its_minutes_when_it_is_saved_and_its_lists_need_no_bodies(course_page: CoursePage) -> None:
    page = lesson(course_page, "Lang", text(900))
    assert page.minutes == 5
    page.body = json.dumps([text(1800)])
    page.minutes = 99
    revision = page.save_revision()
    assert revision.as_object().minutes == 10
    assert LessonPage.objects.get().minutes == 5
    revision.publish()
    assert LessonPage.objects.of_course_pages([course_page]).get().minutes == 10


@pytest.mark.django_db
def test_an_editor_sees_the_minutes_and_cannot_fill_them_in(client: Client, course_page: CoursePage) -> None:
    page = lesson(course_page, "Lang", text(900))
    editor = PersonFactory(is_superuser=True)
    RoleFactory(person=editor, kind="administrator")
    client.force_login(editor)
    shown = client.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    assert 'name="minutes"' not in shown
    assert "minutes" not in LessonPage.get_edit_handler().get_form_class().base_fields
