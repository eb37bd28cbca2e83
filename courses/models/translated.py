"""Pages that are read in each language: translated where an editor did that, else as they are in the main language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from parties.languages import MAIN, active_language, is_main_language

if TYPE_CHECKING:
    _Page = Page
else:
    _Page = object


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
        known = f"path_in_{language}"  # from TranslatedPageQuerySet.with_translations
        path = self.__dict__[known] if known in self.__dict__ else self._path_in(language)
        return path and page_address(path, language)

    def _path_in(self, language: str) -> str | None:
        translations = type(self).objects.filter(translation_key=self.translation_key)
        return translations.online_in(language).values_list("url_path", flat=True).first()

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
