"""Reads for a person's own page and for the home page."""

import datetime as dt

from django.utils import timezone

from certificates.models import Award
from cms.next_step import Facts
from courses.progress import overview
from parties.models import Person
from sessions.gatherings import OF_INVITATION
from sessions.models import Invitation, Meeting, Registration


def facts_of(person: Person, now: dt.datetime) -> Facts:
    """What the next step follows from, in a fixed number of queries."""
    today = timezone.localdate(now)
    awards = Award.objects.filter(person=person, programme__counts_as_trained=True).valid_on(today)
    return Facts(
        has_workplace=person.memberships.current().exists(),
        courses=overview(person),
        invitations=list(
            Invitation.objects.active()
            .filter(person=person, meeting__in=Meeting.objects.visible_to(person).upcoming(now))
            .select_related(*OF_INVITATION)
            .order_by("meeting__starts_at", "pk")
        ),
        registrations=list(
            Registration.objects.active().filter(person=person, training__state="published").select_related("training")
        ),
        certificate_until=max(awards.values_list("valid_until", flat=True), default=None),
        now=now,
    )
