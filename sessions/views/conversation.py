"""The guided conversation: one page that goes on without a connection, and the little that is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from courses.learner import learner_of
from parties.access import View, require, signed_in
from parties.languages import marked
from parties.models import Party
from parties.rules import is_facilitator
from sessions.actions.conversation import (
    KEPT_OPEN,
    is_open,
    lesson_agree,
    lesson_propose,
    lesson_refuse,
    members_of_day,
    presence_confirm,
)
from sessions.agreements import VERSION
from sessions.check_in import OPENS_BEFORE
from sessions.forms_conversation import LessonForm, PresenceForm
from sessions.harvest import Harvest, harvest_of
from sessions.methods import KICK_OFF, advice, kick_off
from sessions.models import Conversation, GroupMember, IntervisionGroup, IntervisionMethod, Meeting


def same_person(view: View) -> View:
    """For what a page sends with script, maybe long after it was filled in: signed out, or in as somebody else, it is 401, so
    that the page keeps it for whose it is. Without script the sign-in page comes."""

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_own = request.user.is_authenticated and request.POST.get("wie") in (None, learner_of(request).mark)
        if request.htmx and not is_own:
            response = HttpResponseClientRedirect(redirect_to_login(_page_of(*args, **kwargs)).url)
            response.status_code = HTTPStatus.UNAUTHORIZED
            return response
        return signed_in(view)(request, *args, **kwargs)

    return inner


@signed_in
@never_cache
@require_safe
def conversation(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    return _page(request, *_found(request, pk, meeting_pk))


@same_person
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def presence(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Who says that who was there: read by the page now and then, and confirmed by members."""
    group, meeting = _found(request, pk, meeting_pk)
    if request.method != "POST":
        return _answer(request, group, meeting)
    form = _presence_form(request, meeting, _members(meeting), request.POST)
    if form.is_valid() and _done(form, lambda: presence_confirm(meeting=meeting, by=request.user, **form.values())):
        return _answer(request, group, meeting, said=_("Kept. Thank you for confirming."))
    return _answer(request, group, meeting, presence_form=form)


