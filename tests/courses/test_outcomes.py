"""What a given answer means: what is kept of it, and what is said when it cannot be kept. From form to outcome."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given as drawn
from hypothesis import strategies as st
from wagtail.blocks import StreamValue

from courses.blocks import LessonBody
from courses.exercises import OUTCOMES, outcome
from courses.given import READERS, given_in
from courses.states import mixed
from parties.clean import plain_text
from tests.courses.kinds import (
    CHOICE,
    CLAIM,
    GIVEN,
    MANY,
    MATCH,
    ORDER,
    POLL,
    STORY,
    THOUGHT,
    every_kind,
)


@pytest.fixture
def body() -> StreamValue:
    return LessonBody().to_python(every_kind())


PRIVATE = {THOUGHT}


@pytest.mark.parametrize(
    ("block_id", "given", "kept"), [(key, given, kept) for key, rows in GIVEN.items() for given, kept in rows]
)
def test_what_is_kept_and_may_be_given_again(
    body: StreamValue, block_id: uuid.UUID, given: dict[str, Any], kept: dict[str, Any]
) -> None:
    for one in (given, kept):
        result = outcome(body, block_id, one)
        assert (result.value, result.answered, result.private) == (kept, True, block_id in PRIVATE)


@pytest.mark.parametrize(
    ("block_id", "given", "sentence"),
    [
        (CHOICE, {}, "Choose an answer first."),
        (CHOICE, {"choice": "z"}, "This answer was changed in the meantime. Choose again."),
        (POLL, {"choice": ""}, "Choose an answer first."),
        (CLAIM, {"choice": "maybe"}, "This answer was changed in the meantime. Choose again."),
        (MANY, {"choices": []}, "Choose at least one answer first."),
        (MANY, {"choices": ["a", "z"]}, "One of these answers was changed in the meantime. Choose again."),
        (ORDER, {"places": {"a": "1", "b": "", "c": "2"}}, "Give each line a number first."),
        (ORDER, {"places": {"a": "1", "b": "4", "c": "2"}}, "Give each line a number first."),
        (ORDER, {"places": {"a": "1", "b": "2", "c": "2"}}, "Number 2 stands there twice. Each line has its own."),
        (ORDER, {"places": {"a": "1", "b": "2"}}, "This exercise was changed in the meantime. Put it in order again."),
        (ORDER, {"order": ["a", "b", "z"]}, "This exercise was changed in the meantime. Put it in order again."),
        (ORDER, {}, "This exercise was changed in the meantime. Put it in order again."),
        (MATCH, {"pairs": {"a": "a", "b": "", "c": "c"}}, "Choose something with each line first."),
        (MATCH, {"pairs": {"a": "a", "b": "b"}}, "This exercise was changed in the meantime. Choose again."),
        (MATCH, {"pairs": {"a": "a", "b": "b", "c": "z"}}, "This exercise was changed in the meantime. Choose again."),
        (THOUGHT, {"text": " \n<script>x</script> "}, "Write something first. A few words are enough."),
        (THOUGHT, {"text": "a" * 2001}, "This is 2001 characters long. Shorten it to 2000 at most."),
        (STORY, {"path": [""]}, "Choose what you do first."),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(
    body: StreamValue, block_id: uuid.UUID, given: dict[str, Any], sentence: str
) -> None:
    with override("en"), pytest.raises(ValidationError) as caught:
        outcome(body, block_id, given)
    assert caught.value.messages == [sentence]


def test_a_deleted_reflection_keeps_nothing(body: StreamValue) -> None:
    result = outcome(body, THOUGHT, {"delete": True})
    assert (result.value, result.private) == ({"text": ""}, True)


def test_lines_of_a_form_count_as_one_character_each(body: StreamValue) -> None:
    text = "a\r\n" * 999 + "bb"
    assert outcome(body, THOUGHT, {"text": text}).value == {"text": text.replace("\r\n", "\n")}


@pytest.mark.parametrize(
    ("kind", "posted", "kept", "given"),
    [
        ("single_choice", "keuze=b", None, {"choice": "b"}),
        ("statement", "keuze=true", None, {"choice": "true"}),
        ("poll", "", None, {"choice": ""}),
        ("multiple_choice", "keuze=c&keuze=a&les=1", None, {"choices": ["c", "a"]}),
        ("ordering", "plek-a=2&plek-b-x=1&paar-a=9", None, {"places": {"a": "2", "b-x": "1"}}),
        ("matching", "paar-a=b&paar-b=&plek-a=1", None, {"pairs": {"a": "b", "b": ""}}),
        ("reflection", "tekst=Ik+zweeg", {"text": "Eerder"}, {"text": "Ik zweeg"}),
        ("reflection", "tekst=Ik+zweeg&doe=delete", {"text": "Eerder"}, {"delete": True}),
        ("scenario", "doe=choose&stap=1&keuze=x", {"path": ["a", "b"]}, {"path": ["a", "x"]}),
        ("scenario", "doe=choose&keuze=x", {"path": ["a"]}, {"path": ["a", "x"]}),
        ("scenario", "doe=choose&stap=0&keuze=x", {"path": ["a", "b"]}, {"path": ["x"]}),
        ("scenario", f"doe=choose&stap={'9' * 5000}&keuze=x", {"path": ["a"]}, {"path": ["a", "x"]}),
        ("scenario", "doe=back&stap=2", {"path": ["a", "b"]}, {"path": ["a"]}),
        ("scenario", "doe=restart", {"path": ["a"]}, {"path": []}),
        ("scenario", "doe=skip", None, {"skipped": True}),
    ],
)
def test_a_form_says_what_was_given(kind: str, posted: str, kept: Any, given: dict[str, Any]) -> None:
    assert given_in(kind, QueryDict(posted), kept) == given


def test_every_exercise_has_a_form_and_an_outcome(body: StreamValue) -> None:
    assert set(READERS) == set(OUTCOMES) == {child.block_type for child in body}


@drawn(st.lists(st.text(min_size=1, max_size=4), min_size=2, max_size=8, unique=True), st.text(max_size=36))
def test_what_is_mixed_is_never_in_its_own_order_and_always_the_same(keys: list[str], seed: str) -> None:
    found = mixed(keys, seed)
    assert sorted(found) == sorted(keys)
    assert found != keys
    assert mixed(keys, seed) == found


@drawn(
    st.text(
        alphabet=st.characters(blacklist_characters="<>&", blacklist_categories=("C", "Z")) | st.sampled_from(" \n")
    )
)
def test_plain_text_leaves_words_as_they_are(text: str) -> None:
    assert plain_text(text) == text.strip()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a <script>alert(1)</script> b", "a  b"),
        ("<p>een</p>\r\n\r\n<p>twee</p>", "een\n\ntwee"),
        ("5 > 3 & 2 < 4", "5 > 3 & 2 < 4"),
        ("<img src=x onerror=alert(1)>hallo\x00", "hallo"),
    ],
)
def test_plain_text(typed: str, words: str) -> None:
    assert plain_text(typed) == words
