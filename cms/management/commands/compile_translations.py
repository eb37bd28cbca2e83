from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles the translations; unlike compilemessages it needs no gettext on the machine."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        for source in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po"):
            compiled = source.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
                polib.pofile(str(source)).save_as_mofile(str(compiled))
