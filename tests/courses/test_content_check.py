"""What must stand with a number or a law: in the fixtures that ship, in broken ones, and on published pages."""

import datetime as dt
import json
import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from courses.content_check import gaps_of
from courses.models import CoursePage, LessonPage
from tests.courses.conftest import block, items, publish
from tests.courses.samples import every_block

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
TODAY = dt.date(2026, 11, 24)


def run(**options: Any) -> tuple[list[str], list[str]]:
    """What the command writes, and what it complains about."""
    out, err = StringIO(), StringIO()
    try:
        call_command("check_content", stdout=out, stderr=err, **options)
    except CommandError as failed:
        err.write(str(failed))
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def test_nothing_is_missing_in_what_ships() -> None:
    lines, complaints = run(fixtures=FIXTURES)
    assert complaints == []
    shipped = [
        one
        for path in sorted((FIXTURES / "modules").glob("*.yaml"))
        for lesson in yaml.safe_load(path.read_text())["lessons"]
        for one in lesson["body"]
        if one["type"] in ("figure", "legal_note")
    ]
    assert len(shipped) >= 4
    assert [line.split(" | ")[2] for line in lines[:-1]] == [one["value"]["title"] for one in shipped]
    assert lines[-1].endswith(" pages, nothing missing.")


def test_each_line_says_where_a_number_comes_from(tmp_path: Path) -> None:
    folder(tmp_path, every_block())
    lines, complaints = run(fixtures=tmp_path)
    assert complaints == []
    assert lines == [
        "legal_note | /modules/m/les/ | Ook een opdracht om te discrimineren mag niet"
        " | law: Algemene wet gelijke behandeling, artikel 1; checked: 2026-11-02 | https://wetten.overheid.nl/BWBR0006502/",
        "figure | /modules/m/les/ | Oud-studenten die stagediscriminatie hebben ervaren"
        " | source: CBS; year: 2025; population: Oud-studenten van mbo-bol, gevraagd in 2024. | https://www.cbs.nl/",
        "2 pages, nothing missing.",
    ]


def folder(path: Path, body: list[dict[str, Any]], summary: str = "") -> None:
    module = {"slug": "m", "title": "M", "summary": summary, "goals": [], "lessons": []}
    module["lessons"] = [{"slug": "les", "title": "Les", "summary": "", "body": body}]
    (path / "modules").mkdir()
    (path / "modules" / "m.yaml").write_text(yaml.safe_dump(module, allow_unicode=True), encoding="utf-8")


def test_a_broken_fixture_fails_with_each_thing_that_is_missing(tmp_path: Path) -> None:
    body = every_block()
    for one in body:
        if one["type"] == "figure":
            one["value"] |= {"source": " ", "year": None, "population": ""}
        elif one["type"] == "legal_note":
            one["value"] |= {"law": "", "checked": dt.date(2999, 1, 1)}
        elif one["type"] == "accordion":
            one["value"]["items"][1]["html"] = "<p>Goed (CBS, 2025): 10%.</p><p>Wel 12,5 % van de stagiairs.</p>"
    folder(tmp_path, body, summary="Voor 9 procent van jullie.")
    assert run(fixtures=tmp_path)[1] == [
        "/modules/m/: a percentage without (source, year) in its paragraph: Voor 9 procent van jullie.",
        "/modules/m/les/: legal_note “Ook een opdracht om te discrimineren mag niet” has no law",
        "/modules/m/les/: legal_note “Ook een opdracht om te discrimineren mag niet” was checked on a day still to come",
        "/modules/m/les/: a percentage without (source, year) in its paragraph: Wel 12,5 % van de stagiairs.",
        "/modules/m/les/: figure “Oud-studenten die stagediscriminatie hebben ervaren” has no source",
        "/modules/m/les/: figure “Oud-studenten die stagediscriminatie hebben ervaren” has no year",
        "/modules/m/les/: figure “Oud-studenten die stagediscriminatie hebben ervaren” has no population",
        "7 things are missing on 2 pages.",
    ]


@pytest.mark.parametrize(
    ("html", "missing"),
    [
        ("<p>In Dordrecht zei 75% dit (Onderzoekcentrum Drechtsteden, 2022).</p>", 0),
        ("<p>In Dordrecht zei <b>75</b>% dit.</p><p>(Onderzoekcentrum Drechtsteden, 2022)</p>", 1),
        ("<p>Dat is 75% (in 2022).</p>", 1),
        ("<p>Dat is 75&nbsp;% (CBS, december 2022).</p>", 1),
        ("<ul><li>75% (CBS, 2022)</li><li>58%</li></ul>", 1),
        ("<p>Geen getal, wel een %-teken.</p>", 0),
    ],
)
def test_a_percentage_needs_its_source_and_year_in_its_own_paragraph(html: str, missing: int) -> None:
    assert len(gaps_of("/x/", [{"type": "text", "value": html}], today=TODAY)) == missing


def test_a_statement_that_prints_its_source_may_hold_a_percentage() -> None:
    value = {"statement": "Het is minder dan 1%.", "truth": False, "source": "CBS", "year": 2025}
    assert gaps_of("/x/", [{"type": "statement", "value": value}], today=TODAY) == []
    assert len(gaps_of("/x/", [{"type": "statement", "value": {**value, "source": ""}}], today=TODAY)) == 1


@pytest.mark.django_db
@time_machine.travel("2026-11-24 12:00:00+01:00")
def test_published_pages_are_checked_and_drafts_are_not(course_page: CoursePage) -> None:
    figure = {
        "title": "Ervaren", "rows": items({"label": "Alle", "value": "10"}), "unit": "%", "population": "Studenten",
        "source": "", "year": 2025, "url": "", "note": "",
    }  # fmt: skip
    body = json.dumps([block("figure", uuid.uuid4(), figure), block("text", uuid.uuid4(), "<p>Wel 10%.</p>")])
    page = publish(course_page, LessonPage(title="Cijfers", slug="cijfers", body=body))
    assert run() == (
        ["figure | /modules/herkennen/cijfers/ | Ervaren | source: –; year: 2025; population: Studenten | –"],
        [
            "/modules/herkennen/cijfers/: figure “Ervaren” has no source",
            "/modules/herkennen/cijfers/: a percentage without (source, year) in its paragraph: Wel 10%.",
            "2 things are missing on 1 pages.",
        ],
    )
    page.unpublish()
    assert run() == (["3 pages, nothing missing."], [])
