import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sessions.querysets import InvitationQuerySet, MeetingQuerySet


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Meeting(models.Model):
    """A start, an end, a break, a place or link. Belongs to exactly one training, group or event.

    No free text but place and link (product.md, rule 8). Times are UTC; screens show Europe/Amsterdam.
    """

    training = models.ForeignKey(
        "meetings.Training", on_delete=models.CASCADE, null=True, blank=True, related_name="meetings"
    )
    group = models.ForeignKey(
        "meetings.IntervisionGroup", on_delete=models.CASCADE, null=True, blank=True, related_name="meetings"
    )
    event = models.ForeignKey(
        "meetings.NetworkEvent", on_delete=models.CASCADE, null=True, blank=True, related_name="meetings"
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    break_minutes = models.PositiveSmallIntegerField(_("break in minutes"), default=0)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True)
    check_in_secret = models.CharField(max_length=40, default=new_token, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(
        null=True, blank=True, help_text="Of a group: when this one date was called off. A training goes on as a whole."
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(training__isnull=False, group__isnull=True, event__isnull=True)
                    | Q(training__isnull=True, group__isnull=False, event__isnull=True)
                    | Q(training__isnull=True, group__isnull=True, event__isnull=False)
                ),
                name="meeting_belongs_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_starts",
                violation_error_message=_("The end must be later than the start."),
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="meeting_start")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def net_minutes(self) -> int:
        """Minutes from start to end without the break."""
        return max(0, int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.break_minutes)


class Invitation(models.Model):
    """Person x Meeting: UID, SEQUENCE and PARTSTAT of RFC 5545. A UID is never used again."""

    class PartStat(models.TextChoices):
        NEEDS_ACTION = "NEEDS-ACTION", _("Not answered yet")
        ACCEPTED = "ACCEPTED", _("You are coming")
        DECLINED = "DECLINED", _("You cannot come")
        TENTATIVE = "TENTATIVE", _("Perhaps")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    partstat = models.CharField(max_length=12, choices=PartStat, default=PartStat.NEEDS_ACTION)
    address = models.EmailField(help_text="Where the last message went; a new address gets a new message.")
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    previous_starts_at = models.DateTimeField(
        null=True, blank=True, help_text="Where a changed time is not answered yet: the start as it was."
    )
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="Of the answer that counts: when a button was pressed, or DTSTAMP of a REPLY."
    )
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "meeting"],
                condition=Q(cancelled_at__isnull=True),
                name="one_active_invitation_a_meeting",
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Attendance(models.Model):
    """Person x Meeting: who was there, for how many net minutes, and who marked it."""

    class State(models.TextChoices):
        PRESENT = "present", _("Present")
        LATE = "late", _("Late")
        LEFT_EARLY = "left_early", _("Left early")
        EXCUSED = "excused", _("Excused")
        ABSENT = "absent", _("Absent")

    THERE = (State.PRESENT, State.LATE, State.LEFT_EARLY)
    #: For which the trainer is asked how many minutes somebody was there.
    PARTLY = (State.LATE, State.LEFT_EARLY)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attendances")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(_("state"), max_length=10, choices=State)
    minutes = models.PositiveSmallIntegerField(_("net minutes"), default=0)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(
        default=uuid.uuid4,
        editable=False,
        help_text="Names the mark that stands; a later mark says that it is based on it.",
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [models.UniqueConstraint("person", "meeting", name="one_attendance_a_meeting")]

    def __str__(self) -> str:
        return f"{self.person} – {self.meeting}: {self.state}"

    @classmethod
    def in_words(cls, state: str, minutes: int) -> str:
        """Such as "Late, 150 minutes"; the minutes where they are asked for."""
        if state not in cls.PARTLY:
            return str(cls.State(state).label)
        return ngettext("%(state)s, %(minutes)s minute", "%(state)s, %(minutes)s minutes", minutes) % {
            "state": cls.State(state).label,
            "minutes": minutes,
        }

    @property
    def words(self) -> str:
        return self.in_words(self.state, self.minutes)


class AttendanceChange(models.Model):
    """One mark as it was made, with what stood there before. Rows are added, never changed.

    ``key`` names the mark, so that one that arrives twice counts once.
    """

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="changes")
    key = models.UUIDField(editable=False)
    state_before = models.CharField(max_length=10, choices=Attendance.State, blank=True, help_text="Empty: nothing.")
    minutes_before = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=Attendance.State)
    minutes = models.PositiveSmallIntegerField(default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    is_correction = models.BooleanField(default=False, help_text="The list was closed already.")

    class Meta:
        ordering = ["changed_at", "pk"]
        verbose_name = _("change of attendance")
        verbose_name_plural = _("changes of attendance")
        constraints = [models.UniqueConstraint("attendance", "key", name="one_change_a_mark")]

    def __str__(self) -> str:
        return f"{self.state_before} → {self.state}"

    @property
    def before(self) -> str:
        return Attendance.in_words(self.state_before, self.minutes_before) if self.state_before else ""

    @property
    def after(self) -> str:
        return Attendance.in_words(self.state, self.minutes)
