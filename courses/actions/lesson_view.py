"""Choosing from which side lessons are shown: kept with the account, or with the browser's visit until somebody signs in."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from courses.lesson_view import KEY

if TYPE_CHECKING:
    from parties.models import Person


def lesson_view_choose(*, person: Person, view: str) -> None:
    """``view``: "school", "workplace", or "" for both.

    Raises:
        ValidationError: when it is something else.
    """
    person.lesson_view = view
    person.clean_fields(exclude={field.name for field in person._meta.fields} - {"lesson_view"})
    person.save(update_fields=["lesson_view"])


def visit_lesson_view_choose(*, store: MutableMapping[str, Any], view: str) -> None:
    """The same without an account."""
    store[KEY] = view


def lesson_view_adopt(*, store: MutableMapping[str, Any], person: Person) -> None:
    """Takes a visitor's choice along to the account that they sign in to. What was chosen there before wins."""
    view = store.pop(KEY, "")
    if view and not person.lesson_view:
        lesson_view_choose(person=person, view=view)
