"""The demo: invented people and organisations on the real road, made by the real actions. Safe to repeat."""

from django.db import transaction

from cms.actions.demo.accounts import accounts_make, accounts_place
from cms.actions.demo.desks import desks_load_examples
from cms.actions.demo.events import events_load
from cms.actions.demo.groups import groups_load
from cms.actions.demo.history import history_load
from cms.actions.demo.trainings import trainings_load
from cms.actions.demo.world import world_load
from cms.actions.site import site_ensure
from commitments.actions.examples import commitments_load_examples
from commitments.models import Commitment


def demo_load() -> bool:
    """Loads the demo once; the steps are one transaction, so a demo is there wholly or not at all.

    Returns:
        Whether anything was made.
    """
    site_ensure()
    if Commitment.objects.filter(is_example=True).exists():
        return False
    with transaction.atomic():
        accounts = accounts_make()
        world_load(hr=accounts["hr@demo.example"])
        accounts_place(accounts)
        history_load(accounts)
        trainings_load(accounts)
        groups_load(accounts)
        events_load(accounts)
        commitments_load_examples()
        desks_load_examples()
    return True
