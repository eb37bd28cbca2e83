import shutil
import tempfile
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Fails when a text in code or templates has no Dutch, or when the catalogue holds one that is gone."

    def handle(self, *args: object, **options: object) -> None:
        catalogue = Path(settings.LOCALE_PATHS[0]) / "nl" / "LC_MESSAGES" / "django.po"
        with tempfile.TemporaryDirectory() as folder:
            kept = shutil.copy2(catalogue, folder)
            try:
                call_command(
                    "makemessages",
                    locale=["nl"],
                    no_location=True,
                    no_wrap=True,
                    no_obsolete=True,
                    verbosity=0,
                    ignore_patterns=[".venv", "var", "node_modules", "tests"],
                )
                fresh = polib.pofile(str(catalogue))
            finally:
                shutil.copy2(kept, catalogue)
            old = polib.pofile(kept)
        missing = [entry.msgid for entry in fresh if not entry.translated()]
        gone = {(entry.msgctxt, entry.msgid) for entry in old} - {(entry.msgctxt, entry.msgid) for entry in fresh}
        for text in missing:
            self.stderr.write(f"No Dutch: {text!r}")
        for _context, text in sorted(gone, key=lambda pair: pair[1]):
            self.stderr.write(f"No longer used: {text!r}")
        if missing or gone:
            raise CommandError(f"{len(missing)} without Dutch, {len(gone)} no longer used.")
        self.stdout.write(f"{len(fresh)} texts, all in Dutch.")
