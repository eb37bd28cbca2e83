from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.models import Side
from parties.periods import Period
from sessions.querysets import GroupMemberQuerySet, IntervisionGroupQuerySet


class IntervisionGroup(models.Model):
    """A fixed small group with a facilitator. Holds no case and no other free text than its name."""

    name = models.CharField(_("name"), max_length=80)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="groups_facilitated",
        verbose_name=_("facilitator"),
    )

    objects = IntervisionGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("intervision group")
        verbose_name_plural = _("intervision groups")

    def __str__(self) -> str:
        return self.name


class GroupMember(Period):
    group = models.ForeignKey(IntervisionGroup, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships")
    side = models.CharField(_("side"), max_length=10, choices=Side)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of a group")
        constraints = [
            Period.period_constraint("group_member_ends_after_beginning"),
            models.UniqueConstraint(
                fields=["group", "person"], condition=Q(until__isnull=True), name="one_open_place_in_a_group"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.group}"


class AgreementsAccepted(models.Model):
    """A member read the agreements in this version and said yes to each."""

    member = models.ForeignKey(GroupMember, on_delete=models.CASCADE, related_name="accepted")
    version = models.PositiveSmallIntegerField(_("version"))
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("accepted agreements")
        verbose_name_plural = _("accepted agreements")
        constraints = [
            models.UniqueConstraint(fields=["member", "version"], name="agreements_accepted_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.member} – {self.version}"
