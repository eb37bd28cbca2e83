from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parties.models import Side
from parties.periods import Period


class IntervisionGroup(models.Model):
    """A fixed small group with a facilitator. Holds no case and no other free text than its name."""

    name = models.CharField(_("name"), max_length=80)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="groups_facilitated",
        verbose_name=_("facilitator"),
    )

    class Meta:
        verbose_name = _("intervision group")
        verbose_name_plural = _("intervision groups")

    def __str__(self) -> str:
        return self.name


class GroupMember(Period):
    group = models.ForeignKey(IntervisionGroup, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships")
    side = models.CharField(_("side"), max_length=10, choices=Side)

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
