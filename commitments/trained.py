"""Who is trained, as HR of an organisation sees it (product.md, 'Who is trained (HR)' and rule 7)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from certificates.models import Award
from commitments.metrics import INTERVISION, ORGANISATION
from commitments.models import LedgerRow
from courses.models import Enrolment
from parties.models import Membership, Organisation, Person
from parties.querysets import MembershipQuerySet
from sessions.models import Registration

#: School years such as '2026-2027', each with a number of meetings.
Years = list[tuple[str, int]]

#: A certificate that ends within so many days is named apart.
SOON = dt.timedelta(days=90)


class Status(models.TextChoices):
    """How far somebody is, the furthest first that holds."""

    NOT_INVITED = "niet-uitgenodigd", _("Not invited")
    INVITED = "uitgenodigd", _("Not started")
    STARTED = "bezig", _("In progress")
    TRAINED = "getraind", _("Trained")
    EXPIRES_SOON = "verloopt", _("Expires within 90 days")
    EXPIRED = "verlopen", _("Expired")


TONES = {
    Status.NOT_INVITED: "neutral",
    Status.INVITED: "neutral",
    Status.STARTED: "active",
    Status.TRAINED: "success",
    Status.EXPIRES_SOON: "warning",
    Status.EXPIRED: "danger",
}

#: Whose certificate is valid today.
TRAINED_TODAY = frozenset([Status.TRAINED, Status.EXPIRES_SOON])

#: In the list's filter: everybody whose certificate is not valid today.
NOT_TRAINED = "niet-getraind"


def statuses_in(choice: str) -> frozenset[str]:
    """What a choice in the list's filter holds: whose certificate expires soon is trained as well."""
    if choice == Status.TRAINED:
        return TRAINED_TODAY
    if choice == NOT_TRAINED:
        return frozenset(Status) - TRAINED_TODAY
    return frozenset([choice])


def people_of(organisation: Organisation, departments: Collection[int] | None, day: dt.date) -> MembershipQuerySet:
    """Memberships of today within HR's scope, with ``shown_name``, ``status``, ``valid_until`` and ``modules_done``.

    ``departments`` None means the whole organisation. ``valid_until`` is the first day on which the certificate is no
    longer valid. Nothing of answers, trainings elsewhere, or anything under another membership.
    """
    trained = Award.objects.known_on(day).filter(person=OuterRef("person"), programme__counts_as_trained=True)
    kept = trained.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=day))
    learning = Enrolment.objects.filter(person=OuterRef("person"))
    taking_part = Registration.objects.filter(
        person=OuterRef("person"), organisation=organisation, training__isnull=False
    )
    modules = learning.filter(completed_at__isnull=False, course__programmes__counts_as_trained=True)
    rows = Membership.objects.counted().valid_on(day).filter(organisation=organisation)
    if departments is not None:
        rows = rows.filter(department__in=departments)
    return rows.annotate(
        shown_name=Coalesce(
            NullIf("name", Value("")),
            NullIf("person__name", Value("")),
            "person__email",
            Value(""),
            output_field=models.CharField(),
        ),
        valid_until=Subquery(kept.order_by("-valid_until").values("valid_until")[:1]),
        modules_done=_number_of(modules),
    ).annotate(
        status=Case(
            When(valid_until__gt=day + SOON, then=Value(Status.TRAINED)),
            When(valid_until__gt=day, then=Value(Status.EXPIRES_SOON)),
            When(valid_until__isnull=False, then=Value(Status.EXPIRED)),
            When(Exists(learning) | Exists(taking_part.active()), then=Value(Status.STARTED)),
            When(Q(person__invited_at__isnull=False) | Q(person__last_login__isnull=False), then=Value(Status.INVITED)),
            default=Value(Status.NOT_INVITED),
            output_field=models.CharField(),
        )
    )


def counts_by_status(people: QuerySet[Any]) -> dict[str, int]:
    """How many people there are of each status; one who has two memberships here counts once for each."""
    found = dict(people.order_by().values_list("status").annotate(number=Count("pk")))
    return {status: found.get(status, 0) for status in Status.values}


def intervision_by_year(organisation: Organisation, person_ids: Collection[int], day: dt.date) -> dict[int, Years]:
    """What HR gets to know of intervision: for each of these people how many meetings they were at for this organisation.

    By school year, the last one first; people without any are left out.
    """
    counted = _intervision(day).filter(person__in=person_ids, scope_id=organisation.pk)
    return _by_year(counted.values_list("person", "cause", "number"))


def intervision_of(person: Person, day: dt.date) -> list[tuple[Organisation, Years]]:
    """The same of one person: each organisation whose HR sees it today, by name. Two queries."""
    memberships = person.memberships.counted().valid_on(day).select_related("organisation")
    organisations = {one.organisation_id: one.organisation for one in memberships}
    counted = _intervision(day).filter(person=person, scope_id__in=organisations)
    years = _by_year(counted.values_list("scope_id", "cause", "number"))
    by_name = sorted(organisations.values(), key=lambda one: one.name)
    return [(organisation, years.get(organisation.pk, [])) for organisation in by_name]


def _intervision(day: dt.date) -> QuerySet[Any, Any]:
    """From the ledger, which knows no group, no place and no day, and counts a meeting when its month is over."""
    rows = LedgerRow.objects.filter(scope=ORGANISATION, metric=INTERVISION, date__lte=day, person__isnull=False)
    return rows.values("person", "scope_id", "cause").annotate(number=Sum("delta")).order_by("-cause")


def _by_year(rows: Iterable[tuple[int, str, int]]) -> dict[int, Years]:
    found: dict[int, Years] = defaultdict(list)
    for key, cause, number in rows:
        found[key].append((cause.split(":")[1], number))
    return dict(found)


def _number_of(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("person").annotate(found=Count("course", distinct=True)).values("found")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)
