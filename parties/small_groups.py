"""What is shown of how people chose: numbers that say nothing about fewer than five. Counts in, shown numbers out.

Every number is rounded down to a multiple of five, as everywhere outside an organisation (product.md, rule 4). Nought is
hidden too, because 'nobody chose the other answer' says what everybody chose. So every number stands for five possible ones,
and subtracting one from another does not lead below five; ``tells_too_much`` finds the sums that would lead there after all.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import localize
from django.utils.translation import gettext as _

STEP = 5

#: Shown for 1 to 4; the same text stands in /voortgang.json.
HIDDEN = "<5"

Shown = int | str

#: Stands for numbers that are held back because a hidden one could be worked out from them.
HELD_BACK = "…"

#: As many values at least must be left for a number under five, when everything that is shown is put together.
LEAST_POSSIBLE = 3


def shown(count: int) -> Shown:
    """0, '<5', or the count rounded down to a multiple of 5."""
    if count <= 0:
        return 0
    return HIDDEN if count < STEP else count - count % STEP


def rounded(count: int) -> Shown:
    """A multiple of five, or '<5' for 0 to 4."""
    return shown(count) if count >= STEP else HIDDEN


def tells_too_much(total: int, parts: Sequence[int]) -> bool:
    """Whether rounded parts beside their rounded total leave fewer than ``LEAST_POSSIBLE`` values for a part under five.

    Every number may be up to four higher than it is shown. When the rounded parts fall so far short of the total that
    nearly all of them must be nearly four higher, a hidden part is known: 4, 4, 4, 4 and 4 of 20 is one such case.
    """
    if not any(part < STEP for part in parts):
        return False
    short = _floor(total) - sum(_floor(part) for part in parts)
    least = short - (STEP - 1) * (len(parts) - 1)
    return STEP - least < LEAST_POSSIBLE


def words(number: Shown) -> str:
    """What stands on the screen and in the export for a shown number."""
    if number == HIDDEN:
        return _("fewer than 5")
    return _("held back") if number == HELD_BACK else localize(number)


def _floor(count: int) -> int:
    return count - count % STEP
