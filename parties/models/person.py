from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.periods import Period
from parties.querysets import MembershipQuerySet, PersonManager, RoleQuerySet

from .party import Department, Organisation, Party, Side


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who takes part; may exist without ever having signed in.

    Sign-in addresses are allauth's EmailAddress rows; ``email`` is the one that mail goes to, lower case, and empty
    for somebody of whom only a work address on a roster is known.
    ``is_staff``, ``is_superuser`` and the groups follow from Role; see ``parties.actions.roles``.
    """

    email = models.EmailField(_("e-mail address"), null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )
    lesson_view = models.CharField(
        _("lessons seen from"), max_length=10, choices=Side, blank=True, help_text=_("Empty: both sides are shown.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    invited_at = models.DateTimeField(_("invited to come in"), null=True, blank=True)
    feed_generation = models.PositiveIntegerField(default=1, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="email_once_whatever_its_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.pk}"

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split(" ")[0]

    @property
    def initials(self) -> str:
        words = str(self).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


class Membership(Period):
    """A Person works at an Organisation, ``[since, until)``, with what a roster says of them there."""

    class Origin(models.TextChoices):
        ROSTER = "roster", _("from a list of HR")
        DECLARED = "declared", _("said by the person")
        SIGN_ON = "sign_on", _("from the organisation's own account")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Not confirmed")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    department = models.ForeignKey(
        Department, on_delete=models.SET_NULL, null=True, blank=True, related_name="memberships"
    )
    side = models.CharField(_("side"), max_length=10, choices=Side)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    state = models.CharField(_("state"), max_length=10, choices=State)
    name = models.CharField(_("name on the list"), max_length=150, blank=True)
    work_address = models.EmailField(_("work address"), blank=True)
    personnel_number = models.CharField(_("personnel number"), max_length=40, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            Period.period_constraint("membership_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(until__isnull=True) & ~Q(state="declined"),
                name="one_open_membership_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["organisation", "personnel_number"],
                condition=Q(until__isnull=True) & ~Q(personnel_number=""),
                name="personnel_number_once_an_organisation",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "since"], name="membership_of_organisation")]

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}"


class Role(Period):
    """Authority, apart from belonging; scoped to a department, an organisation, a party, or everything."""

    class Kind(models.TextChoices):
        HR = "hr", _("HR")
        COORDINATOR = "coordinator", _("Coordinator")
        TRAINER = "trainer", _("Trainer")
        FACILITATOR = "facilitator", _("Facilitator")
        EDITOR = "editor", _("Editor")
        EXPERT = "expert", _("Expert in law")
        NETWORK = "network", _("Network coordinator")
        ADMINISTRATOR = "administrator", _("Administrator")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("role"), max_length=20, choices=Kind)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, null=True, blank=True, related_name="roles")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="roles"
    )
    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="roles")

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            Period.period_constraint("role_ends_after_it_begins"),
            models.CheckConstraint(
                name="role_has_the_scope_of_its_kind",
                condition=(
                    Q(kind="hr", party__isnull=True, organisation__isnull=False)
                    | Q(kind="coordinator", party__isnull=False, organisation__isnull=True, department__isnull=True)
                    | (
                        ~Q(kind__in=["hr", "coordinator"])
                        & Q(party__isnull=True, organisation__isnull=True, department__isnull=True)
                    )
                ),
                violation_error_message=_(
                    "HR has an organisation (and perhaps one department), a coordinator has a party, other roles have neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        scope = self.department or self.organisation or self.party
        return f"{self.get_kind_display()} ({scope})" if scope else str(self.get_kind_display())

    def clean(self) -> None:
        if self.department and self.department.organisation_id != self.organisation_id:
            raise ValidationError({"department": _("This department belongs to another organisation.")})
