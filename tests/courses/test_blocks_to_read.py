"""What an editor is told about a block to read that is not right yet, and where."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils.translation import override
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from courses.blocks.media import says_nothing
from tests.courses.conftest import CHOICE, items
from tests.courses.test_blocks import cleaned, complaints

pytestmark = pytest.mark.django_db

REQUIRED = "This field is required."  # Django's own words
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"
CAPTIONS = b"WEBVTT\n\n00:01.500 --> 00:04.000\nZelfde brief.\n"


@pytest.fixture(autouse=True)
def _library() -> None:
    Collection.add_root(name="Root")


def document(name: str, content: bytes) -> int:
    return get_document_model().objects.create(title=name, file=ContentFile(content, name=name)).pk


def block(kind: str, **value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(CHOICE), "value": value}


def figure(**changes: Any) -> dict[str, Any]:
    value = {
        "title": "Ervaren",
        "rows": items({"label": "Alle", "value": "12.5"}),
        "unit": "%",
        "population": "Oud-studenten",
        "source": "CBS",
        "year": 2025,
        "url": "https://www.cbs.nl/",
        "note": "",
    }
    return block("figure", **{**value, **changes})


def test_a_figure_prints_source_and_year() -> None:
    with override("en"):
        assert cleaned(figure()).caption == (
            'Oud-studenten Source: <a class="utrecht-link utrecht-link--html-a" href="https://www.cbs.nl/">CBS, 2025</a>. '
        )


@time_machine.travel("2026-11-24")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"source": "", "population": "", "year": None},
            {
                "population": "Say who was asked, when and what. A number says nothing without the people it is about.",
                "source": "Say who did the research. A number without a source is not shown.",
                "year": "Say from which year the research is.",
            },
        ),
        ({"source": "?"}, {"source": "Say who did the research. A number without a source is not shown."}),
        ({"year": 2027}, {"year": "This year is still to come. Say from which year the research is."}),
    ],
)
def test_a_figure_without_its_source_is_refused(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert complaints(figure(**changes)) == expected


def an_image(name: str) -> int:
    drawing = ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', name=name)
    return get_image_model().objects.create(title="x", file=drawing).pk


def test_an_image_without_words_is_refused() -> None:
    assert complaints(block("image", image=None, alt="", caption="")) == {
        "image": "Choose an image.",
        "alt": "Say in a sentence what there is to see, for who does not see the image.",
    }


def test_an_image_with_only_its_name_is_refused_and_with_a_sentence_it_passes() -> None:
    image = an_image("zelfde-brief.svg")
    assert complaints(block("image", image=image, alt="Zelfde brief", caption="")) == {
        "alt": "This is a name, not what there is to see. Say in a sentence what the image tells."
    }
    assert cleaned(block("image", image=image, alt="Twee brieven, één antwoord.", caption=""))["image"].pk == image


@pytest.mark.parametrize(
    ("alt", "filename", "nothing"),
    [
        ("Afbeelding", "", True),
        ("afbeelding 3", "", True),
        ("Foto.", "", True),
        ("IMG_2034", "", True),
        ("schema.png", "", True),
        ("zelfde_brief", "zelfde-brief_Ab3dE9f.svg", True),
        ("1234", "", True),
        ("Een foto van twee brieven.", "", False),
        ("Zelfde brief, ander antwoord", "zelfde-brief.svg", False),
        ("Logo van ROC Mondriaan", "", False),
    ],
)
def test_what_says_nothing_about_an_image(alt: str, filename: str, nothing: bool) -> None:
    assert says_nothing(alt, filename) is nothing


def video(**changes: Any) -> dict[str, Any]:
    value = {
        "title": "Zelfde brief",
        "file": document("film.mp4", MP4),
        "captions": document("film.vtt", CAPTIONS),
        "transcript": "<p>Twee brieven.</p>",
    }
    return block("video", **{**value, **changes})


def test_a_good_film_passes() -> None:
    assert cleaned(video())["title"] == "Zelfde brief"
    assert cleaned(video(file=document("film.webm", WEBM)))["file"].content_type == "video/webm"


def test_a_film_without_captions_and_transcript_is_refused() -> None:
    assert complaints(video(file=None, captions=None, transcript="")) == {
        "file": "Choose the film.",
        "captions": "A film needs captions: choose a WebVTT file (.vtt).",
        "transcript": "A film needs a transcript: write out what is said and shown.",
    }
    assert complaints(video(transcript="<p> </p>")) == {
        "transcript": "A film needs a transcript: write out what is said and shown."
    }


@pytest.mark.parametrize(
    ("name", "content"), [("film.avi", MP4), ("film.mp4", b"%PDF-1.7"), ("film.mp4", WEBM), ("film.webm", MP4)]
)
def test_a_file_that_no_browser_plays_is_refused(name: str, content: bytes) -> None:
    assert complaints(video(file=document(name, content))) == {
        "file": "This is not an MP4 or WebM file. Browsers cannot play it."
    }


def test_a_film_that_is_gone_from_the_disk_is_said_and_not_a_crash() -> None:
    raw = video()
    film = get_document_model().objects.get(pk=raw["value"]["file"])
    film.file.storage.delete(film.file.name)
    assert complaints(raw) == {"file": "This is not an MP4 or WebM file. Browsers cannot play it."}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "film.srt",
            CAPTIONS,
            "Captions are a WebVTT file, and its name ends in .vtt. This file is something else.",
        ),
        (
            "film.vtt",
            b"1\n00:00:01,500 --> 00:00:04,000\nDit is SRT.\n",
            "This is not a WebVTT file. It begins with the word WEBVTT, and is saved as UTF-8.",
        ),
        (
            "film.vtt",
            "WEBVTT\n\n00:01.500 --> 00:04.000\nEén brief.\n".encode("cp1252"),
            "This is not a WebVTT file. It begins with the word WEBVTT, and is saved as UTF-8.",
        ),
        (
            "film.vtt",
            b"WEBVTT\n\n00:01,500 --> 00:04,000\nKomma.\n",
            "A time in these captions is not right. It looks like this: 00:01.500 --> 00:04.000",
        ),
        ("film.vtt", b"WEBVTT\n\nNOTE Nog niets.\n", "There is no text in these captions."),
    ],
)
def test_captions_that_no_browser_shows_are_refused(name: str, content: bytes, sentence: str) -> None:
    assert complaints(video(captions=document(name, content))) == {"captions": sentence}


def test_everything_that_is_wrong_with_a_film_is_said_at_once() -> None:
    raw = video(file=document("film.mp4", b"%PDF-1.7"), captions=None)
    assert complaints(raw) == {
        "file": "This is not an MP4 or WebM file. Browsers cannot play it.",
        "captions": "A film needs captions: choose a WebVTT file (.vtt).",
    }


def legal_note(**changes: Any) -> dict[str, Any]:
    value = {
        "title": "Een opdracht telt ook",
        "html": "<p>Wie hem uitvoert, maakt onderscheid.</p>",
        "law": "Algemene wet gelijke behandeling, artikel 1",
        "url": "",
        "checked": "2026-11-24",
    }
    return block("legal_note", **{**value, **changes})


@time_machine.travel("2026-11-24 12:00:00+01:00")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"law": "", "checked": None},
            {
                "law": "Say which law and article, or which ruling, this comes from.",
                "checked": "Say when somebody last read this beside the source. If nobody did, do that first.",
            },
        ),
        (
            {"checked": "2026-11-25"},
            {"checked": "This day is still to come. Fill in the day on which it was read beside the source."},
        ),
        ({"title": ""}, {"title": REQUIRED}),
    ],
)
def test_a_legal_note_says_which_law_and_when_it_was_checked(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert complaints(legal_note(**changes)) == expected


@time_machine.travel("2026-11-24 12:00:00+01:00")
def test_a_legal_note_may_be_checked_today_and_need_no_address() -> None:
    assert cleaned(legal_note())["checked"] == dt.date(2026, 11, 24)


def test_a_download_needs_a_file_and_a_title_of_its_own() -> None:
    guide = document("gesprekswijzer.pdf", b"%PDF-1.7")
    sentence = "Say what the file is. Its name alone says too little."
    assert complaints(block("download", file=None, title="", description="")) == {
        "file": "Choose the file.",
        "title": sentence,
    }
    assert complaints(block("download", file=guide, title="gesprekswijzer.pdf", description="")) == {"title": sentence}
    film = document("film.mp4", MP4)
    assert complaints(block("download", file=film, title="De film", description="")) == {
        "file": "This is a film. Use the block “Video”, so that it gets captions."
    }


@pytest.mark.parametrize(
    ("name", "size", "kind"),
    [
        ("gids.pdf", 28_000, ("PDF", "27.3 KB")),
        ("gids.DOCX", 2_400_000, ("Word document", "2.3 MB")),
        ("gids.key", 900, ("KEY", "900 bytes")),
    ],
)
def test_a_download_says_what_kind_of_file_it_is_and_how_large(name: str, size: int, kind: tuple[str, str]) -> None:
    file = get_document_model().objects.create(title="x", file=ContentFile(b"x", name=name), file_size=size)
    value = cleaned(block("download", file=file.pk, title="De gids", description=""))
    with override("en"):
        assert (value.kind, value.size.replace("\xa0", " ")) == kind


def test_both_sides_and_every_part_of_an_accordion_need_text() -> None:
    assert complaints(block("by_side", title="", school="<p>x</p>", workplace="")) == {"workplace": REQUIRED}
    empty = items({"heading": "Kop", "html": ""})
    assert complaints(block("accordion", items=empty)) == {"items": {0: {"html": REQUIRED}}}
