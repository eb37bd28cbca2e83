"""The five efforts that every installation has, and the examples of the demo."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction

from commitments.models import Commitment, Effort, Evidence
from parties.models import Party
from parties.periods import today

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@transaction.atomic
def efforts_load() -> None:
    """The five efforts of the manifest, from fixtures/efforts.yaml; texts that people changed stay. Safe to repeat."""
    for entry in _read("efforts.yaml"):
        Effort.objects.get_or_create(
            number=entry["number"], defaults={key: entry[key] for key in ("title", "summary", "text", "shown_by")}
        )


@transaction.atomic
def commitments_load_examples() -> None:
    """Example promises of each party, marked as such, from fixtures/commitments.yaml. Safe to repeat.

    Dates in the file are days from today, so that the demo never grows old.
    """
    if Commitment.objects.filter(is_example=True).exists():
        return
    efforts = Effort.objects.in_bulk()
    for party in Party.objects.all():
        for entry in _read("commitments.yaml")[party.kind]:
            denominator = entry.get("denominator")
            commitment = Commitment(
                party=party,
                effort=efforts[entry["effort"]],
                is_example=True,
                since=_day(entry["since"]),
                due=_day(entry["due"]),
                **{key: entry[key] for key in ("title", "metric", "unit", "target", "status")},
                status_reason=entry.get("reason", ""),
            )
            if denominator:
                commitment.denominator = denominator["number"]
                commitment.denominator_source = denominator["source"]
                commitment.denominator_date = _day(denominator["date"])
                commitment.denominator_estimated = denominator["estimated"]
            commitment.full_clean()
            commitment.save()
            for shown in entry.get("evidence", []):
                evidence = Evidence(commitment=commitment, title=shown["title"], date=_day(shown["date"]), amount=shown.get("amount", 1))
                evidence.full_clean()
                evidence.save()


def _read(name: str) -> list | dict:
    return yaml.safe_load((FIXTURES / name).read_text())


def _day(days_from_today: int) -> dt.date:
    return today() + dt.timedelta(days=days_from_today)
