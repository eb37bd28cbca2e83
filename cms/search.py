"""What somebody finds at /zoeken/: lessons and information pages that everyone may read, and where in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.safestring import SafeString
from wagtail.models import Locale, Page
from wagtail.search.query import And, PlainText

from cms.models import InformationPage
from courses.models import CoursePage, LessonPage
from courses.search import best_passage, has_words, marked, passages_of, snippet, words_of
from courses.streams import Child, children_of
from parties.languages import MAIN, active_language, is_main_language

SHORTEST = 2  # letters of at least one word
MOST_WORDS = 8
A_PAGE = 10


@dataclass(frozen=True)
class Result:
    """``module`` is the title of the lesson's module, "" for another page; ``title`` and ``words`` are marked. ``language``
    is the one that they are written in.
    """

    title: SafeString
    module: str
    url: str
    words: SafeString
    language: str = MAIN


def query_words(text: str) -> list[str]:
    """The words to look for; none when all of them are shorter than ``SHORTEST``."""
    words = list(dict.fromkeys(words_of(text)))[:MOST_WORDS]
    return words if any(len(word) >= SHORTEST for word in words) else []


def search(words: Sequence[str], number: str | int = 1) -> PageOfList[Result]:
    """Page ``number`` of what has all these words, or words that begin with them.

    Titles come first, then the order in which pages stand in the modules. A fixed number of queries.
    """
    modules = {page.path: page for page in CoursePage.objects.in_readable_languages().shown()}
    page = Paginator(_found(words, modules.values()), A_PAGE).get_page(number)
    page.object_list = _results(list(page.object_list), words, modules)
    return page


def _found(words: Sequence[str], modules: Iterable[CoursePage]) -> list[Page]:
    below = Q(pk__in=[])
    for module in modules:
        below |= Page.objects.descendant_of_q(module)
    pages = Page.objects.live().public().order_by("path")
    languages = Locale.objects.filter(language_code__in={active_language(), MAIN})
    lessons = pages.type(LessonPage).filter(below)
    informing = pages.type(InformationPage).filter(locale__in=languages)
    if not is_main_language():  # what is translated is found in the translation
        translated = Page.objects.live().filter(locale__language_code=active_language()).values("translation_key")
        doubles = list(
            Page.objects.filter(locale__language_code=MAIN, translation_key__in=translated).values_list("pk", flat=True)
        )
        lessons, informing = lessons.exclude(pk__in=doubles), informing.exclude(pk__in=doubles)
    query = And([PlainText(word) for word in words])  # each word apart, because only the last of a text is a beginning
    found = [
        *lessons.autocomplete(query, order_by_relevance=False),
        *informing.autocomplete(query, order_by_relevance=False),
    ]
    return sorted(found, key=lambda page: not has_words(page.title, words))


def _results(pages: Sequence[Page], words: Sequence[str], modules: dict[str, CoursePage]) -> list[Result]:
    keys = [page.pk for page in pages]
    found: dict[int, Result] = {}
    lessons = list(LessonPage.objects.filter(pk__in=keys).select_related("locale"))
    for lesson, children in zip(lessons, children_of([one.body for one in lessons]), strict=True):
        module = modules[lesson.path[: -LessonPage.steplen]]
        found[lesson.pk] = _result(lesson, children, words, module=module.title)
    informing = list(InformationPage.objects.filter(pk__in=keys).select_related("locale"))
    for one, children in zip(informing, children_of([page.body for page in informing]), strict=True):
        found[one.pk] = _result(one, children, words, module="")
    return [found[key] for key in keys]


def _result(
    page: LessonPage | InformationPage, children: Sequence[Child], words: Sequence[str], *, module: str
) -> Result:
    title, *rest = passages_of(page.title, page.summary, children)
    if isinstance(page, InformationPage):
        rest += page.places_passages()
    passage = best_passage(rest, words) or rest[0]
    url = page.address
    return Result(
        title=marked(title.text, words),
        module=module,
        url=f"{url}#{passage.anchor}" if passage.anchor else url,
        words=snippet(passage.text, words),
        language=page.language,
    )
