"""Pages that are read in each language: translated where an editor did that, else as they are in the main language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import override
from wagtail.models import Page

from parties.languages import MAIN, active_language, is_main_language

if TYPE_CHECKING:
    _Page = Page
else:
    _Page = object


@lru_cache(maxsize=1024)
def page_address(url_path: str, language: str) -> str:
    """``url_path`` as Wagtail keeps it, beginning with the home page of its language; the address below that home page."""
    with override(language):
        return reverse("wagtail_serve", args=[url_path.split("/", 2)[2]])


class TranslatedPage(_Page):
    """A page of the main language also stands at its address in other languages, as long as it has no translation there."""

    @property
    def language(self) -> str:
        return self.locale.language_code

    @property
    def address(self) -> str:
        """In the active language for a page of the main language, else in the page's own."""
        return page_address(self.url_path, active_language() if self.language == MAIN else self.language)

    def address_in(self, language: str) -> str | None:
        """Where this page is read in that language; None when it is not written in it, or not online."""
        if language == self.language:
            return page_address(self.url_path, language)
        path = self.paths.get(language)
        return path and page_address(path, language)

    @cached_property
    def paths(self) -> dict[str, str]:
        """The ``url_path`` of this page by language, where it is online. One query."""
        return self.paths_online([self.translation_key])

    def paths_online(self, keys: Sequence[UUID]) -> dict[str, str]:
        """The same, where each of ``keys`` is online: this page's own, then those above it that it needs."""
        online: dict[str, dict[UUID, str]] = {}
        pages = Page.objects.live().filter(translation_key__in=keys).order_by()
        for language, key, path in pages.values_list("locale__language_code", "translation_key", "url_path"):
            online.setdefault(language, {})[key] = path
        return {language: paths[keys[0]] for language, paths in online.items() if len(paths) == len(keys)}

    @property
    def is_translation(self) -> bool:
        """Of a page in the main language, which is the one that counts."""
        originals = type(self).objects.in_main_language().filter(translation_key=self.translation_key)
        return self.language != MAIN and originals.exists()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_main_language() and self.language == MAIN:
            address = self.address_in(active_language())
            if address and address != request.path:
                return redirect(address)
        return super().serve(request, *args, **kwargs)
