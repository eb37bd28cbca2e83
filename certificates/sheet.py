"""What stands on the PDF of a certificate, from its snapshot. Always in Dutch: it proves something in a Dutch setting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import segno
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certificates.models import Certificate
from certificates.pdf import DISPLAY_FONTS, in_letters

LANGUAGE = "nl"


@dataclass(frozen=True)
class Row:
    """One line of what was done. ``minutes`` are net; ``version`` is the revision of a module, where it was kept."""

    part: SafeString | str
    form: str
    when: str
    minutes: int
    version: int | None = None

    @property
    def time(self) -> str:
        return in_hours(self.minutes)


def sheet_of(certificate: Certificate, *, site_url: str) -> str:
    """The HTML that ``certificates.pdf.draw`` draws.

    Raises:
        certificates.pdf.CannotDraw: a name with a letter that no font has.
    """
    with translation.override(LANGUAGE):
        address = site_url + reverse("certificates:check", args=[certificate.code])
        return render_to_string(
            "certificates/sheet.html",
            {
                "language": LANGUAGE,
                "certificate": certificate,
                "holder": in_letters(certificate.holder_name, fonts=DISPLAY_FONTS),
                "organisations": in_letters(", ".join(certificate.organisation_names)),
                "programme": in_letters(certificate.programme_name, fonts=DISPLAY_FONTS),
                "goals": [in_letters(goal) for goal in certificate.snapshot["goals"]],
                "organiser": in_letters(certificate.snapshot["organiser"]),
                "rows": _rows(certificate.snapshot),
                "total": in_hours(certificate.net_minutes),
                "check_address": (site_url + reverse("certificates:checks")).split("://")[1].rstrip("/"),
                "qr": segno.make(address, error="m").png_data_uri(scale=6, border=4),
            },
        )


def in_hours(minutes: int) -> str:
    """'50 min', '3 uur', '5 uur 30 min': exact, so that the lines add up to the total."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def _rows(snapshot: dict) -> list[Row]:
    rows = [
        Row(
            in_letters(_("Module %(title)s") % item),
            _("online"),
            _day(item["date"]),
            item["minutes"],
            item.get("revision"),
        )
        for item in snapshot["courses"]
    ]
    rows += [
        Row(
            in_letters(_("Training %(title)s") % item),
            _("school and workplace together"),
            _day(item["date"]),
            item["minutes"],
        )
        for item in snapshot["trainings"]
    ]
    if snapshot["intervision"]:
        meetings = snapshot["intervision"]["meetings"]
        rows.append(
            Row(
                ngettext("Intervision, %(meetings)s meeting", "Intervision, %(meetings)s meetings", meetings)
                % {"meetings": meetings},
                _("in a small group"),
                _("school year %(years)s") % {"years": ", ".join(snapshot["intervision"]["school_years"])},
                snapshot["intervision"]["minutes"],
            )
        )
    return rows


def _day(iso: str) -> str:
    return date_format(dt.date.fromisoformat(iso))
