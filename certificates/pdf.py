"""From HTML to a PDF: embedded fonts, nothing fetched from elsewhere, the same bytes each time, no silent failures."""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString
from reportlab import rl_config
from reportlab.pdfbase.ttfonts import TTFontFile
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

STATIC = Path(__file__).resolve().parent.parent / "static"
TEXT_FONTS = (
    "vendor/pdf-fonts/AtkinsonHyperlegibleNext_400Regular.ttf",
    "vendor/pdf-fonts/AtkinsonHyperlegibleNext_700Bold.ttf",
)
DISPLAY_FONTS = ("vendor/pdf-fonts/BricolageGrotesque_600SemiBold.ttf",)
WIDE_FONT = "vendor/dejavu-fonts-ttf/DejaVuSans.ttf"


class CannotDraw(Exception):
    """The page cannot be drawn as it should be; the message says what is wrong."""


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@cache
def _letters(font: str) -> frozenset[int]:
    return frozenset(TTFontFile(str(STATIC / font)).charToGlyph)


def in_letters(text: str, *, fonts: tuple[str, ...] = TEXT_FONTS) -> SafeString:
    """HTML of a text: as it is where ``fonts`` have all its letters, else whole in the font with the widest range.

    Raises:
        CannotDraw: names the letters that neither has.
    """
    text = unicodedata.normalize("NFC", text)
    used = {ord(letter) for letter in text}
    if all(used <= _letters(font) for font in fonts):
        return format_html("{}", text)
    if lacking := used - _letters(WIDE_FONT):
        raise CannotDraw(f"no font has the letters {' '.join(sorted(map(chr, lacking)))}")
    return format_html('<span class="wide">{}</span>', text)


def draw(html: str) -> bytes:
    """The PDF of a whole HTML document. Addresses in it are files under static/, or data URIs.

    ``<title>``, ``<meta name="author">`` and ``<html lang>`` become the document's title, author and language.
    xhtml2pdf draws one document at a time in a process. It leaves out what it cannot find and only logs that; here
    each such line stops the drawing.

    Raises:
        CannotDraw: with what xhtml2pdf complained about, or a letter that no font has.
    """
    _check_letters(html)
    rl_config.invariant = 1  # no date and no random id, so that a certificate drawn again is the same file
    complaints = _Complaints()
    logger = logging.getLogger("xhtml2pdf")
    logger.addHandler(complaints)
    out = BytesIO()
    try:
        result = pisa.CreatePDF(
            html,
            dest=out,
            path=str(STATIC / "certificate.html"),
            encoding="utf-8",
            resource_policy=ResourceAccessPolicy.server(STATIC, allow_remote=False),
        )
    finally:
        logger.removeHandler(complaints)
    if result.err or result.warn or complaints.lines:
        raise CannotDraw("; ".join(complaints.lines) or f"{result.err} errors and {result.warn} warnings")
    return out.getvalue()


def _check_letters(html: str) -> None:
    body = html[html.index("<body") :]
    text = unescape(re.sub(r"<[^>]*>", "", body))
    lacking = {letter for letter in text if not letter.isspace()} - {
        chr(code) for font in (*TEXT_FONTS, *DISPLAY_FONTS, WIDE_FONT) for code in _letters(font)
    }
    if lacking:
        raise CannotDraw(f"no font has the letters {' '.join(sorted(lacking))}")
