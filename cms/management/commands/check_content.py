from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms.models import HomePage, InformationPage
from courses.content_check import Block, claims_of, gaps_in_text, gaps_of
from courses.models import CoursePage, LessonPage, ModuleIndexPage
from sessions.methods import steps_of
from sessions.models import IntervisionMethod


@dataclass(frozen=True)
class Checked:
    """One page to check: its address, its blocks, and the texts outside them."""

    address: str
    blocks: list[Block]
    texts: list[str]


class Command(BaseCommand):
    help = (
        "Lists each figure with its source, year and population, and each legal note with its law and date. "
        "Exits 1 when one of those is missing, or a percentage stands in a paragraph without (source, year)."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fixtures", nargs="?", const=Path(settings.BASE_DIR) / "fixtures", type=Path, metavar="FOLDER",
            help="read modules/ and pages/ in this folder (default: fixtures/) instead of the database",
        )  # fmt: skip

    def handle(self, *args: object, fixtures: Path | None, **options: object) -> None:
        pages = list(pages_of_fixtures(fixtures) if fixtures else pages_of_database())
        gaps = []
        for page in pages:
            for claim in claims_of(page.address, page.blocks):
                self.stdout.write(claim.line)
            gaps += gaps_of(page.address, page.blocks, today=timezone.localdate())
            gaps += gaps_in_text(page.address, page.texts)
        for gap in gaps:
            self.stderr.write(gap.line)
        if gaps:
            raise CommandError(f"{len(gaps)} things are missing on {len({gap.address for gap in gaps})} pages.")
        self.stdout.write(f"{len(pages)} pages, nothing missing.")


def pages_of_database() -> Iterator[Checked]:
    """What is published."""
    for index in ModuleIndexPage.objects.live():
        yield Checked(index.get_url() or "", [], [index.title, index.intro])
    for module in CoursePage.objects.live().order_by("path"):
        yield Checked(module.get_url() or "", [], [module.title, module.summary])
    for lesson in LessonPage.objects.live().order_by("path"):
        yield Checked(lesson.get_url() or "", list(lesson.body.raw_data), [lesson.title, lesson.summary])
    for home in HomePage.objects.live():
        yield Checked(home.get_url() or "", list(home.body.raw_data), [home.title, home.lead])
    for page in InformationPage.objects.live().order_by("path"):
        yield Checked(page.get_url() or "", list(page.body.raw_data), [page.title, page.summary])
    for method in IntervisionMethod.objects.all():
        yield _method(vars(method) | {"steps": [asdict(step) for step in steps_of(method.steps)]})


def pages_of_fixtures(folder: Path) -> Iterator[Checked]:
    for module in _read(folder / "modules"):
        address = f"/modules/{module['slug']}/"
        yield Checked(address, [], [module["title"], module["summary"], *module["goals"]])
        for lesson in module["lessons"]:
            yield Checked(f"{address}{lesson['slug']}/", lesson["body"], [lesson["title"], lesson["summary"]])
    for page in _read(folder / "pages"):
        texts = [page["title"], page.get("summary", ""), page.get("lead", "")]
        yield Checked(f"/{page['slug']}/", page.get("body", []), texts)
    methods = folder / "intervision_methods.yaml"
    for method in yaml.safe_load(methods.read_text(encoding="utf-8")) if methods.exists() else []:
        yield _method(method)


def _method(values: dict[str, Any]) -> Checked:
    """A card of a method of intervision."""
    steps = [text for step in values["steps"] for text in (step["title"], step["text"], *step["starters"])]
    texts = [values["name"], values["use_for"], values.get("caution", ""), *steps]
    return Checked(f"/intervisie/methodes/#methode-{values['key']}", [], texts)


def _read(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.yaml")):
        yield yaml.safe_load(path.read_text(encoding="utf-8"))
