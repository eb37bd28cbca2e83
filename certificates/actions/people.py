"""What happens to awards when two records of one person become one, and when a person is erased."""

from functools import partial

from django.db import transaction

from certificates.actions.awards import people_judge
from certificates.models import Award, Certificate
from certificates.signals import awards_changed
from parties.models import Person


@transaction.atomic
def awards_move(*, kept: Person, merged: Person) -> None:
    """Everything goes to ``kept``. Where both have an award for one period, the earlier one stays.

    The certificates of the later one stay checkable: they point to a certificate of the award that stays. What the two
    did may together complete a programme; that is judged when all the apps have moved their part.
    """
    for award in Award.objects.filter(person=merged).order_by("valid_from", "pk"):
        _move(award, kept)
    awards_changed.send(sender=Award, person_ids=[kept.pk, merged.pk])
    transaction.on_commit(partial(people_judge, person_ids=[kept.pk]))


@transaction.atomic
def awards_erase(*, person: Person) -> None:
    """Takes away all awards and certificates of a person; their codes are unknown from then on."""
    Certificate.objects.of(person).delete()
    Award.objects.filter(person=person).delete()


def _move(award: Award, kept: Person) -> None:
    staying = award
    while other := _overlapping(staying, kept):
        staying, double = sorted([staying, other], key=lambda one: (one.valid_from, one.awarded_at, one.pk))
        _absorb(staying, double)
    staying.person = kept
    staying.save(update_fields=["person"])


def _overlapping(award: Award, person: Person) -> Award | None:
    """Another award of ``person`` for the same programme that is valid on a day of this one."""
    if award.revoked_on is not None:
        return None
    return (
        Award.objects.filter(
            person=person,
            programme=award.programme_id,
            revoked_on__isnull=True,
            valid_from__lt=award.valid_until,
            valid_until__gt=award.valid_from,
        )
        .exclude(pk=award.pk)
        .order_by("valid_from")
        .first()
    )


def _absorb(staying: Award, double: Award) -> None:
    """The chain of ``double`` goes before the chain of ``staying``: its last is replaced by the other's first."""
    last = double.certificates.without_pdf().current().get()
    staying.certificates.filter(replaces__isnull=True).update(replaces=last)
    double.certificates.update(award=staying)
    double.delete()
