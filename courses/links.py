"""Links from texts to our own pages. Wagtail looks their addresses up for each text again; here all are known at once."""

from typing import Any

from django.core.cache import cache
from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

KEY = "page-addresses"
KEPT_FOR = 60 * 60


def addresses() -> dict[int, str]:
    """The address of every published page by its key: of its translation where there is one in the language of now."""
    language = get_language() or ""
    kept: dict[str, dict[int, str]] = cache.get(KEY) or {}
    if language not in kept:
        kept = {**kept, language: _read(language)}
        cache.set(KEY, kept, KEPT_FOR)
    return kept[language]


def addresses_forget() -> None:
    """After a page was published, taken offline, moved or deleted."""
    cache.delete(KEY)


def _read(language: str) -> dict[int, str]:
    pages = list(Page.objects.live().defer_streamfields().select_related("locale").specific())
    own = {page.pk: url for page in pages if (url := page.get_url())}
    translated = {page.translation_key: own.get(page.pk) for page in pages if page.locale.language_code == language}
    return {page.pk: translated.get(page.translation_key) or own[page.pk] for page in pages if page.pk in own}


class KnownPageLinkHandler(PageLinkHandler):
    """A link to a page that is offline has no address, so that nobody walks into nothing."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        known = addresses()
        urls = [known.get(int(attrs["id"])) for attrs in attrs_list]
        return [f'<a href="{escape(url)}">' if url else "<a>" for url in urls]
