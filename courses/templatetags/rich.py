"""Editors' HTML with the classes of the design system: `{% load rich %}`."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText, expand_db_html

register = template.Library()

CLASSES = {
    "p": "utrecht-paragraph",
    "h2": "utrecht-heading-2",
    "h3": "utrecht-heading-3",
    "ul": "utrecht-unordered-list",
    "ol": "utrecht-ordered-list",
    "a": "utrecht-link utrecht-link--html-a",
}
_WITHIN = re.compile(r'<a\b[^>]*\bhref="(?=/[^/])')
_OPENING = re.compile(rf"<({'|'.join(CLASSES)})(?=[\s>])")


@register.filter
def styled(value: RichText) -> SafeString:
    """Rich text with its links resolved. What editors may use has no class of its own (Wagtail's whitelist)."""
    html = _OPENING.sub(lambda found: f'<{found[1]} class="{CLASSES[found[1]]}"', expand_db_html(value.source))
    return mark_safe(html)  # written in Wagtail's editor, which whitelists


@register.filter
def saying(html: SafeString) -> SafeString:
    """The first paragraph as a sentence to say aloud."""
    return mark_safe(html.replace('<p class="utrecht-paragraph"', '<p class="say"', 1))


@register.filter
def whole_addresses(html: SafeString, site: str) -> SafeString:
    """The page with links that are whole, for on paper: ``site`` is put before those within the site."""
    return mark_safe(_WITHIN.sub(lambda found: f"{found[0]}{escape(site)}", html))


@register.filter
def letter(key: str) -> str:
    """The letter before a choice; nothing where its sign is a word."""
    return f"{key.upper()}." if len(key) == 1 else ""
