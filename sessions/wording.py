"""Why somebody waits, in sentences with the date on which it changes."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.seating import Reason, Wait


def why_waiting(wait: Wait) -> list[str]:
    """One to five sentences in the active language, the most important first."""
    school = wait.side == "school"
    if wait.reason is Reason.OPENING:
        return [_("A seat is coming free. You get a mail as soon as it is yours.")]
    sentences = [_("All seats are taken.")] if wait.reason is Reason.FULL else [_kept(wait)]
    if wait.together > 1:
        sentences = [*_together(wait), *(sentences if wait.reason is not Reason.GROUP else [])]
    if wait.release_on:
        sentences.append(
            _("From %(date)s empty seats go to whoever waits, in the order of registration.")
            % {"date": date_format(wait.release_on, "j F")}
        )
        next_up = (
            _("Does somebody from school cancel? Then you move up sooner. You get a mail at once.")
            if school
            else _("Does somebody from the workplace cancel? Then you move up sooner. You get a mail at once.")
        )
    else:
        next_up = _("Does somebody cancel? Then the first in line gets the seat, and a mail at once.")
    if wait.together > 1:
        next_up = _("As soon as there are seats for all of you, each of you gets a mail.")
    elif wait.offers:
        next_up = _(
            "Does somebody cancel? Then the first in line gets a mail, and says in time whether they take the seat."
        )
    return [*sentences, next_up]


class Appointment(Protocol):
    """What a calendar says of a meeting; times are aware."""

    @property
    def starts_at(self) -> dt.datetime: ...
    @property
    def ends_at(self) -> dt.datetime: ...
    @property
    def place(self) -> str: ...
    @property
    def link(self) -> str: ...


def when_and_where(one: Appointment) -> str:
    """Day, times and place in one line, Europe/Amsterdam."""
    start, end = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
    words = _("%(day)s, %(start)s to %(end)s") % {
        "day": date_format(start, "l j F"),
        "start": time_format(start),
        "end": time_format(end),
    }
    return f"{words}, {one.place or _('online')}"


def _together(wait: Wait) -> list[str]:
    """For who waits as part of a group."""
    words = [
        _("You are registered with %(number)s people together: all of you get a seat, or all of you wait.")
        % {"number": wait.together}
    ]
    if wait.reason is Reason.GROUP:
        free = ngettext(
            "%(free)s seat is free for your group, and that is too few for all of you. Who comes after you and does fit goes first.",
            "%(free)s seats are free for your group, and that is too few for all of you. Who comes after you and does fit goes first.",
            wait.free,
        )
        words.append(free % {"free": wait.free})
    return words


def _kept(wait: Wait) -> str:
    values: dict[str, int | str] = {"free": wait.free_elsewhere}
    if wait.reason is Reason.KEPT_UNTIL and wait.release_on:
        values["date"] = date_format(wait.release_on - dt.timedelta(days=1), "j F")
        if wait.side == "school":
            return (
                ngettext(
                    "%(free)s seat is free. Until the end of %(date)s it is for the workplace.",
                    "%(free)s seats are free. Until the end of %(date)s they are for the workplace.",
                    wait.free_elsewhere,
                )
                % values
            )
        return (
            ngettext(
                "%(free)s seat is free. Until the end of %(date)s it is for school.",
                "%(free)s seats are free. Until the end of %(date)s they are for school.",
                wait.free_elsewhere,
            )
            % values
        )
    if wait.side == "school":
        return (
            ngettext(
                "%(free)s seat is free, and it is for the workplace.",
                "%(free)s seats are free, and they are for the workplace.",
                wait.free_elsewhere,
            )
            % values
        )
    return (
        ngettext(
            "%(free)s seat is free, and it is for school.",
            "%(free)s seats are free, and they are for school.",
            wait.free_elsewhere,
        )
        % values
    )
