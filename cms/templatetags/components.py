"""Components for templates: `{% load components %}`.

Few, with named arguments only: an argument that a component does not know is refused when the template is compiled.
Every component in every state stands on /stijl/; when to use which stands in docs/look.md.
"""

import datetime
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms import charts
from cms.templatetags.fields import FieldView, field_view
from parties.languages import active_language

register = template.Library()

ICONS = frozenset(
    [
        "arrow",
        "award",
        "back",
        "book",
        "calendar",
        "chat",
        "check",
        "chevron",
        "circle",
        "clock",
        "close",
        "down",
        "download",
        "ear",
        "edit",
        "error",
        "eye",
        "hand",
        "home",
        "info",
        "lock",
        "mail",
        "menu",
        "ok",
        "pause",
        "people",
        "phone",
        "pin",
        "plus",
        "print",
        "search",
        "warn",
    ]
)
BUTTONS = {
    "primary": "primary-action",
    "secondary": "secondary-action",
    "subtle": "subtle",
    "danger": "primary-action",
}
TONES = frozenset(["neutral", "active", "success", "warning", "danger"])
ALERTS = {"info": "info", "debug": "info", "ok": "ok", "success": "ok", "warning": "warning", "error": "error"}
ALERT_ICONS = {"info": "info", "ok": "ok", "warning": "warn", "error": "error"}
LENSES = {"herkennen": "eye", "erkennen": "ear", "tegengaan": "hand"}
MOST_SEATS_DRAWN = 24


def known(value: str, allowed: Any, what: str) -> str:
    """The value, when the component knows it.

    Raises:
        ValueError: names what is allowed.
    """
    if value not in allowed:
        raise ValueError(f"{what} must be one of {', '.join(sorted(allowed))}, not {value!r}")
    return value


@register.simple_tag
def icon(*, name: str, css: str = "") -> SafeString:
    """A sign of 24 px from static/icons.svg, always beside a word; decorative, so hidden from assistive technology."""
    return drawn(known(name, ICONS, "icon"), css)


