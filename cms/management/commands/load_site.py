from django.core.management.base import BaseCommand

from cms.actions.site import site_ensure


class Command(BaseCommand):
    help = "Makes what every installation has: pages, modules, parties, efforts, programme. Safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        site_ensure()
        self.stdout.write("The site is complete.")
