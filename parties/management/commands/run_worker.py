from typing import Any

from django.core.management.base import BaseCommand

from parties.worker import work


class Command(BaseCommand):
    help = "Runs background jobs, sends mail and does what is due, until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("The worker runs. Ctrl-C ends it.")
        work()
