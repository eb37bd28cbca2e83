"""The mails while a group forms, and when it ends. None of them says which group it is about, or who is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from parties.actions.outbox import outbox_queue
from parties.mail import Mail, render_mail
from parties.models import Person
from sessions.forming import candidate_token, where_and_when
from sessions.models import Candidate, IntervisionGroup


class FormingNews(StrEnum):
    """What happened; the kind of the mail follows from it."""

    INVITED = "invited"
    PROPOSED = "proposed"
    ASKED = "asked"
    SAID_YES = "said_yes"
    SAID_NO = "said_no"
    PLACED = "placed"
    NO_PLACE = "no_place"
    LEFT = "left"
    TAKEN_OUT = "taken_out"
    CLOSED = "closed"
    APART = "apart"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, kw_only=True)
class Words:
    """In the active language. ``reason``: why somebody gets this mail."""

    subject: str
    lines: list[str]
    button: str
    reason: str


def candidate_mails(*, candidates: Iterable[Candidate], news: FormingNews) -> None:
    """An invitation or a proposal, to each candidate apart, with the link to answer."""
    known = Person.objects.by_address([one.address for one in candidates if one.person is None])
    mails = []
    for candidate in candidates:
        person = candidate.person or known.get(candidate.address)
        to = candidate.address or _address_of(candidate)
        path = reverse("sessions:candidacy", args=[candidate_token(candidate.pk)])
        mails += _mails(candidate.group, news, [(person, to)], path)
    outbox_queue(mails)


def member_mails(*, group: IntervisionGroup, people: Iterable[Person], news: FormingNews) -> None:
    """To people who are, were or wanted to be in the group."""
    outbox_queue(_mails(group, news, [(person, person.email or "") for person in people], reverse("sessions:groups")))


def facilitator_mail(*, group: IntervisionGroup, news: FormingNews) -> None:
    if group.facilitator is not None:
        member_mails(group=group, people=[group.facilitator], news=news)


def _mails(
    group: IntervisionGroup, news: FormingNews, people: Iterable[tuple[Person | None, str]], path: str
) -> list[Mail]:
    mails = []
    for person, to in people:
        if not to:
            continue
        language = person.language if person else settings.LANGUAGE_CODE
        with override(language):
            words = _words(news, group)
            name = person.get_short_name() if person and person.name else ""
        context = {"words": words, "name": name, "url": settings.SITE_URL + path}
        text = render_mail("sessions/mail/forming", language=language, context=context)
        mails.append(
            Mail(
                kind=f"group-{news}",
                to=to,
                person=person,
                subject=text.subject,
                text=text.text,
                html=text.html,
                reply_to=group.reply_to if person != group.facilitator else "",
            )
        )
    return mails


def _words(news: FormingNews, group: IntervisionGroup) -> Words:
    led = _("You get this mail because you lead an intervision group.")
    asked = _("You get this mail because you look for an intervision group.")
    wanted = _("You get this mail because you wanted a place in an intervision group.")
    member = _("You get this mail because you were a member of an intervision group.")
    look = _("Look at your groups")
    answer = _("Read more and answer")
    notes = _("As agreed, throw away the notes that you made for the meetings.")
    every = {
        FormingNews.INVITED: Words(
            subject=_("You are invited to an intervision group"),
            lines=[
                _("%(name)s leads a group in which people from school and from the workplace learn from each other.")
                % {"name": group.facilitator_name or _("A facilitator")},
                _("The group meets: %(where)s.") % {"where": where_and_when(group.place, group.slot)},
                _("What you talk about stays in the group. You decide whether you take part."),
            ],
            button=answer,
            reason=_("You get this mail because a facilitator filled in this address. Do nothing, and you get no other mail about it."),
        ),
        FormingNews.PROPOSED: Words(
            subject=_("There is an intervision group for you"),
            lines=[
                _("You look for an intervision group. One begins that fits what you filled in."),
                _("The group meets: %(where)s.") % {"where": where_and_when(group.place, group.slot)},
            ],
            button=answer,
            reason=asked,
        ),
        FormingNews.ASKED: Words(
            subject=_("Somebody asks for a place in a group that you lead"),
            lines=[_("You decide whether they get it. Until then they wait.")],
            button=look,
            reason=led,
        ),
        FormingNews.SAID_YES: Words(
            subject=_("Somebody wants to join a group that you lead"),
            lines=[
                _("They, or somebody else, declared that some people do not belong in one group. So you decide whether they get the place.")
            ],
            button=look,
            reason=led,
        ),
        FormingNews.SAID_NO: Words(
            subject=_("Somebody does not come into a group that you lead"),
            lines=[_("They said no to the place. You can invite somebody else.")],
            button=look,
            reason=led,
        ),
        FormingNews.PLACED: Words(
            subject=_("You have a place in an intervision group"),
            lines=[
                _("First read the agreements and say yes to them. It takes two minutes."),
                _("You get an invitation for your calendar for each meeting."),
            ],
            button=_("Look at your group"),
            reason=wanted,
        ),
        FormingNews.NO_PLACE: Words(
            subject=_("There is no place for you in this intervision group"),
            lines=[
                _("You wanted a place in a group. In this group that cannot be."),
                _("Another group may have one. You can also let us look for you."),
            ],
            button=_("Look for another group"),
            reason=wanted,
        ),
        FormingNews.LEFT: Words(
            subject=_("Somebody left a group that you lead"),
            lines=[_("Their appointments are withdrawn. You can invite somebody else.")],
            button=look,
            reason=led,
        ),
        FormingNews.TAKEN_OUT: Words(
            subject=_("You are no longer a member of an intervision group"),
            lines=[_("The facilitator ended your membership. Your appointments are withdrawn."), notes],
            button=look,
            reason=member,
        ),
        FormingNews.CLOSED: Words(
            subject=_("An intervision group is closed"),
            lines=[_("You can look back at what you learned together: the lessons stay on the page of the group."), notes],
            button=_("Look back"),
            reason=member,
        ),
        FormingNews.APART: Words(
            subject=_("Two people in a group that you lead may not belong together"),
            lines=[
                _("A member declared that they supervise the same student as another member, or that one is the other's manager."),
                _("Talk with them. You decide what happens."),
            ],
            button=look,
            reason=led,
        ),
        FormingNews.HANDED_OVER: Words(
            subject=_("You lead one more intervision group"),
            lines=[_("Its facilitator handed it over to you. Talk with each other, and with the members.")],
            button=look,
            reason=led,
        ),
    }  # fmt: skip
    return every[news]


def _address_of(candidate: Candidate) -> str:
    work_address = candidate.membership.work_address if candidate.membership else ""
    return (candidate.person.email if candidate.person else "") or work_address
