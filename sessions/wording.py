"""Why somebody waits, in sentences with the date on which it changes."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.seating import Reason, Wait


def why_waiting(wait: Wait) -> list[str]:
    """One to three sentences in the active language, the most important first."""
    school = wait.side == "school"
    if wait.reason is Reason.OPENING:
        return [_("A seat is coming free. You get a mail as soon as it is yours.")]
    sentences = [_("All seats are taken.")] if wait.reason is Reason.FULL else [_kept(wait)]
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
    return [*sentences, next_up]


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
