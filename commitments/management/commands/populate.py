import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.population import populate

WIDTH = 30


class Command(BaseCommand):
    help = "A synthetic population with history, for load and scale. Run load_site or load_demo first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, required=True)
        parser.add_argument("--organisations", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1, help="the same seed on the same day makes the same people")

    def handle(self, *args: Any, people: int, organisations: int, seed: int, **options: Any) -> None:
        if people < 1 or organisations < 1:
            raise CommandError("Give at least one person and one organisation.")
        try:
            populate(people=people, organisations=organisations, seed=seed, progress=self.progress)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{people:,} people at {organisations:,} organisations.")

    def progress(self, what: str, done: int, of: int) -> None:
        """A bar that draws itself again on a terminal, and a line at the end elsewhere."""
        terminal = sys.stderr.isatty()
        if terminal or done >= of:
            bar = "#" * (WIDTH * done // of)
            ending = "" if terminal and done < of else "\n"
            start = "\r" if terminal else ""
            self.stderr.write(f"{start}[{bar:<{WIDTH}}] {done:,} of {of:,} {what}", ending=ending)
