"""Words as search compares them, and what it shows of a text."""

from html import unescape
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail import blocks

from courses.blocks import LessonBody
from courses.blocks.exercises import KeyBlock
from courses.search import Passage, best_passage, has_words, marked, snippet, words_of

LONG = " ".join(["een twee drie vier vijf"] * 10 + ["de klant belt"] + ["zes zeven acht negen tien"] * 10)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("De Coördinator’s meldpunt, 2x!", ["de", "coordinator", "s", "meldpunt", "2x"]),
        ('"discriminatie" OR * (klacht)', ["discriminatie", "or", "klacht"]),
        ("Şükrü_ß", ["sukru", "ss"]),
        ("\x00 ' \\ % _", []),
    ],
)
def test_words_are_letters_and_digits_without_capitals_and_accents(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_what_was_found_is_marked_and_the_rest_is_escaped() -> None:
    shown = marked("<b>Discriminatie</b> & een discriminerend  verzoek", ["discrimin"])
    assert shown == ("&lt;b&gt;<mark>Discriminatie</mark>&lt;/b&gt; &amp; een <mark>discriminerend</mark> verzoek")


def test_a_snippet_is_the_part_around_the_first_word() -> None:
    assert snippet(LONG, ["klant"]) == (
        "… drie vier vijf een twee drie vier vijf een twee drie vier vijf de <mark>klant</mark> belt"
        " zes zeven acht negen tien zes zeven acht negen tien zes zeven acht negen tien zes zeven acht negen tien"
        " zes zeven acht negen tien zes zeven …"
    )
    assert snippet("Een klant.", ["klant"]) == "Een <mark>klant</mark>."
    assert snippet("Kort.", ["klant"]) == "Kort."


@given(st.text(max_size=600), st.text(min_size=1, max_size=20))
def test_a_snippet_shows_what_stands_there_and_nothing_else(text: str, asked: str) -> None:
    words = words_of(asked)
    shown = snippet(text, words)
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert unescape(bare).strip("… ") in normalize("NFC", " ".join(text.split()))
    found = any(one.startswith(word) for word in words for one in words_of(text))
    assert ("<mark>" in shown) == ("<mark>" in marked(text, words))
    assert found or "<mark>" not in shown


def test_the_passage_with_most_of_the_words_is_the_best_and_the_first_of_equals() -> None:
    one, two, three = (
        Passage(text, text) for text in ("de klant belt", "de klant vraagt iets", "iets vraagt de klant")
    )
    assert best_passage([one, two, three], ["klant", "vraag"]) == two
    assert best_passage([one, two, three], ["trein"]) is None
    assert (has_words("De klant vraagt iets", ["klant", "vraag"]), has_words("De klant", ["klant", "vraag"])) == (
        True,
        False,
    )


def test_signs_labels_and_addresses_are_no_words_of_a_lesson() -> None:
    """Every block that holds something else than words for a reader is left out of the index."""
    silent = [
        name
        for name, block in _leaves(LessonBody(), "")
        if isinstance(block, NO_WORDS) and block.get_searchable_content(_something(block))
    ]
    assert silent == []
    assert len([name for name, block in _leaves(LessonBody(), "") if isinstance(block, NO_WORDS)]) >= 7


NO_WORDS = (KeyBlock, blocks.ChoiceBlock, blocks.MultipleChoiceBlock, blocks.URLBlock)


def _leaves(block: blocks.Block, name: str) -> list[tuple[str, blocks.Block]]:
    if isinstance(block, (blocks.StructBlock, blocks.StreamBlock)):
        return [leaf for key, child in block.child_blocks.items() for leaf in _leaves(child, f"{name}.{key}")]
    if isinstance(block, blocks.ListBlock):
        return _leaves(block.child_block, f"{name}[]")
    return [(name, block)]


def _something(block: blocks.Block) -> object:
    choices = list(getattr(block.field, "choices", []))
    if isinstance(block, blocks.MultipleChoiceBlock):
        return [choices[0][0]]
    return choices[-1][0] if choices else "https://a.example"
