"""Examples of promises, for the demo."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from commitments.models import Commitment, Effort, Evidence
from parties.models import Party
from parties.periods import today


@transaction.atomic
def commitments_load_examples() -> None:
    """Promises of each party, marked as examples, from fixtures/commitments.yaml. Safe to repeat.

    Dates in the file are days from today, so that the demo never grows old.
    """
    if Commitment.objects.filter(is_example=True).exists():
        return
    examples = yaml.safe_load((Path(settings.BASE_DIR) / "fixtures" / "commitments.yaml").read_text())
    efforts = Effort.objects.in_bulk()
    for party in Party.objects.all():
        for number, entries in examples[party.kind].items():
            for entry in entries:
                _add(party, efforts[number], dict(entry))


def _add(party: Party, effort: Effort, entry: dict[str, Any]) -> None:
    evidence = entry.pop("evidence", [])
    commitment = Commitment(party=party, effort=effort, is_example=True, **_dated(entry))
    commitment.full_clean()
    commitment.save()
    for shown in evidence:
        one = Evidence(commitment=commitment, **_dated(shown))
        one.full_clean(exclude=["added_by"])  # nobody added an example
        one.save()


def _dated(entry: dict[str, Any]) -> dict[str, Any]:
    days = {"since", "due", "date", "denominator_date"}
    return {key: today() + dt.timedelta(days=value) if key in days else value for key, value in entry.items()}