@cache
def drawn(name: str, css: str) -> SafeString:
    """An icon as HTML; the same few are drawn tens of times a page."""
    return format_html(
        '<svg class="icon{}{}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
        '<use href="{}#i-{}"/></svg>',
        " " if css else "",
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def options(*, choices: Iterable[tuple[object, object]], chosen: object, empty: str) -> SafeString:
    """What a select offers, value and words, with the chosen value marked. ``empty``: the words for no choice."""
    rows = [
        (value, mark_safe(" selected") if str(value) == str(chosen) else "", words)
        for value, words in [("", empty), *choices]
    ]
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@register.inclusion_tag("components/button.html")
def button(
    *,
    label: str,
    variant: str = "secondary",
    href: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    icon: str = "",
    icon_after: str = "",
    wide: bool = False,
    disabled: bool = False,
) -> dict[str, Any]:
    """A button, or with ``href`` a link that looks like one.

    ``variant``: primary (once a screen), secondary, subtle, danger (only after a question). ``type="print"`` prints
    the page, and is only there for who has script.
    """
    return {
        "label": label,
        "css": BUTTONS[known(variant, BUTTONS, "variant")],
        "danger": variant == "danger",
        "href": href,
        "type": type,
        "name": name,
        "value": value,
        "icon": icon,
        "icon_after": icon_after,
        "wide": wide,
        "disabled": disabled,
    }


@register.simple_tag
def badge(*, label: str, tone: str = "neutral") -> SafeString:
    """A state in a word. Tones: neutral (planned), active (busy), success (reached), warning (adjusted), danger (expired)."""
    return format_html(
        '<span class="utrecht-status-badge utrecht-status-badge--{}">{}</span>', known(tone, TONES, "tone"), label
    )


@register.simple_tag
def side(*, side: str, chip: bool = False, label: str = "") -> SafeString:
    """School (round, blue) or workplace (square, amber), with the word. ``chip`` in rows; ``label`` for a longer word."""
    css = {"school": "school", "workplace": "werk"}[known(side, {"school", "workplace"}, "side")]
    word = label or {"school": _("School"), "workplace": _("Workplace")}[side]
    return format_html('<span class="side side--{}{}">{}</span>', css, " side--chip" if chip else "", word)


@register.inclusion_tag("components/lens.html")
def lens(*, name: str) -> dict[str, str]:
    """Which of the three an answer is about: herkennen, erkennen or tegengaan."""
    words = {"herkennen": _("Recognise"), "erkennen": _("Acknowledge"), "tegengaan": _("Counteract")}
    return {"icon": LENSES[known(name, LENSES, "lens")], "word": words[name]}


@register.inclusion_tag("components/alert.html")
def alert(*, title: str, tone: str = "info", text: str = "", level: int = 2) -> dict[str, Any]:
    """A message on the page; the heading is the message, ``text`` says what to do.

    ``tone``: info, ok, warning, error, or a level of Django's messages. ``level``: of the heading, 0 for none.
    """
    kind = ALERTS[known(tone, ALERTS, "tone")]
    return {"title": title, "kind": kind, "icon": ALERT_ICONS[kind], "text": text, "level": level}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*, items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Where this page hangs: pairs of label and address, the page itself last (its address is not used)."""
    return {"parents": items[:-1], "here": items[-1][0]}


@register.inclusion_tag("components/field.html")
def field(*, field: BoundField) -> dict[str, FieldView]:
    """One field of a form with label, help text and errors, for every kind of widget.

    A widget's own attributes (autocomplete, inputmode, type, class) are kept. Give the form ``novalidate``: the error
    is ours to say, in words.
    """
    return {"field": field_view(field)}


@register.inclusion_tag("components/form_errors.html")
def form_errors(*, form: BaseForm, also: BaseForm | None = None) -> dict[str, Any]:
    """What is not right yet, above a form; gets the focus, and each line jumps to its field. Nothing without errors.

    ``also``: a second form in the same <form>.
    """
    lines = []
    for one in (form, also):
        if one is not None:
            lines += [("", error) for error in one.non_field_errors()]
            lines += [(field_view(one[name]).anchor, error) for name in one.fields for error in one[name].errors]
    title = ngettext("%(count)d thing is not right yet", "%(count)d things are not right yet", len(lines))
    return {"lines": lines, "title": title % {"count": len(lines)}}


@register.inclusion_tag("components/progress.html")
def progress(
    *,
    label: str,
    value: float | str | None,
    maximum: float | None,
    unit: str = "",
    note: str = "",
    thin: bool = False,
    language: str = "",
) -> dict[str, Any]:
    """How much of a target: 'v of m' and a bar. A hidden value ('<5') or a missing target shows words and no bar.

    ``unit`` is a word after the numbers, ``note`` a sentence under the bar. ``language`` is the one that ``label`` and
    ``unit`` are written in, where that may not be the page's.
    """
    drawn = isinstance(value, (int, float)) and bool(maximum)
    return {
        "label": label,
        "value": value,
        "maximum": maximum,
        "drawn": min(float(value), float(maximum)) if drawn else None,  # type: ignore[arg-type]
        "unit": unit,
        "note": note,
        "thin": thin,
        "language": language or active_language(),
    }


@register.inclusion_tag("components/seats.html")
def seats(
    *,
    school_taken: int,
    school_total: int,
    workplace_taken: int,
    workplace_total: int,
    school_waiting: int = 0,
    workplace_waiting: int = 0,
    you: str = "",
    legend: bool = False,
) -> dict[str, Any]:
    """The table from above, each side with its sentence. ``you``: the side on which the reader has a seat."""

    def one(taken: int, total: int, waiting: int, mine: bool) -> dict[str, Any]:
        states = ["taken"] * (taken - mine) + ["you"] * mine + ["free"] * (total - taken)
        return {
            "taken": taken,
            "total": total,
            "waiting": waiting,
            "mine": mine,
            "drawn": states if len(states) <= MOST_SEATS_DRAWN else [],
        }

    return {
        "school": one(school_taken, school_total, school_waiting, you == "school"),
        "workplace": one(workplace_taken, workplace_total, workplace_waiting, you == "workplace"),
        "legend": legend,
    }


@register.inclusion_tag("components/date_block.html")
def date_block(*, when: datetime.date) -> dict[str, Any]:
    """Day and month as a sign beside a meeting; hidden from assistive technology, `meeting_time` says it in words."""
    return {"when": when}


@register.inclusion_tag("components/meeting_time.html")
def meeting_time(*, start: datetime.datetime, end: datetime.datetime) -> dict[str, Any]:
    """'Thursday, 13.00 to 16.00', with the full date for who does not see the block."""
    return {"start": start, "end": end}


@register.inclusion_tag("components/next_step.html")
def next_step(
    *,
    title: str,
    href: str,
    action: str,
    text: str = "",
    label: str = "",
    value: int = 0,
    maximum: int = 0,
    note: str = "",
) -> dict[str, Any]:
    """The one thing to do (only on Mijn and the home page). With ``maximum`` a bar: ``label`` left, ``note`` right of it."""
    return {
        "title": title,
        "href": href,
        "action": action,
        "text": text,
        "label": label,
        "value": value,
        "maximum": maximum,
        "note": note,
    }


@register.inclusion_tag("components/route.html")
def route(*, steps: Sequence[Any], level: int = 3) -> dict[str, Any]:
    """A programme as stops on a line.

    Each step has ``title``, ``state`` (done, now, todo), and perhaps ``note`` and ``url``; mapping or object.
    """
    return {"steps": steps, "level": level}


@register.inclusion_tag("components/kpi.html")
def kpi(*, value: Any, label: str, href: str = "", link: str = "", note: str = "") -> dict[str, Any]:
    """One number and what it counts. ``href`` and ``link`` lead to what it is made of."""
    return {"value": value, "label": label, "href": href, "link": link, "note": note}


@register.inclusion_tag("components/empty.html")
def empty(*, title: str, text: str = "", href: str = "", action: str = "", level: int = 2) -> dict[str, Any]:
    """Nothing there yet: what will stand here, and how that begins."""
    return {"title": title, "text": text, "href": href, "action": action, "level": level}


@register.inclusion_tag("components/search_field.html")
def search_field(
    *, id: str, label: str, text: str = "", labelled: bool = False, variant: str = "secondary", described_by: str = ""
) -> dict[str, Any]:
    """Search in lessons and pages. ``labelled``: the label stands above it, otherwise only screen readers say it."""
    return {
        "id": id,
        "label": label,
        "text": text,
        "labelled": labelled,
        "variant": known(variant, BUTTONS, "variant"),
        "described_by": described_by,
    }


@register.inclusion_tag("components/filter_chip.html")
def filter_chip(*, label: str, href: str) -> dict[str, str]:
    """A filter that is on; ``href`` is the same page without it. Stands in `<ul class="active-filters">`."""
    return {"label": label, "href": href}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, *, page: Page, param: str = "pagina") -> dict[str, Any]:
    """Pages of a list, keeping the filters of the address. Nothing for a single page."""
    query = context["request"].GET.copy()

    def url(number: int) -> str:
        query[param] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "links": [(number, url(number) if isinstance(number, int) else "") for number in numbers],
        "previous": url(page.number - 1),
        "next": url(page.number + 1),
    }


@register.inclusion_tag("components/trend_chart.html")
def trend_chart(
    *,
    title: str,
    lines: Sequence[tuple[str, Sequence[charts.Point]]],
    finding: str = "",
    target: charts.Number | None = None,
    step: bool = False,
    note: str = "",
    level: int = 2,
) -> dict[str, Any]:
    """One or two lines over time, the target dashed, and the same numbers as a table.

    ``lines``: pairs of a label and points ``(date, number)`` in order of date. ``finding``: one sentence that says what
    there is to see; it is also read out. ``step``: numbers hold until the next date. ``note``: source, year, who.
    """
    drawn = [charts.Line(label, points) for label, points in lines if points]
    label = f"{title}. {finding}" if finding else title

    def draw(frame: charts.Frame) -> SafeString:
        return (
            charts.trend(lines=drawn, label=label, frame=frame, target=target, step=step) if drawn else SafeString("")
        )

    return {
        "title": title,
        "finding": finding,
        "note": note,
        "level": level,
        "labels": [line.label for line in drawn],
        "target": target,
        "wide": draw(charts.WIDE),
        "narrow": draw(charts.NARROW),
        "rows": list(charts.table_of(drawn)),
    }


BARS = {"": "col", "other": "col col--2", "school": "col col--school", "workplace": "col col--werk"}


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(
    *,
    title: str,
    rows: Sequence[tuple[str, charts.Number | str, str]],
    group: str,
    measure: str,
    unit: str = "",
    note: str = "",
    level: int = 3,
) -> dict[str, Any]:
    """Groups compared, in the given order, and the same numbers as a table.

    ``rows``: label, value (or a text such as '<5', which gets no bar), and kind: "" for the one that matters, "other",
    "school" or "workplace". ``group`` and ``measure`` head the table; ``unit`` stands right after each value ('%').
    ``note``: source, year and who was asked.
    """
    drawn = [charts.Bar(label, value, BARS[known(kind, BARS, "kind")]) for label, value, kind in rows]

    def draw(width: int) -> SafeString:
        return charts.bars(rows=drawn, unit=unit, label=title, width=width) if drawn else SafeString("")

    return {
        "title": title,
        "rows": drawn,
        "group": group,
        "measure": measure,
        "unit": unit,
        "note": note,
        "level": level,
        "wide": draw(560),
        "narrow": draw(300),
    }
