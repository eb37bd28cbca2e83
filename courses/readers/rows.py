"""What readers of every kind of block share: ids that follow from names, and rows."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

Values = Mapping[str, Any]


def stable_id(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"gelijkop:{name}")


def items(rows: Iterable[Values], name: str) -> list[dict[str, Any]]:
    """Rows as the JSON of a ListBlock, with ids that follow from their own key or their place."""
    return [
        {"type": "item", "id": str(stable_id(f"{name}/{row.get('key', index)}")), "value": row}
        for index, row in enumerate(rows)
    ]
