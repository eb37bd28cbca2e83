"""The five efforts that every installation has."""

from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction

from commitments.models import Effort


@transaction.atomic
def efforts_load() -> None:
    """The five efforts of the manifest, from fixtures/efforts.yaml; texts that people changed stay. Safe to repeat."""
    for entry in yaml.safe_load((Path(settings.BASE_DIR) / "fixtures" / "efforts.yaml").read_text()):
        Effort.objects.get_or_create(
            number=entry["number"], defaults={key: entry[key] for key in ("title", "summary", "text", "shown_by")}
        )
