"""The language of what somebody reads. The address decides: Dutch has nothing in front, English stands under /en/.

What people wrote (names, titles, texts) is in the main language. In a page of another language it says so (WCAG 3.1.2).
"""

from __future__ import annotations

from django.conf import settings
from django.urls import translate_url
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

MAIN = settings.LANGUAGE_CODE
LANGUAGES = [code for code, _ in settings.LANGUAGES]


def active_language() -> str:
    return get_language() or MAIN


def is_main_language() -> bool:
    return active_language() == MAIN


def address_in(address: str, language: str) -> str:
    """``address`` of this site, as it is in the main language, in ``language``.

    What has one address stays as it is, and so does an address that says its language.
    """
    if any(address.startswith(f"/{code}/") for code in LANGUAGES if code != MAIN):
        return address
    with override(MAIN):
        return translate_url(address, language)


def marked(text: object, language: str = MAIN) -> str:
    """``text`` with its language on it where that is not the page's; in Dutch pages names stay as they are."""
    if language == active_language() or not text:
        return str(text or "")  # of a SafeString that is itself
    return format_html('<span lang="{}">{}</span>', language, text)


def sentence(words: str, **written: str | int) -> str | SafeString:
    """A sentence of ours with what people wrote, perhaps ``marked``, in its ``%(name)s``."""
    if not any(isinstance(text, SafeString) for text in written.values()):
        return words % written
    safe = {name: conditional_escape(str(text)) for name, text in written.items()}
    return mark_safe(conditional_escape(words) % safe)  # every part was escaped
