"""What the mails about meetings say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from email.utils import parseaddr
from enum import StrEnum
from html import unescape
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import escape, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from parties.actions.outbox import outbox_queue
from parties.clean import clean_html
from parties.mail import Mail, Rendered, render_mail, sender_address
from parties.models import Person
from parties.periods import today
from sessions import offers, survey
from sessions.gatherings import gathering_of, of_training, training_of
from sessions.ics import CalendarAddress, Invite, Method, invite_text
from sessions.models import Invitation, Meeting, Registration, Respondent, Survey, Training
from sessions.seating import Place, explain
from sessions.wording import why_waiting

if TYPE_CHECKING:
    from sessions.actions.invitations import MeetingFacts

# Stand in the text of a whole meeting for what differs from person to person.
NAME = "⟦name⟧"
TOKEN = "⟦token⟧"


class News(StrEnum):
    """Why an invitation is sent; the kind of the mail and the words in it follow from this."""

    NEW = "new"
    PROMOTED = "promoted"
    MOVED = "moved"
    PLACE = "place"
    CORRECTED = "corrected"
    TRAINING_CANCELLED = "training_cancelled"
    CANCELLED = "cancelled"
    TAKEN_OFF = "taken_off"
    OWN_WISH = "own_wish"
    READDRESSED = "readdressed"
    AGAIN = "again"


class InvitationMails:
    """The mails of one piece of news. Text is rendered once for a meeting and a language, and then filled in."""

    def __init__(self, method: Method, news: News, before: MeetingFacts | None = None) -> None:
        self.method = method
        self.news = news
        self.before = before
        self.rendered: dict[tuple[int, str, bool], Rendered] = {}
        self.invites: dict[tuple[int, str], Invite] = {}
        self.organizer = CalendarAddress(name=parseaddr(settings.DEFAULT_FROM_EMAIL)[0], address=sender_address())

    def mail(self, invitation: Invitation) -> Mail:
        """For one person and one meeting, with ``person`` and what the meeting belongs to already loaded."""
        person = invitation.person
        text = self._text(invitation)
        name = _short_name(person)
        return Mail(
            kind=f"invitation-{self.news}",
            to=invitation.address,
            person=person,
            subject=text.subject,
            text=text.text.replace(NAME, name).replace(TOKEN, invitation.token),
            html=text.html.replace(NAME, escape(name)).replace(TOKEN, invitation.token),
            reply_to=gathering_of(invitation.meeting).reply_to,
            calendar=invite_text(self._invite(invitation), self.method),
            method=self.method,
            ordering_key=str(invitation.uid),
            meeting_id=invitation.meeting_id,
        )

    def _text(self, invitation: Invitation) -> Rendered:
        person, meeting = invitation.person, invitation.meeting
        key = (meeting.pk, person.language, bool(person.name))
        if key not in self.rendered:
            family = "cancelled" if self.method is Method.CANCEL else "invitation"
            with override(person.language):
                context = self._context(meeting) | {"name": NAME if person.name else ""}
            self.rendered[key] = render_mail(f"sessions/mail/{family}", language=person.language, context=context)
        return self.rendered[key]

    def _context(self, meeting: Meeting) -> dict[str, Any]:
        context = _meeting_context(meeting) | {
            "news": self.news.value,
            "calendar_answers": bool(settings.REPLY_MAILBOX_URL),
        }
        if self.before is not None:
            context["before"] = when(self.before.starts_at, self.before.ends_at, self.before.place)
        return context

    def _invite(self, invitation: Invitation) -> Invite:
        meeting, person = invitation.meeting, invitation.person
        attendee = CalendarAddress(name=person.name, address=invitation.address)
        own: dict[str, Any] = {
            "uid": str(invitation.uid),
            "sequence": invitation.sequence,
            "stamp": invitation.changed_at,
            "created": invitation.created_at,
            "attendee": attendee,
            "partstat": invitation.partstat,
        }
        key = (meeting.pk, person.language)
        if key not in self.invites:
            with override(person.language):
                gathering = gathering_of(meeting)
                questions = [_("Questions? Answer the mail that this appointment came with.")]
                self.invites[key] = Invite(
                    starts_at=meeting.starts_at,
                    ends_at=meeting.ends_at,
                    summary=gathering.title,
                    location=meeting.place or meeting.link,
                    description="\n".join([*facts_of(meeting), *(questions if gathering.reply_to else [])]),
                    url=gathering.url,
                    organizer=self.organizer,
                    **own,
                )
        return replace(self.invites[key], **own)


def reminder_mails(invitations: Iterable[Invitation], kind: str) -> None:
    """A while before a meeting, to who has a seat: when and where, and what they answered.

    Text is rendered once for a meeting, a language and an answer. It follows the invitation, under the same key.
    """
    rendered: dict[tuple[int, str, bool, str], Rendered] = {}
    mails = []
    for invitation in invitations:
        person, meeting = invitation.person, invitation.meeting
        key = (meeting.pk, person.language, bool(person.name), invitation.partstat)
        if key not in rendered:
            with override(person.language):
                context = _meeting_context(meeting) | {
                    "name": NAME if person.name else "",
                    "partstat": invitation.partstat,
                    "days": (timezone.localtime(meeting.starts_at).date() - today()).days,
                }
            rendered[key] = render_mail("sessions/mail/reminder", language=person.language, context=context)
        text, name = rendered[key], _short_name(person)
        mails.append(
            Mail(
                kind=kind,
                to=invitation.address,
                person=person,
                subject=text.subject,
                text=text.text.replace(NAME, name).replace(TOKEN, invitation.token),
                html=text.html.replace(NAME, escape(name)).replace(TOKEN, invitation.token),
                reply_to=gathering_of(meeting).reply_to,
                ordering_key=str(invitation.uid),
                meeting_id=meeting.pk,
            )
        )
    outbox_queue(mails)


def _meeting_context(meeting: Meeting) -> dict[str, Any]:
    gathering = gathering_of(meeting)
    return {
        "kind": gathering.kind,
        "title": gathering.title,
        "page_url": gathering.url,
        "answers_read": bool(gathering.reply_to),
        "link": meeting.link,
        "answer_url": settings.SITE_URL + reverse("sessions:answer", args=["TOKEN"]).replace("TOKEN", TOKEN),
    } | when(meeting.starts_at, meeting.ends_at, meeting.place)


def training_url(training: Training) -> str:
    return of_training(training).url


def when(starts_at: dt.datetime, ends_at: dt.datetime, place: str) -> dict[str, str]:
    """Day, times and place in words of the active language, Europe/Amsterdam."""
    starts, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    words = {"day": date_format(starts, "l j F Y"), "start": time_format(starts), "end": time_format(ends)}
    return words | {
        "time": _("%(start)s to %(end)s") % words,
        "moment": _("%(day)s at %(start)s") % words,
        "place": place,
    }


def facts_of(meeting: Meeting) -> list[str]:
    """Lines of plain text for a calendar, which may be shared: no link that signs in or answers for somebody."""
    lines = [_("Online: %(link)s") % {"link": meeting.link}] if meeting.link and meeting.place else []
    gathering = gathering_of(meeting)
    everything = {
        "training": _("Everything about this training: %(url)s"),
        "group": _("Your group: %(url)s"),
        "event": _("Everything about this meeting: %(url)s"),
    }
    return [*lines, everything[gathering.kind] % {"url": gathering.url}]


def waiting_mails(*, registrations: Iterable[Registration]) -> None:
    """Says to each that they wait, and why; they are of one training."""
    mails = []
    places: list[Place] | None = None
    for registration in registrations:
        person, training = registration.person, training_of(registration)
        if places is None:
            places = Registration.objects.filter(training=training).places()
        if not (address := _address_of(registration)):
            continue
        wait = explain(registration.pk, training.seats, places, today())
        with override(person.language):
            number = _("You are number %(position)s in the queue.") % {"position": wait.position}
            context = {
                "name": _short_name(person),
                "training": training,
                "training_url": training_url(training),
                "why": [*why_waiting(wait), number],
                "offer_hours": training.offer_hours,
            }
        text = render_mail("sessions/mail/waiting", language=person.language, context=context)
        mails.append(_mail("waiting-list", address, person, training, text, _first_meeting(training)))
    outbox_queue(mails)


def message_mails(*, training: Training, people: Iterable[Person], subject: str, body: str) -> None:
    """A message of the trainer, to each person apart. ``body`` is HTML as typed; it is cleaned here."""
    body = clean_html(body)
    about = _first_meeting(training)
    mails = []
    for person in people:
        if not person.email:
            continue
        with override(person.language):
            address_of_training = training_url(training)
        context = {
            "subject": subject,
            "training": training,
            "training_url": address_of_training,
            "body": mark_safe(body),
            "plain": _plain(body),
        }
        text = render_mail("sessions/mail/message", language=person.language, context=context)
        mails.append(_mail("message", person.email, person, training, text, about))
    outbox_queue(mails)


def _first_meeting(training: Training) -> int | None:
    """What a mail about the whole training counts for, so that its trainer finds it among the messages."""
    return training.meetings.values_list("pk", flat=True).first()


def _mail(kind: str, to: str, person: Person, training: Training, text: Rendered, meeting_id: int | None) -> Mail:
    return Mail(
        kind=kind,
        to=to,
        person=person,
        subject=text.subject,
        text=text.text,
        html=text.html,
        reply_to=training.reply_to,
        meeting_id=meeting_id,
    )


def _short_name(person: Person) -> str:
    return person.get_short_name() if person.name else ""


def _plain(html: str) -> str:
    """Cleaned HTML as plain text: blocks on lines of their own, links with their address behind them."""
    text = re.sub(r"\s+", " ", html)
    text = re.sub(r'<a href="([^"]*)"[^>]*>(.*?)</a>', r"\2 (\1)", text)
    text = re.sub(r"<li>", "\n- ", text)
    text = re.sub(r"<br ?/?>", "\n", text)
    text = re.sub(r"</?(p|ul|ol|h3|h4|blockquote)>", "\n\n", text)
    lines = [line.strip() for line in unescape(strip_tags(text)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def offer_mails(*, registrations: Iterable[Registration]) -> None:
    """A seat came free and is theirs until ``offer_until``, if they say yes."""
    mails = []
    for registration in registrations:
        person, training = registration.person, training_of(registration)
        address = _address_of(registration)
        if not address or registration.offer_until is None:
            continue
        with override(person.language):
            until = timezone.localtime(registration.offer_until)
            context = _seat_context(registration) | {
                "until": _("%(day)s at %(start)s")
                % {"day": date_format(until, "l j F Y"), "start": time_format(until)},
                "offer_url": offer_url(registration),
            }
        text = render_mail("sessions/mail/offer", language=person.language, context=context)
        mails.append(_mail("seat-offered", address, person, training, text, _first_meeting(training)))
    outbox_queue(mails)


def lapsed_mails(*, registrations: Iterable[Registration]) -> None:
    """The time to accept the seat is over."""
    mails = []
    for registration in registrations:
        if not (address := _address_of(registration)):
            continue
        person, training = registration.person, training_of(registration)
        with override(person.language):
            context = _seat_context(registration)
        text = render_mail("sessions/mail/lapsed", language=person.language, context=context)
        mails.append(_mail("offer-lapsed", address, person, training, text, _first_meeting(training)))
    outbox_queue(mails)


def minimum_mails(*, training: Training, too_few: dict[str, tuple[int, int]]) -> None:
    """To each trainer: from which side fewer people come than they wanted. Values are how many come, and the minimum."""
    mails = []
    for trainer in training.trainers.exclude(email=None).order_by("pk"):
        with override(trainer.language):
            sentences = {
                "school": _("From school %(come)s people have a seat; you wanted at least %(wanted)s."),
                "workplace": _("From the workplace %(come)s people have a seat; you wanted at least %(wanted)s."),
            }
            context = {
                "name": _short_name(trainer),
                "training": training,
                "lines": [
                    sentences[side] % {"come": come, "wanted": wanted} for side, (come, wanted) in too_few.items()
                ],
                "participants_url": settings.SITE_URL + reverse("sessions:participants", args=[training.pk]),
            }
        text = render_mail("sessions/mail/minimum", language=trainer.language, context=context)
        mails.append(_mail("too-few", trainer.email or "", trainer, training, text, None))
    outbox_queue(mails)


def survey_mails(asked: Survey, training: Training, people: Iterable[tuple[Respondent, Registration]]) -> None:
    """The link to the questions, to each apart; each registration brings its person."""
    mails = []
    for respondent, registration in people:
        if not (address := _address_of(registration)):
            continue
        person = registration.person
        with override(person.language):
            link = reverse("sessions:survey", args=[survey.token_of(asked.pk, respondent.pk)])
            context = {
                "name": _short_name(person),
                "training": training,
                "kind": asked.kind,
                "question": survey.read(asked.questions)[0].words(person.language),
                "until": date_format(asked.last_day, "l j F"),
                "survey_url": settings.SITE_URL + link,
            }
        text = render_mail("sessions/mail/survey", language=person.language, context=context)
        mails.append(_mail(f"survey-{asked.kind}", address, person, training, text, _first_meeting(training)))
    outbox_queue(mails)


def offer_url(registration: Registration) -> str:
    return settings.SITE_URL + reverse("sessions:offer", args=[offers.token_of(registration.pk)])


def _seat_context(registration: Registration) -> dict[str, Any]:
    training = training_of(registration)
    meetings = list(training.meetings.order_by("starts_at", "pk"))
    return {
        "name": _short_name(registration.person),
        "training": training,
        "training_url": training_url(training),
        "meetings": [when(meeting.starts_at, meeting.ends_at, meeting.place) for meeting in meetings],
    }


def _address_of(registration: Registration) -> str:
    """Somebody who is only on a roster has no address of their own yet."""
    return registration.person.email or (registration.membership.work_address if registration.membership else "")
