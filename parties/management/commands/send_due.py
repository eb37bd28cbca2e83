from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parties.actions.due import due_run


class Command(BaseCommand):
    help = "Does what is due and not yet done: reminders, follow-ups, lists that close by themselves."

    def handle(self, *args: Any, **options: Any) -> None:
        if failed := due_run():
            raise CommandError(f"Not everything could be done: {', '.join(failed)}. The log says why.")
