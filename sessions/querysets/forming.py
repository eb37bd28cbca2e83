"""Reads of what is kept while groups form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from parties.models import Membership

if TYPE_CHECKING:
    from parties.models import Person


class IntervisionWishQuerySet(models.QuerySet):
    def waiting(self) -> IntervisionWishQuerySet:
        """Those to whom no group was proposed that they have not answered, and who still work where they said."""
        proposed = _model("Candidate").objects.filter(person=OuterRef("person"), origin="proposed")
        return self.filter(~Exists(proposed), membership__in=Membership.objects.current())


class CandidateQuerySet(models.QuerySet):
    def to_answer_by(self, person: Person) -> CandidateQuerySet:
        """Invitations and proposals to this person, of groups that are not closed."""
        own = apps.get_model("account", "EmailAddress").objects.filter(user=person, verified=True).values("email")
        return self.filter(
            Q(person=person) | Q(person=None, address__in=own), state="to_answer", group__closed_at=None
        ).select_related("group__facilitator", "group__place")

    def asked_by(self, person: Person) -> CandidateQuerySet:
        """Where this person waits for what the facilitator decides."""
        return self.filter(person=person, state="to_decide", group__closed_at=None).select_related("group__place")


def _model(name: str) -> Any:
    return apps.get_model("meetings", name)
