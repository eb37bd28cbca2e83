"""What this app does when the apps below it tell it something. All of it runs in the sender's transaction."""

from collections.abc import Collection, Iterable
from functools import partial

from django.db import transaction
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from certificates.models import Programme
from certificates.signals import awards_changed
from commitments.actions.ledger import (
    ledger_freeze,
    ledger_refresh,
    ledger_refresh_events,
    ledger_refresh_organisations,
)
from commitments.sources import events_of, people_beside
from commitments.tasks import programme_recount
from parties.models import Person
from parties.signals import affiliations_changed, memberships_changed, people_merging, person_erasing
from sessions.models import Attendance, NetworkEvent, Training
from sessions.signals import attendance_settled, event_settled, presence_settled


@receiver(memberships_changed)
@receiver(awards_changed)
def people_count_again(person_ids: Iterable[int], **_: object) -> None:
    ledger_refresh(person_ids)


@receiver(affiliations_changed)
def organisations_count_again(organisation_ids: Collection[int], **_: object) -> None:
    ledger_refresh_organisations(organisation_ids)


@receiver(attendance_settled)
def participants_count_again(training: Training, person_ids: Iterable[int], **_: object) -> None:
    """Everybody who was there: one person can decide whether both sides were."""
    there = Attendance.objects.filter(meeting__training=training, state__in=Attendance.THERE)
    ledger_refresh({*person_ids, *there.values_list("person", flat=True)})


@receiver(presence_settled)
def who_met_counts_again(person_ids: Iterable[int], **_: object) -> None:
    ledger_refresh(person_ids)


@receiver(event_settled)
def event_counts_again(event: NetworkEvent, **_: object) -> None:
    ledger_refresh_events([event.pk])


@receiver(people_merging)
def merged_count_as_one(kept: Person, merged: Person, **_: object) -> None:
    ledger_refresh({kept.pk, merged.pk, *people_beside(kept)})
    ledger_refresh_events(events_of(kept))


@receiver(person_erasing)
def erased_counts_on(person: Person, **_: object) -> None:
    ledger_freeze(person=person)


@receiver(pre_save, sender=Programme)
def remember_what_counted(instance: Programme, **_: object) -> None:
    before = Programme.objects.filter(pk=instance.pk).values_list("counts_as_trained", flat=True).first()
    instance._counted = instance.counts_as_trained if before is None else before  # type: ignore[attr-defined]


@receiver(post_save, sender=Programme)
def programme_counts_differently(instance: Programme, **_: object) -> None:
    """An editor's choice can concern everybody, so it is counted in the background."""
    if instance._counted != instance.counts_as_trained:  # type: ignore[attr-defined]
        transaction.on_commit(partial(programme_recount.enqueue, instance.pk))
