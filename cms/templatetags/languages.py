"""Languages in templates: `{% load languages %}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.template.base import FilterExpression, Parser, Token
from django.urls import reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, override

from courses.models.translated import TranslatedPage, page_address
from parties.languages import LANGUAGES, MAIN, active_language, address_in, is_main_language, marked

register = template.Library()

_LINK = re.compile(r'( href=)"(/[^"]*)"')


@dataclass(frozen=True)
class OtherLanguage:
    """Where the page stands in another language; ``written`` is whether it is written in it, not just framed."""

    code: str
    name: str
    url: str
    written: bool

    @property
    def address(self) -> str:
        """Complete, and without what was asked for on the page."""
        return settings.SITE_URL + self.url.partition("?")[0]


@register.filter
def dutch(text: object) -> str:
    """What people wrote in Dutch, such as a name or a title: in a page of another language it says so."""
    return marked(text)


@register.filter
def written_in(text: object, language: str) -> str:
    """The same for a text of which the language is known."""
    return marked(text, language)


@register.simple_tag
def lang(language: str = MAIN) -> SafeString:
    """The attribute of an element with a text in this language; nothing where that is the page's: `<h1{% lang %}>`."""
    return mark_safe("" if language == active_language() else f' lang="{language}"')  # one of ours


@register.inclusion_tag("components/in_language.html")
def in_language(*, language: str) -> dict[str, str]:
    """A sign 'In Dutch' for what is not written in the language of the page; nothing for what is."""
    return {"name": "" if language == active_language() else get_language_info(language)["name_translated"]}


@register.tag
def written(parser: Parser, token: Token) -> WrittenNode:
    """``{% written page.language %} … {% endwritten %}``: what an editor wrote, with our words in it in the same language.

    In a page of another language it stands in an element that says its language. Links stay in the language of the page.
    """
    _, language = token.split_contents()
    nodes = parser.parse(["endwritten"])
    parser.delete_first_token()
    return WrittenNode(parser.compile_filter(language), nodes)


class WrittenNode(template.Node):
    def __init__(self, language: FilterExpression, nodelist: template.NodeList) -> None:
        self.language = language
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        page, own = active_language(), self.language.resolve(context)
        with override(own):
            html = self.nodelist.render(context)
        if page != MAIN:
            html = mark_safe(
                _LINK.sub(lambda found: f'{found[1]}"{address_in(found[2], page)}"', html)
            )  # rendered before
        if page == own:
            return html
        return format_html('<div class="prose prose--lesson" lang="{}">{}</div>', own, html)


@register.simple_tag(takes_context=True)
def other_languages(context: Context) -> list[OtherLanguage]:
    """This page in the other languages; empty where it has one address. In the main language without a query for lessons."""
    page = context.get("page")
    others = [language for language in LANGUAGES if language != active_language()]
    if isinstance(page, TranslatedPage):
        return [_of_page(page, language, _below(page, context["request"])) for language in others]
    here = context["request"].get_full_path() if "request" in context else ""
    found = [(language, translate_url(here, language)) for language in others]
    return [OtherLanguage(language, _name(language), url, written=True) for language, url in found if url != here]


@register.simple_tag(takes_context=True)
def in_another_language(context: Context) -> str:
    """The name, in the active language, of the one that this page is written in; empty where it is the active one."""
    page = context.get("page")
    if is_main_language() or not isinstance(page, TranslatedPage) or page.language == active_language():
        return ""
    return get_language_info(page.language)["name_translated"]


@register.simple_tag(takes_context=True)
def own_address(context: Context) -> str:
    """Complete, and in the language that the page is written in."""
    page, request = context.get("page"), context["request"]
    path = (
        f"{page.address_in(page.language)}{_below(page, request)}" if isinstance(page, TranslatedPage) else request.path
    )
    return f"{settings.SITE_URL}{path}"


def _below(page: TranslatedPage, request: HttpRequest) -> str:
    """What is asked for below the address of the page, such as to print it; nothing where something was sent there."""
    address = page.address
    return request.path.removeprefix(address) if request.method == "GET" and request.path.startswith(address) else ""


def _of_page(page: TranslatedPage, language: str, below: str) -> OtherLanguage:
    written = page.address_in(language)
    instead = (
        page_address(page.url_path, language) if page.language == MAIN else translate_url(reverse("home"), language)
    )
    return OtherLanguage(language, _name(language), f"{written or instead}{below}", written=bool(written))


def _name(language: str) -> str:
    return get_language_info(language)["name_local"].capitalize()
