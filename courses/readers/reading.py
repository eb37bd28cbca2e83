"""Blocks to read, from how a fixture holds them to the JSON of a StreamField."""

from collections.abc import Callable
from typing import Any

from courses.actions.files import document_ensure, image_ensure
from courses.readers.rows import Values, items


def _text(value: Values, name: str) -> str:
    return value["html"]


def _image(value: Values, name: str) -> dict[str, Any]:
    image = image_ensure(file=value["file"], alt=value["alt"])
    return {"image": image.pk, "alt": value["alt"], "caption": value.get("caption", "")}


def _quote(value: Values, name: str) -> dict[str, Any]:
    return {"text": value["text"], "attribution": value.get("attribution", "")}


def _callout(value: Values, name: str) -> dict[str, Any]:
    return {"kind": value["kind"], "title": value["title"], "html": value["html"]}


def _legal_note(value: Values, name: str) -> dict[str, Any]:
    return {
        "title": value["title"],
        "html": value["html"],
        "law": value["law"],
        "url": value.get("url", ""),
        "checked": str(value["checked"]),
    }


def _figure(value: Values, name: str) -> dict[str, Any]:
    rows = [{"label": row["label"], "value": str(row["value"])} for row in value["rows"]]
    return {
        "title": value["title"],
        "rows": items(rows, name),
        "unit": value["rows"][0].get("unit", ""),
        "population": value["population"],
        "source": value["source"],
        "year": value["year"],
        "url": value.get("url", ""),
        "note": value.get("note", ""),
    }


def _video(value: Values, name: str) -> dict[str, Any]:
    film = document_ensure(folder="videos", file=value["file"], title=value["title"])
    captions = document_ensure(folder="videos", file=value["captions"], title=f"{value['title']} (.vtt)")
    return {
        "title": value["title"],
        "file": film.pk,
        "captions": captions.pk,
        "transcript": value["transcript"],
    }


def _download(value: Values, name: str) -> dict[str, Any]:
    document = document_ensure(folder="documents", file=value["file"], title=value["title"])
    return {"file": document.pk, "title": value["title"], "description": value.get("description", "")}


def _accordion(value: Values, name: str) -> dict[str, Any]:
    parts = items(
        [{"key": item["id"], "heading": item["heading"], "html": item["html"]} for item in value["items"]], name
    )
    for part in parts:
        del part["value"]["key"]  # nothing hangs on it
    return {"items": parts}


def _by_side(value: Values, name: str) -> dict[str, Any]:
    return {"title": value.get("title", ""), "school": value["school"], "workplace": value["workplace"]}


READING: dict[str, Callable[[Values, str], Any]] = {
    "text": _text,
    "image": _image,
    "quote": _quote,
    "callout": _callout,
    "legal_note": _legal_note,
    "figure": _figure,
    "video": _video,
    "download": _download,
    "accordion": _accordion,
    "by_side": _by_side,
}
