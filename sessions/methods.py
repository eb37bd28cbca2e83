"""The steps of a conversation, and which method fits which meeting of a group. Data in, data out; no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.utils.translation import gettext as _

from parties.languages import MAIN
from sessions.agreements import AGREEMENTS

KICK_OFF = 1


class Described(Protocol):
    """What this reads of a method."""

    key: str
    position: int
    not_before: int
    fits_last: bool
    smallest: int
    largest: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """``turn``: all, bringer, others or facilitator. ``language``: of what stands in it, "" for that of the page."""

    title: str
    minutes: int
    turn: str
    text: str
    starters: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    language: str = ""


class Fit(StrEnum):
    FITS = "fits"
    POSSIBLE = "possible"
    WAITS = "waits"


@dataclass(frozen=True)
class Advice:
    """``reason``: why a method waits, in words. ``needs_trust``: it waits for a later meeting, so nobody can choose it yet."""

    fit: Fit
    reason: str = ""
    needs_trust: bool = False


def advice(methods: Sequence[Described], *, number: int, total: int, people: int) -> dict[str, Advice]:
    """What to try at meeting ``number`` of ``total`` (the kick-off is 1) with ``people`` members, by key of the method.

    One method fits: the kick-off practises with the first in the order of the methods, the meetings after it begin there
    again and go on in that order, and the last one ends with what is meant for it. A method that waits gives its turn to
    the next (domain.md, part D).
    """
    waiting = {method.key: _waits(method, number, people) for method in methods}
    ready = [method for method in sorted(methods, key=lambda one: one.position) if waiting[method.key] is None]
    for_last = [method for method in ready if method.fits_last]
    in_turn = [method for method in methods if not method.fits_last]
    in_turn.sort(key=lambda one: one.position)
    turn = max(number - KICK_OFF - 1, 0)
    queue = [*in_turn[turn % len(in_turn) :], *in_turn[: turn % len(in_turn)]] if in_turn else []
    candidates = [method for method in queue if method in ready]
    if number == total and number != KICK_OFF:
        candidates = for_last + candidates
    chosen = next((method.key for method in candidates), None)
    return {
        method.key: waiting[method.key] or Advice(Fit.FITS if method.key == chosen else Fit.POSSIBLE)
        for method in methods
    }


def _waits(method: Described, number: int, people: int) -> Advice | None:
    if number < method.not_before:
        reason = _("This one asks for trust: from meeting %(number)s.") % {"number": method.not_before}
        return Advice(Fit.WAITS, reason, needs_trust=True)
    if not method.smallest <= people <= method.largest:
        sizes = {"smallest": method.smallest, "largest": method.largest, "people": people}
        return Advice(
            Fit.WAITS, _("For %(smallest)s to %(largest)s people; your group has %(people)s members.") % sizes
        )
    return None


def steps_of(blocks: Any) -> list[Step]:
    """What an editor wrote in the stream of a method."""
    return [
        Step(
            title=block.value["title"],
            minutes=block.value["minutes"],
            turn=block.value["turn"],
            text=block.value["text"],
            starters=tuple(block.value["starters"]),
            language=MAIN,
        )
        for block in blocks
    ]


def with_frame(steps: Sequence[Step]) -> list[Step]:
    """The steps of a method between the opening and the closing that every meeting has."""
    return [_opening(), *steps, _closing()]


def kick_off() -> list[Step]:
    """What comes before the practice case at the first meeting of a group."""
    return [
        Step(
            title=_("Get to know each other"),
            minutes=20,
            turn="all",
            text=_(
                "Each tells in two minutes: where do I work, whom do I supervise, and what do I want to learn here?"
            ),
            starters=(_("I supervise …"), _("What I find difficult is …"), _("I hope that here …")),
        ),
        Step(
            title=_("Read the agreements aloud"),
            minutes=15,
            turn="all",
            text=_(
                "Each reads one aloud. Ask after each: can everybody keep to this? Talk it over when somebody doubts."
            ),
            items=tuple(str(sentence) for _key, sentence in AGREEMENTS),
        ),
        Step(
            title=_("Divide the roles"),
            minutes=10,
            turn="facilitator",
            text=_("Who does what today? The roles change every meeting."),
            items=(
                _("Facilitator: guards the steps and the open questions."),
                _("Who brings the case in: tells, and decides what happens with it."),
                _("Participants: ask, think along, and tell nothing outside."),
                _("Timekeeper: watches the clock and says when it is time."),
                _("Observer, if you want one: listens to the questions and tells afterwards what worked."),
            ),
        ),
    ]


def _opening() -> Step:
    return Step(
        title=_("Arrive and look back"),
        minutes=5,
        turn="all",
        text=_("Each says in one sentence how they are here. Who took something home last time tells what came of it."),
        starters=(_("Today I am here with …"), _("Since last time I …")),
    )


def _closing() -> Step:
    return Step(
        title=_("Harvest"),
        minutes=5,
        turn="all",
        text=_("Each says what they take along. Then fill in together who was here, and what you all learned."),
        starters=(_("I take along that …"), _("Tomorrow I will …")),
    )
