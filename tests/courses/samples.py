"""A lesson with one block of every type, from every_block.yaml, for whatever holds for all of them."""

from pathlib import Path
from typing import Any

import yaml

from courses.actions.content import body_load
from courses.blocks import LessonBody
from courses.models import CoursePage, LessonPage
from tests.courses.conftest import publish

NAME = "elk-blok"


def every_block() -> list[dict[str, Any]]:
    """The samples as a fixture holds them; a block type without one stops the test that asks."""
    samples: list[dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "every_block.yaml").read_text(encoding="utf-8")
    )
    without = LessonBody().child_blocks.keys() - {sample["type"] for sample in samples}
    if without:
        raise AssertionError(f"every_block.yaml has no sample of {', '.join(sorted(without))}")
    return samples


def every_block_lesson(parent: CoursePage) -> LessonPage:
    page = LessonPage(title="Elk blok", slug=NAME, body=body_load(every_block(), namespace=NAME))
    return publish(parent, page)
