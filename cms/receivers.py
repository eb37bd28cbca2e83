"""What follows on this site when something changes elsewhere."""

from typing import Any

from django.dispatch import receiver

from cms.actions.search import places_index
from parties.signals import desks_changed


@receiver(desks_changed)
def index_places(**kwargs: Any) -> None:
    places_index()
