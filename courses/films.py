"""What a film and its captions must be so that every browser plays them."""

from pathlib import PurePath
from typing import Any

import webvtt
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from webvtt.errors import MalformedCaptionError, MalformedFileError

FILM_STARTS = {
    ".mp4": lambda head: head[4:8] == b"ftyp",  # the first box, ISO/IEC 14496-12
    ".webm": lambda head: head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head,  # EBML and its DocType, RFC 8794
}


def is_film(document: Any) -> bool:
    """Whether name and first bytes of the document agree that it is MP4 or WebM."""
    starts_well = FILM_STARTS.get(_extension(document))
    return starts_well is not None and starts_well(_content(document, 64))


def captions_fault(document: Any) -> Promise | None:
    """What is wrong with captions, as a sentence for editors; None when browsers can show them."""
    if _extension(document) != ".vtt":
        return _("Captions are a WebVTT file, and its name ends in .vtt. This file is something else.")
    try:
        cues = webvtt.from_string(_content(document).decode("utf-8-sig"), strict=True)
    except (UnicodeDecodeError, MalformedFileError):
        return _("This is not a WebVTT file. It begins with the word WEBVTT, and is saved as UTF-8.")
    except MalformedCaptionError:
        return _("A time in these captions is not right. It looks like this: 00:01.500 --> 00:04.000")
    if not any(cue.text.strip() for cue in cues.captions):
        return _("There is no text in these captions.")
    return None


def _extension(document: Any) -> str:
    return PurePath(document.filename).suffix.lower()


def _content(document: Any, size: int = -1) -> bytes:
    """The bytes, or none when the file is gone from the disk."""
    try:
        with document.open_file() as handle:
            return handle.read(size)
    except FileNotFoundError:
        return b""
