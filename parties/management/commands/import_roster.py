import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parties.actions.roster import roster_apply, roster_plan, roster_preview, roster_read
from parties.matching import plan
from parties.models import Organisation
from parties.periods import today


class Command(BaseCommand):
    help = "Brings in an organisation's list of people; the last line is JSON. Exits 1 when there are errors; then nothing is applied."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="says what would change, and changes nothing")
        parser.add_argument(
            "--complete", action="store_true", help="whoever an earlier import brought and this list lacks has left"
        )

    def handle(self, *args: Any, file: Path, organisation: str, dry_run: bool, complete: bool, **options: Any) -> None:
        try:
            where = Organisation.objects.get(slug=organisation)
        except Organisation.DoesNotExist:
            raise CommandError(f"There is no organisation with the slug {organisation}.") from None
        try:
            with file.open("rb") as opened:
                rows = roster_read(opened, file.name)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except ValidationError as error:
            self._answer({"rows": 0, "joins": 0, "leaves": 0, "moves": 0, "changes": 0, "unchanged": 0}, error.messages)
        if dry_run:
            summary = plan(organisation=where, roster=rows, complete=complete, date=today()).summary()
        else:
            preview = roster_preview(organisation=where, rows=rows, complete=complete, by=None, filename=file.name)
            summary = roster_plan(preview).summary()
            if not summary["errors"]:
                summary = roster_apply(roster_import=preview, by=None).result
        self._answer(summary)

    def _answer(self, summary: dict[str, Any], unreadable: list[str] | None = None) -> None:
        if unreadable:
            summary["errors"] = [{"row": 0, "column": "", "message": message} for message in unreadable]
        for error in summary["errors"]:
            where = f"Row {error['row']}" + (f", {error['column']}" if error["column"] else "")
            self.stderr.write(f"{where}: {error['message']}")
        self.stdout.write(json.dumps(summary, ensure_ascii=False))
        if summary["errors"]:
            raise SystemExit(1)
