"""Charts as inline SVG: dated numbers in, text out.

Every chart is drawn twice, wide and for a phone, with an axis from zero. Positions are exact fractions and are rounded
once, to a tenth of a pixel, when they are written. Colours are classes of static/css/style.css.
"""

import datetime
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format, localize
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Number = int | float | Decimal
Point = tuple[datetime.date, Number]

MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120)
LETTER = 7  # pixels that a letter of 13 px takes, rounded up


@dataclass(frozen=True)
class Line:
    """One line of a trend: what it counts, and its points in order of date."""

    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Frame:
    """Where the plot lies in the picture, in pixels, and how many dates fit under it."""

    width: int
    height: int
    ticks: int
    left: int = 40
    top: int = 26
    margin_right: int = 18
    margin_bottom: int = 34

    @property
    def right(self) -> int:
        return self.width - self.margin_right

    @property
    def bottom(self) -> int:
        return self.height - self.margin_bottom


WIDE = Frame(width=980, height=300, ticks=12)
NARROW = Frame(width=340, height=270, ticks=4)


def px(value: Fraction | int) -> str:
    """A position with one decimal, rounded half to even from the exact value; never in exponents or with a comma."""
    tenths = round(Fraction(value) * 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def axis(highest: Number) -> tuple[int, int]:
    """Step and top of an axis from zero that holds ``highest`` in at most five round steps of 1, 2 or 5 times ten."""
    need = max(Fraction(highest), Fraction(1))
    power = 1
    while True:
        for one in (1, 2, 5):
            step = one * power
            steps = -(-need // step)
            if steps <= 5:
                return step, int(steps * step)
        power *= 10


def month_starts(first: datetime.date, last: datetime.date, every: int) -> list[datetime.date]:
    """The first days of every ``every``-th month, counted from January, in ``[first, last]``."""
    found = []
    month = first.year * 12 + first.month - 1
    while (day := datetime.date(month // 12, month % 12 + 1, 1)) <= last:
        if day >= first and month % every == 0:
            found.append(day)
        month += 1
    return found


def dates_under(first: datetime.date, last: datetime.date, most: int) -> list[tuple[datetime.date, str]]:
    """At most ``most`` dates to write under a plot, with their words: years, or first days of months."""
    for every in MONTH_STEPS:
        days = month_starts(first, last, every)
        if len(days) <= most:
            break
    if len(days) < 2:
        days = sorted({first, last})
        return [(day, date_format(day, "j b Y")) for day in days]
    if every >= 12:
        return [(day, str(day.year)) for day in days]
    words = [date_format(day, "j b Y" if day.month == 1 or place == 0 else "j b") for place, day in enumerate(days)]
    return list(zip(days, words, strict=True))


def text(x: Fraction | int, y: Fraction | int, words: str, *, css: str = "", anchor: str = "") -> SafeString:
    return format_html(
        '<text{} x="{}" y="{}"{}>{}</text>',
        format_html(' class="{}"', css) if css else "",
        px(x),
        px(y),
        format_html(' text-anchor="{}"', anchor) if anchor else "",
        words,
    )


def rule(css: str, x1: Fraction | int, x2: Fraction | int, y: Fraction | int) -> SafeString:
    return format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', css, px(x1), px(x2), px(y), px(y))


def picture(width: int, height: int, label: str, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        str(width),
        str(height),
        str(width),
        str(height),
        label,
        mark_safe("".join(parts)),  # the parts were escaped one by one
    )


def trend(
    *, lines: Sequence[Line], label: str, frame: Frame, target: Number | None = None, step: bool = False
) -> SafeString:
    """A line chart over time of one or two lines, with the target dashed.

    ``label`` says the finding for who does not see it. ``step``: a number holds until the next point (a stock that
    changes on dates), instead of growing between points.

    Raises:
        ValueError: for no line, more than two, or a line without points.
    """
    if not 1 <= len(lines) <= 2 or not all(line.points for line in lines):
        raise ValueError("a trend has one or two lines, each with points")
    days = [day for line in lines for day, _value in line.points]
    first, last = min(days), max(days)
    values = [value for line in lines for _day, value in line.points]
    every, top = axis(max([*values, *([] if target is None else [target])]))

    def x(day: datetime.date) -> Fraction:
        if first == last:
            return Fraction(frame.right)
        return frame.left + Fraction((day - first).days * (frame.right - frame.left), (last - first).days)

    def y(value: Number) -> Fraction:
        return frame.bottom - Fraction(value) * (frame.bottom - frame.top) / top

    parts: list[SafeString] = []
    for value in range(0, top + 1, every):
        parts.append(rule("gridline" if value else "axis", frame.left, frame.right, y(value)))
        parts.append(text(frame.left - 8, y(value) + Fraction(9, 2), localize(value), anchor="end"))
    for day, words in dates_under(first, last, frame.ticks):
        at_edge = x(day) + len(words) * LETTER / 2 > frame.width
        parts.append(text(x(day), frame.bottom + 24, words, anchor="end" if at_edge else "middle"))
    if target is not None:
        parts.append(rule("target", frame.left, frame.right, y(target)))
        words = _("Own target: %(target)s") % {"target": localize(target)}
        parts.append(text(frame.left + 6, y(target) - 8, words, css="t-ink"))
    ends = [y(line.points[-1][1]) for line in lines]
    for place, line in reversed(list(enumerate(lines))):
        parts.append(
            format_html(
                '<path class="line{}" d="{}"/>', " line--2" if place else "", path(line.points, x, y, step=step)
            )
        )
        end_day, end_value = line.points[-1]
        if place == 0:
            parts.append(format_html('<circle class="dot" cx="{}" cy="{}" r="6"/>', px(x(end_day)), px(ends[place])))
        words = localize(end_value) if frame is NARROW else f"{line.label}: {localize(end_value)}"
        lower = len(lines) == 2 and (ends[place], place) == max(zip(ends, (0, 1), strict=True))
        below = lower and abs(ends[0] - ends[1]) < 34
        shift = min(Fraction(24), frame.bottom - 4 - ends[place]) if below else Fraction(-14)
        parts.append(text(x(end_day), ends[place] + shift, words, css="t-ink", anchor="end"))
    return picture(frame.width, frame.height, label, parts)


def path(points: Sequence[Point], x, y, *, step: bool) -> str:  # type: ignore[no-untyped-def] # two local scales
    """The `d` of a line through the points; in steps, it runs flat to each next date and then jumps."""
    commands = []
    previous = None
    for day, value in points:
        if step and previous is not None:
            commands.append(f"L{px(x(day))} {px(previous)}")
        commands.append(f"{'M' if previous is None else 'L'}{px(x(day))} {px(y(value))}")
        previous = y(value)
    return " ".join(commands)


@dataclass(frozen=True)
class Bar:
    """One group: its words, its value (a text such as '<5' gets no bar), and its class of colour."""

    label: str
    value: Number | str
    css: str = "col"

    @property
    def size(self) -> Fraction:
        return Fraction(0) if isinstance(self.value, str) else Fraction(self.value)


def bars(*, rows: Sequence[Bar], unit: str, label: str, width: int) -> SafeString:
    """Bars under each other in the given order, each with its words above and its value behind it; from zero.

    ``unit`` is written right after each value ('%').

    Raises:
        ValueError: without rows.
    """
    if not rows:
        raise ValueError("a bar chart has rows")
    values = [f"{localize(row.value)}{unit}" for row in rows]
    room = width - 18 - LETTER * max(len(value) for value in values)
    highest = max(row.size for row in rows) or Fraction(1)
    parts: list[SafeString] = []
    height = 0
    for row, value in zip(rows, values, strict=True):
        for words in textwrap.wrap(row.label, width // LETTER):
            parts.append(text(0, height + 16, words, css="t-ink"))
            height += 18
        length = room * row.size / highest
        if length:
            parts.append(
                format_html(
                    '<rect class="{}" x="0" y="{}" width="{}" height="18" rx="4"/>', row.css, px(height + 6), px(length)
                )
            )
        parts.append(text(length + 10 if length else 0, height + 20, value, css="t-ink"))
        height += 40
    return picture(width, height, label, parts)


def table_of(lines: Sequence[Line]) -> Iterator[tuple[datetime.date, list[Number | None]]]:
    """The rows of the table beside a trend: each date, and the value of each line on it (None where it has none)."""
    known = [dict(line.points) for line in lines]
    for day in sorted({day for values in known for day in values}):
        yield day, [values.get(day) for values in known]
