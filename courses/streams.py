"""The blocks of many pages at once: what they choose (images, files) is read in one query a kind, not one a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias

from wagtail.blocks import StreamValue

from courses.blocks.media import documents_at_once

Child: TypeAlias = StreamValue.StreamChild


def children_of(bodies: Sequence[StreamValue]) -> list[list[Child]]:
    """The blocks of each of these streams, which are of one kind of stream, in the order of the streams."""
    if not bodies:
        return []
    rows = [list(body.raw_data) for body in bodies]
    joined = StreamValue(bodies[0].stream_block, [row for own in rows for row in own], is_lazy=True)
    ends = list(accumulate((len(own) for own in rows), initial=0))
    with documents_at_once(joined):
        children = list(joined)
    return [children[start:end] for start, end in pairwise(ends)]
