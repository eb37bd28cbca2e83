"""What is kept while groups form.

A wish goes as soon as somebody is in a group or no longer wants to be, a candidate with its answer. Declared conflicts stay
while their declarer waits for a group or is in one.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sessions.models.group import IntervisionGroup, IntervisionPlace, Slot
from sessions.querysets import CandidateQuerySet, IntervisionWishQuerySet


class IntervisionWish(models.Model):
    """Somebody waits for a group: under which membership, where, and when they can."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="intervision_wish")
    membership = models.ForeignKey("parties.Membership", on_delete=models.CASCADE, related_name="+")
    online = models.BooleanField(_("online"), default=False)
    places = models.ManyToManyField(IntervisionPlace, blank=True, related_name="+", verbose_name=_("places"))
    created_at = models.DateTimeField(default=timezone.now)

    objects = IntervisionWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for intervision")
        verbose_name_plural = _("wishes for intervision")

    def __str__(self) -> str:
        return f"{self.person}"


class WishedSlot(models.Model):
    wish = models.ForeignKey(IntervisionWish, on_delete=models.CASCADE, related_name="slots")
    slot = models.CharField(_("fixed time"), max_length=15, choices=Slot)

    class Meta:
        verbose_name = _("wished time")
        verbose_name_plural = _("wished times")
        constraints = [models.UniqueConstraint(fields=["wish", "slot"], name="one_wish_a_slot")]

    def __str__(self) -> str:
        return self.slot


class KeptApart(models.Model):
    """``person`` declared that they and another do not belong in one group. The other is named by their mail address, or
    is a fellow member; nobody is told whether an address is known here."""

    class Kind(models.TextChoices):
        MANAGER = "manager", _("One of us is the other's manager")
        SAME_STUDENT = "same_student", _("We supervise or assess the same student")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_apart")
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address = models.EmailField(_("mail address"), blank=True)
    kind = models.CharField(_("why"), max_length=15, choices=Kind)

    class Meta:
        verbose_name = _("declared conflict")
        verbose_name_plural = _("declared conflicts")
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=True) & ~Q(address="") | Q(other__isnull=False, address=""),
                name="kept_apart_from_one",
            ),
            models.UniqueConstraint(
                fields=["person", "address"], condition=~Q(address=""), name="an_address_declared_once"
            ),
            models.UniqueConstraint(
                fields=["person", "other"], condition=Q(other__isnull=False), name="a_person_declared_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"


class Candidate(models.Model):
    """Somebody who may come into a group: invited by address, proposed from who waits, or asking for an open place.

    The row goes when they join, decline, or are declined.
    """

    class Origin(models.TextChoices):
        INVITED = "invited", _("Invited")
        PROPOSED = "proposed", _("Proposed from who waits")
        ASKED = "asked", _("Asked for an open place")

    class State(models.TextChoices):
        TO_ANSWER = "to_answer", _("Has to answer")
        TO_DECIDE = "to_decide", _("The facilitator decides")

    group = models.ForeignKey(IntervisionGroup, on_delete=models.CASCADE, related_name="candidates")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address = models.EmailField(_("mail address"), blank=True)
    membership = models.ForeignKey(
        "parties.Membership", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    origin = models.CharField(max_length=10, choices=Origin)
    state = models.CharField(max_length=10, choices=State)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate for a group")
        verbose_name_plural = _("candidates for a group")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(address=""), name="candidate_is_a_person_or_an_address"
            ),
            models.CheckConstraint(
                condition=~Q(state="to_decide") | Q(person__isnull=False, membership__isnull=False),
                name="candidate_to_decide_is_known",
            ),
            models.UniqueConstraint(
                fields=["group", "person"], condition=Q(person__isnull=False), name="a_candidate_once_a_group"
            ),
            models.UniqueConstraint(
                fields=["group", "address"], condition=~Q(address=""), name="an_address_once_a_group"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.origin}"
