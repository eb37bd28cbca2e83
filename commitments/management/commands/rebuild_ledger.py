from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.rebuild import differences, rebuild

NAMED = 10


class Command(BaseCommand):
    help = "The ledger from the source rows. With --check nothing changes; the first ten differences are named, and it exits 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only")

    def handle(self, *args: Any, check: bool, verbosity: int, **options: Any) -> None:
        def progress(done: int, people: int) -> None:
            if verbosity > 0 and self.stderr.isatty():
                self.stderr.write(f"\r{done:,} of {people:,} people", ending="" if done < people else "\n")

        if not check:
            self.stdout.write(f"{rebuild(progress=progress):,} rows.")
            return
        found = list(islice(differences(progress=progress), NAMED + 1))
        for difference in found[:NAMED]:
            self.stdout.write(difference)
        if found:
            more = ", and more" if len(found) > NAMED else ""
            raise CommandError(
                f"The ledger differs from its source rows in {min(len(found), NAMED)} places{more}.", returncode=1
            )
        self.stdout.write("No differences.")
