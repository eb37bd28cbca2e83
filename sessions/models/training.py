from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.models import Person, Side
from sessions.querysets import RegistrationQuerySet, TrainingQuerySet, audience_of
from sessions.seating import Seats


class Training(models.Model):
    """One edition of a live training: meetings, trainers, and seats for each side."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Open")
        CANCELLED = "cancelled", _("Cancelled")
        CLOSED = "closed", _("List closed")

    MOVES = {
        State.DRAFT: {State.PUBLISHED},
        State.PUBLISHED: {State.CANCELLED, State.CLOSED},
        State.CANCELLED: set(),
        State.CLOSED: set(),
    }

    class Audience(models.TextChoices):
        OPEN = "open", _("Everybody")
        CHOSEN = "chosen", _("Only the parties and organisations that I choose")

    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="trainings_given", verbose_name=_("trainers")
    )
    reply_to = models.EmailField(
        _("mail address for questions"), help_text=_("Participants see this address and their answers go to it.")
    )
    seats_school = models.PositiveSmallIntegerField(_("seats for school"), default=12)
    seats_workplace = models.PositiveSmallIntegerField(_("seats for the workplace"), default=12)
    minimum_school = models.PositiveSmallIntegerField(_("minimum from school"), default=0)
    minimum_workplace = models.PositiveSmallIntegerField(_("minimum from the workplace"), default=0)
    release_on = models.DateField(
        _("date on which unused seats are for everyone"),
        null=True,
        blank=True,
        help_text=_("From this day the seats of both sides are one pool, in waiting order."),
    )
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    cancellation_closes_at = models.DateTimeField(_("giving up a seat closes"), null=True, blank=True)
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to accept a seat that came free"),
        null=True,
        blank=True,
        help_text=_("Empty: who is first on the waiting list has the seat at once."),
    )
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience, default=Audience.OPEN)
    parties = models.ManyToManyField("parties.Party", related_name="+", blank=True, verbose_name=_("parties"))
    organisations = models.ManyToManyField(
        "parties.Organisation", related_name="+", blank=True, verbose_name=_("organisations")
    )
    minimum_checked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the trainers heard whether too few people come."
    )
    folder = models.ForeignKey(
        "filer.Folder", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("materials")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty when the list closed by itself.",
    )

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            models.CheckConstraint(
                condition=Q(seats_school__gt=0) | Q(seats_workplace__gt=0),
                name="training_has_seats",
                violation_error_message=_("Give seats to at least one side."),
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="training_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(offer_hours__isnull=True) | Q(offer_hours__gt=0), name="training_offers_last_a_while"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_joint(self) -> bool:
        """Planned with seats for both sides (product.md, rule 13)."""
        return self.seats_school > 0 and self.seats_workplace > 0

    @property
    def seats(self) -> Seats:
        return Seats(self.seats_school, self.seats_workplace, self.release_on, offers=self.offer_hours is not None)

    def is_for(self, organisation: int) -> bool:
        """Whether people of the organisation with this key are its audience today."""
        return (
            self.audience == self.Audience.OPEN
            or Training.objects.filter(audience_of([organisation]), pk=self.pk).exists()
        )

    def has_started(self) -> bool:
        return min(meeting.starts_at for meeting in self.meetings.all()) <= timezone.now()

    def is_given_by(self, person: Person) -> bool:
        return any(trainer.pk == person.pk for trainer in self.trainers.all())


class Registration(models.Model):
    """Of one Membership for one training or event; side and organisation freeze from it."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        OFFERED = "offered", _("Seat offered")
        WAITLISTED = "waitlisted", _("On the waiting list")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Offer lapsed")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = (State.CONFIRMED, State.OFFERED, State.WAITLISTED)
    MOVES = {
        State.WAITLISTED: {State.CONFIRMED, State.OFFERED, State.CANCELLED},
        State.OFFERED: {State.CONFIRMED, State.DECLINED, State.LAPSED, State.CANCELLED},
        State.CONFIRMED: {State.CANCELLED, State.DECLINED},
        State.DECLINED: set(),
        State.LAPSED: set(),
        State.CANCELLED: set(),
    }

    training = models.ForeignKey(
        Training, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations"
    )
    event = models.ForeignKey(
        "meetings.NetworkEvent", on_delete=models.PROTECT, null=True, blank=True, related_name="registrations"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registrations")
    membership = models.ForeignKey(
        "parties.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="registrations")
    party = models.ForeignKey(
        "parties.Party",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="For an event: the party that this person comes for.",
    )
    name = models.CharField(
        _("name"),
        max_length=150,
        blank=True,
        help_text="For an event: as it stands on the list, where somebody wrote it there.",
    )
    side = models.CharField(_("side"), max_length=10, choices=Side)
    state = models.CharField(_("state"), max_length=10, choices=State)
    seat = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="The number of the seat at the table; what keeps two people off one seat.",
    )
    group = models.UUIDField(
        null=True, blank=True, editable=False, help_text="The same for those who registered together."
    )
    offer_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    queued_at = models.DateTimeField(_("registered"), default=timezone.now, help_text="Waiting order; ties go by key.")
    state_at = models.DateTimeField(default=timezone.now)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.CheckConstraint(
                condition=Q(training__isnull=False, event__isnull=True) | Q(training__isnull=True, event__isnull=False),
                name="registration_for_one_thing",
            ),
            models.UniqueConstraint(
                fields=["training", "person"],
                condition=Q(state__in=["confirmed", "offered", "waitlisted"]),
                name="one_active_registration_a_training",
            ),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(state__in=["confirmed", "offered", "waitlisted"]),
                name="one_active_registration_an_event",
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=True) | Q(party__isnull=False), name="registration_for_an_event_by_party"
            ),
            models.UniqueConstraint(
                fields=["training", "seat"], condition=Q(seat__isnull=False), name="one_person_a_seat"
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=True) | Q(state__in=["confirmed", "offered"], seat__gt=0),
                name="only_who_takes_part_has_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(training__isnull=True) | ~Q(state__in=["confirmed", "offered"]) | Q(seat__isnull=False),
                name="who_takes_part_in_a_training_has_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offer_until__isnull=False)
                | (~Q(state="offered") & Q(offer_until__isnull=True)),
                name="an_offer_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["training", "state", "queued_at"], name="registration_queue"),
            models.Index(fields=["organisation", "state"], name="registration_of_organisation"),
            models.Index(fields=["offer_until"], condition=Q(state="offered"), name="registration_offer_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.training or self.event}"

    @property
    def listed_name(self) -> str:
        """The name for the list of an event, never a mail address; empty when nobody wrote one."""
        return self.name or self.person.name
