"""Invented places to turn to of the eight parties, each marked as an example."""

from cms.actions.demo.world import read
from parties.actions.desks import desk_add
from parties.models import Party


def desks_load_examples() -> None:
    parties = Party.objects.in_bulk(field_name="slug")
    for slug, entries in read("desks.yaml").items():
        for entry in entries:
            desk_add(party=parties[slug], values=entry, by=None, is_example=True)
