"""Judging, revoking and reissuing. Who may do it is asked by the caller."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.actions.numbers import numbers_take
from certificates.coarse import known_from, school_year
from certificates.emails import awarded_mail, reissued_mail, revoked_mail
from certificates.models import Award, AwardMembership, Certificate, Programme
from certificates.requirements import Done, counted, everything_done, is_complete
from certificates.signals import awards_changed
from certificates.tasks import certificate_pdf_make
from parties.actions.audit import audit_record
from parties.actions.outbox import outbox_queue
from parties.models import Membership, Person
from parties.periods import today

ORGANISER = "Haags Manifest Gelijke stagekansen"


def programme_judge(*, person: Person, programme: Programme | None = None) -> list[Award]:
    """Gives the person what they earned: one award for each open programme that is complete. See ``people_judge``."""
    return people_judge(person_ids=[person.pk], programme=programme)


@transaction.atomic
def people_judge(*, person_ids: Iterable[int], programme: Programme | None = None) -> list[Award]:
    """Judges these people, in the caller's transaction, and returns the awards that this gave.

    The people are locked first, in the order of their keys, so that two transactions that complete one programme give
    one award. While an award is valid nothing is judged; after it expired or was revoked a new one asks for new
    trainings and intervision (``requirements.counted``).
    """
    people = list(Person.objects.select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk"))
    programmes = Programme.objects.active().prefetch_related("courses")
    if programme is not None:
        programmes = programmes.filter(pk=programme.pk)
    asked = list(programmes)
    awards = [award for person in people for award in _judge(person, asked)]
    if awards:
        awards_changed.send(sender=Award, person_ids=sorted({award.person_id for award in awards}))
    return awards


@transaction.atomic
def award_revoke(*, award: Award, reason: str, by: Person) -> Award:
    """Takes an award back, from today; what it counted for until yesterday stays (product.md, rule 1).

    Raises:
        ValidationError: no reason, or it was revoked before; with the field it belongs to.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why. The holder reads this reason.")})
    Person.objects.select_for_update(no_key=True).get(pk=award.person_id)
    award = Award.objects.select_for_update().select_related("person", "programme").get(pk=award.pk)
    if award.revoked_on is not None:
        raise ValidationError(_("This certificate was revoked before."))
    certificate = award.certificates.without_pdf().current().get()
    certificate.revoked_at = timezone.now()
    certificate.revoked_reason = reason
    certificate.full_clean(exclude=["pdf"])
    award.revoked_on = today()
    award.full_clean()
    certificate.save(update_fields=["revoked_at", "revoked_reason"])
    award.save(update_fields=["revoked_on"])
    audit_record(by=by, verb="certificate.revoked", about=award.person, target=f"certificate:{certificate.number}")
    awards_changed.send(sender=Award, person_ids=[award.person_id])
    outbox_queue(revoked_mail(certificate))
    return award


@transaction.atomic
def certificate_reissue(*, certificate: Certificate, holder_name: str, by: Person) -> Certificate:
    """A new certificate of the same award with the right name; the old one points to it. The award stays as it is.

    Raises:
        ValidationError: no name, the same name, or a certificate that is revoked or was replaced before.
    """
    holder_name = " ".join(holder_name.split())
    award = Award.objects.select_for_update().select_related("person", "programme").get(pk=certificate.award_id)
    old = award.certificates.without_pdf().get(pk=certificate.pk)
    if award.revoked_on is not None:
        raise ValidationError(_("This certificate was revoked before."))
    if award.certificates.filter(replaces=old).exists():
        raise ValidationError(_("This certificate was replaced before. Correct the newest one."))
    if holder_name == old.holder_name:
        raise ValidationError({"holder_name": _("This name is on the certificate already.")})
    new = Certificate(
        award=award,
        replaces=old,
        holder_name=holder_name,
        organisation_names=old.organisation_names,
        programme_name=old.programme_name,
        net_minutes=old.net_minutes,
        snapshot=old.snapshot,
    )
    _issue(new)
    audit_record(by=by, verb="certificate.reissued", about=award.person, target=f"certificate:{old.number}")
    outbox_queue(reissued_mail(new))
    return new


def _judge(person: Person, programmes: list[Programme]) -> list[Award]:
    date = today()
    valid = set(Award.objects.valid_on(date).filter(person=person).values_list("programme", flat=True))
    open_programmes = [programme for programme in programmes if programme.pk not in valid]
    if not open_programmes:
        return []
    done = everything_done(person)
    earlier = {
        row["programme"]: row["last"]
        for row in Award.objects.filter(person=person).values("programme").annotate(last=Max("awarded_at"))
    }
    awards = []
    for programme in open_programmes:
        after = earlier.get(programme.pk)
        part = counted(programme, done, after=after)
        if is_complete(programme, part, after=after):
            awards.append(_award(person, programme, part, date))
    return awards


def _award(person: Person, programme: Programme, done: Done, date: dt.date) -> Award:
    award = Award(person=person, programme=programme, **_dates(programme, date))
    award.full_clean()
    award.save()
    memberships = _memberships_today(person, date)
    AwardMembership.objects.bulk_create(
        AwardMembership(
            award=award, organisation_id=row.organisation_id, side=row.side, department_id=row.department_id
        )
        for row in memberships
    )
    names_on_lists = [row.name for row in memberships if row.name]
    certificate = Certificate(
        award=award,
        holder_name=person.name or next(iter(names_on_lists), str(_("Name not given"))),
        organisation_names=[row.organisation.name for row in memberships],
        programme_name=programme.name,
        net_minutes=done.net_minutes,
        snapshot=_snapshot(programme, done),
    )
    _issue(certificate)
    outbox_queue(awarded_mail(certificate))
    return award


def _dates(programme: Programme, date: dt.date) -> dict[str, dt.date]:
    """Where a meeting of intervision can have been the last thing to do, the dates are those of the month."""
    if not programme.intervision_meetings:
        return {"valid_from": date, "valid_until": months_later(date, programme.validity_months)}
    known = known_from(date)
    return {
        "valid_from": date.replace(day=1),
        "known_from": known,
        "valid_until": months_later(known, programme.validity_months),
    }


def _memberships_today(person: Person, date: dt.date) -> list[Membership]:
    """Those that count on this day, one an organisation: the newest."""
    rows = person.memberships.counted().valid_on(date).select_related("organisation").order_by("since", "pk")
    newest = {row.organisation_id: row for row in rows}
    return sorted(newest.values(), key=lambda row: row.organisation.name)


def _snapshot(programme: Programme, done: Done) -> dict:
    intervision = done.intervision and {
        "meetings": len(done.intervision),
        "minutes": sum(item.minutes for item in done.intervision),
        "school_years": sorted({school_year(timezone.localdate(item.at)) for item in done.intervision}),
    }
    return {
        "courses": [
            {
                "title": item.title,
                "date": timezone.localdate(item.at).isoformat(),
                "minutes": item.minutes,
                "revision": item.revision,
            }
            for item in done.courses
        ],
        "trainings": [
            {"title": item.title, "date": item.on.isoformat(), "minutes": item.minutes} for item in done.trainings
        ],
        "intervision": intervision or None,
        "goals": programme.goals,
        "organiser": ORGANISER,
    }


def _issue(certificate: Certificate) -> None:
    [certificate.number] = numbers_take(year=today().year)
    certificate.full_clean(exclude=["pdf"])
    certificate.save()
    transaction.on_commit(partial(certificate_pdf_make.enqueue, certificate.pk))


def months_later(date: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))
