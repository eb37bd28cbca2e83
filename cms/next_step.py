"""The one next step: what somebody should see first on their own page. Facts in, a step out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.progress import CourseProgress, LessonStep
from parties.languages import marked, sentence
from sessions.gatherings import gathering_of
from sessions.models import Invitation, Registration
from sessions.offers import token_of


@dataclass(frozen=True)
class Facts:
    """``invitations`` are active and for meetings to come, soonest first; ``registrations`` are active."""

    has_workplace: bool
    courses: Sequence[CourseProgress]
    invitations: Sequence[Invitation]
    registrations: Sequence[Registration]
    certificate_until: dt.date | None
    now: dt.datetime


@dataclass(frozen=True)
class NextStep:
    title: str
    href: str
    action: str
    text: str = ""
    label: str = ""
    value: int = 0
    maximum: int = 0
    note: str = ""


CHECK_IN_FROM = dt.timedelta(minutes=30)


def next_step(facts: Facts) -> NextStep:
    """What comes first: being somewhere now, a seat that is offered for a while, saying where one works, the modules, a training, the certificate.

    A lesson that changed since is offered only when there is nothing else to do: while waiting for a seat, or at the end.
    """
    for invitation in facts.invitations:
        if invitation.meeting.starts_at - CHECK_IN_FROM <= facts.now and invitation.meeting.training_id:
            return NextStep(
                title=sentence(_("Check in for “%(training)s”"), training=marked(invitation.meeting.training)),
                href=reverse("sessions:check_in"),
                action=_("Fill in the code"),
                text=_("The trainer shows a code on the screen."),
            )
    offered = next((one for one in facts.registrations if one.state == Registration.State.OFFERED), None)
    if offered and offered.offer_until and offered.offer_until > facts.now:
        return _offer_step(offered)
    if not facts.has_workplace:
        return NextStep(
            title=_("Tell us where you work"),
            href=reverse("parties:workplace"),
            action=_("Choose your organisation"),
            text=_("Then what you do counts for your organisation, and you can sign up for a training."),
        )
    unfinished = [course for course in facts.courses if course.completed_at is None]
    if unfinished:
        return _module_step(unfinished[0], len(facts.courses))
    refreshers = [(course, lesson) for course in facts.courses for lesson in course.refreshers]
    if refreshers and (facts.certificate_until or _only_waits(facts)):
        return _refresher_step(*refreshers[0])
    if facts.certificate_until:
        return NextStep(
            title=_("You have your certificate of participation"),
            href=reverse("certificates:mine"),
            action=_("See your certificate"),
            text=_("It is valid up to and including %(date)s.")
            % {"date": date_format(facts.certificate_until - dt.timedelta(days=1))},
        )
    return _training_step(facts)


def _offer_step(registration: Registration) -> NextStep:
    assert registration.offer_until is not None
    return NextStep(
        title=sentence(_("A seat came free in “%(training)s”"), training=marked(registration.training)),
        href=reverse("sessions:offer", args=[token_of(registration.pk)]),
        action=_("Say whether you want it"),
        text=_("We keep it for you until %(moment)s.")
        % {"moment": date_format(timezone.localtime(registration.offer_until), "DATETIME_FORMAT")},
    )


def _module_step(course: CourseProgress, total: int) -> NextStep:
    begun = course.lessons_done > 0
    title = _("Go on with “%(lesson)s”") if begun else _("Start with %(course)s: “%(lesson)s”")
    name = marked(course.title, course.language)
    lesson = marked(course.next_lesson_title, course.next_lesson_language)
    return NextStep(
        title=sentence(title, lesson=lesson, course=name),
        href=course.next_lesson_url,
        action=_("Go on with the lesson") if begun else _("Start the lesson"),
        label=sentence(_("%(course)s, one of %(total)s modules"), course=name, total=total),
        value=course.lessons_done,
        maximum=course.lessons_total,
        note=_("%(done)s of %(total)s lessons done · %(minutes)s minutes to go")
        % {"done": course.lessons_done, "total": course.lessons_total, "minutes": course.minutes_left},
    )


def _only_waits(facts: Facts) -> bool:
    """On a waiting list, with no meeting to come."""
    return not facts.invitations and _on_waiting_list(facts)


def _on_waiting_list(facts: Facts) -> bool:
    return any(registration.state == Registration.State.WAITLISTED for registration in facts.registrations)


def _refresher_step(course: CourseProgress, lesson: LessonStep) -> NextStep:
    return NextStep(
        title=sentence(_("There is something new in “%(lesson)s”"), lesson=marked(lesson.title, lesson.language)),
        href=lesson.url,
        action=_("See what is new"),
        text=sentence(
            _("%(sentence)s What you finished in %(course)s stays finished."),
            sentence=marked(lesson.news[0]),
            course=marked(course.title, course.language),
        ),
    )


def _training_step(facts: Facts) -> NextStep:
    changed = next(
        (one for one in facts.invitations if one.previous_starts_at and one.partstat == "NEEDS-ACTION"), None
    )
    if changed:
        return NextStep(
            title=_("The time of your training changed. Are you still coming?")
            if changed.meeting.training_id
            else _("The time of your meeting changed. Are you still coming?"),
            href=reverse("sessions:answer", args=[changed.token]),
            action=_("Give your answer"),
        )
    if facts.invitations:
        meeting = facts.invitations[0].meeting
        start = timezone.localtime(meeting.starts_at)
        days = (start.date() - timezone.localdate(facts.now)).days
        title = _("Your training is on %(date)s") if meeting.training_id else _("You meet on %(date)s")
        return NextStep(
            title=title % {"date": date_format(start, "l j F")},
            href=gathering_of(meeting).path,
            action=_("See the training") if meeting.training_id else _("See the meeting"),
            text=ngettext("That is in %(days)s day.", "That is in %(days)s days.", days) % {"days": days}
            if days > 0
            else "",
        )
    if _on_waiting_list(facts):
        return NextStep(
            title=_("You are on the waiting list"),
            href=reverse("sessions:trainings"),
            action=_("See the trainings"),
            text=_("You get a mail as soon as a seat is yours. On the page of the training you read why you wait."),
        )
    return NextStep(
        title=_("Sign up for a joint training"),
        href=reverse("sessions:trainings"),
        action=_("Choose a training"),
        text=_("You finished the modules. Now you practise together with the other side of the table."),
    )
