from typing import Any

from django.core.management.base import BaseCommand

from parties.worker import QueueWorker, work


class Command(BaseCommand):
    help = "Runs background jobs, sends mail and does what is due, until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        worker = QueueWorker()
        worker.configure_signals()
        self.stdout.write("The worker runs. Ctrl-C ends it.")
        self.stdout.flush()
        work(worker)
