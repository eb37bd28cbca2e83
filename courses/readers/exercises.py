"""Exercises, from how a fixture holds them to the JSON of a StreamField. A row's ``id`` is its sign: answers hang on it."""

from collections.abc import Callable
from typing import Any

from courses.readers.rows import Values, items


def _single_choice(value: Values, name: str) -> dict[str, Any]:
    return {"question": value["question"], "choices": items([_answer(choice) for choice in value["choices"]], name)}


def _multiple_choice(value: Values, name: str) -> dict[str, Any]:
    return {**_single_choice(value, name), "feedback": value["feedback"]}


def _answer(choice: Values) -> dict[str, Any]:
    return {
        "key": choice["id"],
        "text": choice["text"],
        "correct": choice["correct"],
        "feedback": choice["feedback"],
        "lenses": choice.get("lenses", []),
    }


def _statement(value: Values, name: str) -> dict[str, Any]:
    return {
        "statement": value["statement"],
        "truth": "true" if value["truth"] else "false",
        "feedback_true": value["feedback_true"],
        "feedback_false": value["feedback_false"],
        "lenses": value.get("lenses", []),
        "source": value.get("source", ""),
        "year": value.get("year"),
        "url": value.get("url", ""),
    }


def _ordering(value: Values, name: str) -> dict[str, Any]:
    rows = [{"key": item["id"], "text": item["text"]} for item in value["items"]]
    return {**_explained(value), "items": items(rows, name)}


def _matching(value: Values, name: str) -> dict[str, Any]:
    rows = [{"key": pair["id"], "left": pair["left"], "right": pair["right"]} for pair in value["pairs"]]
    return {**_explained(value), "pairs": items(rows, name)}


def _explained(value: Values) -> dict[str, Any]:
    return {"question": value["question"], "feedback": value["feedback"], "lenses": value.get("lenses", [])}


def _reflection(value: Values, name: str) -> dict[str, Any]:
    return {"question": value["question"], "hint": value.get("hint", "")}


def _poll(value: Values, name: str) -> dict[str, Any]:
    rows = [{"key": choice["id"], "text": choice["text"]} for choice in value["choices"]]
    return {"question": value["question"], "choices": items(rows, name), "feedback": value.get("feedback", "")}


def _scenario(value: Values, name: str) -> dict[str, Any]:
    nodes = sorted(value["nodes"], key=lambda node: node["id"] != value["start"])
    return {
        "title": value["title"],
        "view": value["view"],
        "notice": value.get("notice", ""),
        "setting": value["setting"],
        "nodes": items([_node(node, name) for node in nodes], name),
        "sentence": value.get("sentence", ""),
        "question": value.get("question", ""),
    }


def _node(node: Values, name: str) -> dict[str, Any]:
    choices = [{"key": choice["id"], "text": choice["text"], "to": choice["to"]} for choice in node["choices"]]
    return {
        "key": node["id"],
        "speaker": node["speaker"],
        "html": node["html"],
        "feedback": node["feedback"],
        "lenses": node["lenses"],
        "prompt": node["prompt"],
        "choices": items(choices, f"{name}/{node['id']}"),
    }


EXERCISES: dict[str, Callable[[Values, str], Any]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "statement": _statement,
    "ordering": _ordering,
    "matching": _matching,
    "reflection": _reflection,
    "poll": _poll,
    "scenario": _scenario,
}