@same_person
@never_cache
@require_POST
def lesson(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """``wat`` says which: a proposal, or a yes or a no to the one that stands there."""
    group, meeting = _found(request, pk, meeting_pk)
    kept = get_object_or_404(Conversation, meeting=meeting)
    form = LessonForm(request.POST)
    text = request.POST.get("text", "")
    doing: dict[str, tuple[Callable[[], object], str]] = {
        "eens": (
            lambda: lesson_agree(conversation=kept, by=request.user, text=text),
            _("You agreed to the lesson."),
        ),
        "nee": (
            lambda: lesson_refuse(conversation=kept, by=request.user),
            _("The text is gone. Nobody reads who said no."),
        ),
    }
    if (what := request.POST.get("wat", "")) in doing:
        action, said = doing[what]
        try:
            action()
        except ValidationError as refused:
            return _answer(request, group, meeting, refused=" ".join(refused.messages))
        return _answer(request, group, meeting, said=said)

    def propose() -> None:
        values = form.cleaned_data
        lesson_propose(conversation=kept, by=request.user, text=values["text"], checked=values["checked"])

    if form.is_valid() and _done(form, propose, "text"):
        return _answer(request, group, meeting, said=_("Your proposal stands there. The others can agree to it."))
    return _answer(request, group, meeting, lesson_form=form)


@signed_in
@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """All cards, to print; for who is in a group or leads one, and for facilitators without one."""
    require(is_facilitator(request.user) or IntervisionGroup.objects.visible_to(request.user).exists())
    context = {
        "methods": IntervisionMethod.objects.all(),
        "crumbs": [(_("Intervision"), reverse("sessions:groups")), (_("Methods"), "")],
    }
    return render(request, "sessions/methods.html", context)


def _found(request: HttpRequest, pk: int, meeting_pk: int) -> tuple[IntervisionGroup, Meeting]:
    """
    Raises:
        Http404: the group is not there for this person, or has no such meeting that goes on.
    """
    groups = IntervisionGroup.objects.visible_to(request.user).select_related("facilitator")
    group = get_object_or_404(groups, pk=pk)
    meeting = get_object_or_404(group.meetings.going_on(), pk=meeting_pk)
    meeting.group = group
    return group, meeting


def _page_of(pk: int, meeting_pk: int) -> str:
    return reverse("sessions:conversation", args=[pk, meeting_pk])


def _members(meeting: Meeting) -> list[GroupMember]:
    return list(
        members_of_day(meeting).with_agreements(VERSION).select_related("person").order_by("person__name", "pk")
    )


def _done(form: PresenceForm | LessonForm, action: Callable[[], object], field: str | None = None) -> bool:
    """Whether the action was done; if not, the form says why: at the fields that it names, else at ``field``."""
    try:
        action()
    except ValidationError as refused:
        form.add_error(None if hasattr(refused, "error_dict") else field, refused)
        return False
    return True


def _presence_form(
    request: HttpRequest, meeting: Meeting, members: list[GroupMember], data: Any = None, harvest: Harvest | None = None
) -> PresenceForm:
    kept = harvest.conversation if harvest else None
    return PresenceForm(
        data,
        people=[(member.person_id, member.person.name or _("Name not filled in")) for member in members],
        methods=list(IntervisionMethod.objects.all()),
        most_minutes=meeting.net_minutes,
        initial={
            "people": [str(key) for key in harvest.mine] if harvest else [],
            "method": kept.method.key if kept else "",
            "minutes": kept.minutes if kept else meeting.net_minutes,
            "theme": kept.theme if kept else "",
        },
    )


def _answer(
    request: HttpRequest, group: IntervisionGroup, meeting: Meeting, said: str = "", refused: str = "", **forms: Any
) -> HttpResponse:
    """With script the parts that may have changed; without it the page."""
    if request.htmx:
        context = _kept(request, group, meeting, **forms) | {"said": said, "refused": refused}
        require(context["may_talk"])
        return render(request, "sessions/conversation_kept.html", context)
    if said:
        messages.success(request, said)
    if refused:
        messages.error(request, refused)
    if request.method == "POST" and not forms:
        return redirect(f"{_page_of(group.pk, meeting.pk)}#kept")
    return _page(request, group, meeting, **forms)


def _kept(
    request: HttpRequest,
    group: IntervisionGroup,
    meeting: Meeting,
    presence_form: PresenceForm | None = None,
    lesson_form: LessonForm | None = None,
) -> dict[str, Any]:
    """What the part about what is kept needs.

    Raises:
        Http404: the person is a member now, and was not on that day.
    """
    members = _members(meeting)
    mine = next((member for member in members if member.person_id == request.user.pk), None)
    facilitates = group.facilitator_id == request.user.pk
    require(facilitates or mine is not None)
    harvest = harvest_of(meeting, members, request.user.pk)
    now = timezone.now()
    return {
        "group": group,
        "meeting": meeting,
        "members": members,
        "mine": mine,
        "facilitates": facilitates,
        "may_talk": facilitates or (mine is not None and mine.agreed),
        "harvest": harvest,
        "is_open": is_open(meeting, now),
        "is_over": now >= meeting.ends_at + KEPT_OPEN,
        "is_early": now < meeting.starts_at - OPENS_BEFORE,
        "presence_form": presence_form or _presence_form(request, meeting, members, harvest=harvest),
        "lesson_form": lesson_form or LessonForm(),
        "names_found": lesson_form is not None and lesson_form.has_error("text", "names"),
    }


def _page(request: HttpRequest, group: IntervisionGroup, meeting: Meeting, **forms: Any) -> HttpResponse:
    context = _kept(request, group, meeting, **forms)
    number, total = _number_of(group, meeting)
    cards = list(context["presence_form"].methods.values())
    advised = advice(cards, number=number, total=total, people=len(context["members"]))
    context |= {
        "number": number,
        "total": total,
        "is_kick_off": number == KICK_OFF,
        "news": context["mine"] and context["is_open"] and context["harvest"].news,
        "kick_off": kick_off() if number == KICK_OFF else [],
        "cards": [(card, advised[card.key]) for card in cards],
        "crumbs": [
            (_("Intervision"), reverse("sessions:groups")),
            (marked(group.name), reverse("sessions:group", args=[group.pk])),
            (_("Conversation"), ""),
        ],
    }
    context["talk"] = _talk(context)
    return render(request, "sessions/conversation.html", context)


def _number_of(group: IntervisionGroup, meeting: Meeting) -> tuple[int, int]:
    """Which meeting of the group this is, from 1, and of how many."""
    keys = list(group.meetings.going_on().values_list("pk", flat=True))
    return keys.index(meeting.pk) + 1, len(keys)


def _talk(context: dict[str, Any]) -> dict[str, Any]:
    """What the script needs to go on without a connection. Of people it holds name and key, which the page shows too."""
    people = [(member.person_id, member.person.name) for member in context["members"]]
    return {
        "kickOff": [asdict(step) for step in context["kick_off"]],
        "methods": {
            card.key: {"name": card.name, "steps": [asdict(step) for step in card.walk]}
            for card, _advised in context["cards"]
        },
        "people": [{"key": key, "name": name or _("Name not filled in")} for key, name in people],
        "names": [name for name in (*(name for _key, name in people), context["group"].facilitator_name) if name],
        "organisations": list(Party.objects.values_list("name", flat=True)),
    }
