from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.actions.demo import demo_load


class Command(BaseCommand):
    help = "Loads the demo: content, organisations and people that are made up. Safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO and not settings.TESTING:
            raise CommandError("Set DEMO=1 to load invented people; on a real installation use load_site.")
        made = demo_load()
        self.stdout.write("The demo is loaded." if made else "The demo was loaded already.")
