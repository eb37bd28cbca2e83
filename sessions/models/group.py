from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.models import Side
from parties.periods import Period
from sessions.querysets import GroupMemberQuerySet, IntervisionGroupQuerySet

SMALLEST, LARGEST = 3, 8


class IntervisionPlace(models.Model):
    """Where a group can meet; administrators keep the list."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("place for intervision")
        verbose_name_plural = _("places for intervision")

    def __str__(self) -> str:
        return self.name


class SchoolHoliday(Period):
    """Days on which no meeting is proposed; administrators keep the list of the region."""

    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["since"]
        verbose_name = _("school holiday")
        verbose_name_plural = _("school holidays")
        constraints = [
            Period.period_constraint("school_holiday_ends_after_beginning"),
            models.CheckConstraint(
                condition=Q(until__isnull=False),
                name="school_holiday_has_an_end",
                violation_error_message=_("Fill in the first day after the holiday."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Slot(models.TextChoices):
    """A fixed part of the working week, which a group meets in."""

    MON_MORNING = "mon-morning", _("Monday morning")
    MON_AFTERNOON = "mon-afternoon", _("Monday afternoon")
    MON_LATE = "mon-late", _("Monday, end of the afternoon")
    TUE_MORNING = "tue-morning", _("Tuesday morning")
    TUE_AFTERNOON = "tue-afternoon", _("Tuesday afternoon")
    TUE_LATE = "tue-late", _("Tuesday, end of the afternoon")
    WED_MORNING = "wed-morning", _("Wednesday morning")
    WED_AFTERNOON = "wed-afternoon", _("Wednesday afternoon")
    WED_LATE = "wed-late", _("Wednesday, end of the afternoon")
    THU_MORNING = "thu-morning", _("Thursday morning")
    THU_AFTERNOON = "thu-afternoon", _("Thursday afternoon")
    THU_LATE = "thu-late", _("Thursday, end of the afternoon")
    FRI_MORNING = "fri-morning", _("Friday morning")
    FRI_AFTERNOON = "fri-afternoon", _("Friday afternoon")
    FRI_LATE = "fri-late", _("Friday, end of the afternoon")


class IntervisionGroup(models.Model):
    """A fixed small group with a facilitator. Holds no case and no other free text than its name."""

    name = models.CharField(_("name"), max_length=80)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="groups_facilitated",
        verbose_name=_("facilitator"),
        help_text="Empty for a closed group whose facilitator was erased.",
    )
    reply_to = models.EmailField(
        _("mail address for questions"), blank=True, help_text=_("Members see this address and their answers go to it.")
    )
    size = models.PositiveSmallIntegerField(
        _("places"), default=LARGEST, validators=[MinValueValidator(SMALLEST), MaxValueValidator(LARGEST)]
    )
    place = models.ForeignKey(
        IntervisionPlace,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place"),
        help_text=_("Empty: the group meets online."),
    )
    slot = models.CharField(_("fixed time"), max_length=15, choices=Slot, blank=True)
    is_open = models.BooleanField(
        _("open places"),
        default=False,
        help_text=_("Who looks for a group reads that this one has a place, without its name and without its members."),
    )
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = IntervisionGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("intervision group")
        verbose_name_plural = _("intervision groups")
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=SMALLEST, size__lte=LARGEST),
                name="group_of_three_to_eight",
                violation_error_message=_("A group has 3 to 8 members."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def facilitator_name(self) -> str:
        return self.facilitator.name if self.facilitator else ""


class GroupMember(Period):
    """Somebody's place in a group; side and organisation freeze from the membership it was taken with."""

    group = models.ForeignKey(IntervisionGroup, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships")
    membership = models.ForeignKey(
        "parties.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "parties.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="What the meetings count for; empty where it is not known.",
    )
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
