import re

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parties.models.party import Party
from parties.querysets import DeskQuerySet

_PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ()/-]{1,28}$", _("Write a phone number with digits, for example 070 123 45 67.")
)


class Desk(models.Model):
    """A place where somebody can turn to about discrimination: of one party, or for everyone."""

    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.CASCADE, related_name="desks", help_text="None: for everyone."
    )
    name = models.CharField(_("name"), max_length=120)
    for_whom = models.CharField(_("for whom"), max_length=160)
    offer = models.TextField(_("what they do"), max_length=600)
    phone = models.CharField(_("phone number"), max_length=30, blank=True, validators=[_PHONE])
    email = models.EmailField(_("mail address"), blank=True)
    url = models.URLField(_("address of a page"), max_length=300, blank=True)
    hours = models.CharField(_("when they can be reached"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_example = models.BooleanField(default=False, editable=False)

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("place to turn to")
        verbose_name_plural = _("places to turn to")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=True) | ~Q(phone="") | ~Q(email="") | ~Q(url=""),
                name="desk_of_a_party_can_be_reached",
                violation_error_message=_(
                    "Fill in how people reach this place: a phone number, a mail address or the address of a page."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tel(self) -> str:
        """The phone number as a link dials it."""
        return re.sub(r"[^0-9+]", "", self.phone)
