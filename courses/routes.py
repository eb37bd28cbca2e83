"""Short routes: which lessons, which of them are done, and which one comes next. Progress is that of the lessons themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from courses.models import LessonPage, ShortRoutePage
from courses.progress import CourseProgress, LessonStep
from parties.languages import MAIN

PARAMETER = "route"
_SLUG = re.compile(r"[-\w]{1,255}")


@dataclass(frozen=True)
class RouteStep:
    """One lesson of a route. ``url`` says which route one comes from; ``language`` is that of the lesson."""

    number: int
    key: UUID
    title: str
    module: str
    why: str
    minutes: int
    done: bool
    url: str
    language: str = MAIN
    module_language: str = MAIN


@dataclass(frozen=True)
class ShortRoute:
    """``language`` is the one that the title, and why each lesson is in it, are written in."""

    slug: str
    title: str
    url: str
    steps: tuple[RouteStep, ...]
    language: str = MAIN

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def minutes_left(self) -> int:
        return sum(step.minutes for step in self.steps if not step.done)

    def next_after(self, key: UUID | None = None) -> RouteStep | None:
        """The first lesson that is not done, after this one and else from the beginning; None when all are done."""
        keys = [step.key for step in self.steps]
        place = keys.index(key) + 1 if key in keys else 0
        return next((step for step in (*self.steps[place:], *self.steps[:place]) if not step.done), None)


def short_routes(pages: Sequence[ShortRoutePage], overview: Iterable[CourseProgress]) -> list[ShortRoute]:
    """These routes beside what is known of the learner; lessons that are not shown drop out. One query, none without pages."""
    shown = {step.key: (module, step) for module in overview for step in module.lessons}
    keys = _keys_of({key for page in pages for key, _why in _chosen(page)})

    def route(page: ShortRoutePage) -> ShortRoute:
        lessons = [(*shown[keys[key]], why) for key, why in _chosen(page) if keys.get(key) in shown]
        steps = [
            _step(number, module, step, why=why, route=page.slug)
            for number, (module, step, why) in enumerate(lessons, start=1)
        ]
        return ShortRoute(
            slug=page.slug, title=page.title, url=page.address, steps=tuple(steps), language=page.language
        )

    return [route(page) for page in pages]


def short_route(page: ShortRoutePage, overview: Iterable[CourseProgress]) -> ShortRoute:
    return short_routes([page], overview)[0]


def dropped_lessons(page: ShortRoutePage) -> list[str]:
    """Titles of chosen lessons that learners do not see, for editors."""
    lessons = LessonPage.objects.in_bulk([key for key, _why in _chosen(page)])
    return [
        lessons[key].title if key in lessons else _("a lesson that was deleted")
        for key, _why in _chosen(page)
        if key not in lessons or not lessons[key].is_online
    ]


def route_of(request: HttpRequest) -> str:
    """The slug of the route that somebody is following, from the address; "" when there is none."""
    slug = request.GET.get(PARAMETER, "")
    return slug if _SLUG.fullmatch(slug) else ""


def with_route(url: str, route: str) -> str:
    """The address, which still says which route one follows; ``route`` is "" for none."""
    if not route:
        return url
    parts = urlsplit(url)
    query = f"{parts.query}&{PARAMETER}={route}" if parts.query else f"{PARAMETER}={route}"
    return urlunsplit(parts._replace(query=query))


def _chosen(page: ShortRoutePage) -> list[tuple[int, str]]:
    """Keys of the chosen pages with the sentence of each, without a query for the pages."""
    return [(row["value"]["lesson"], row["value"]["why"]) for row in page.body.raw_data if row["value"]["lesson"]]


def _keys_of(pages: set[int]) -> dict[int, UUID]:
    if not pages:
        return {}
    return dict(LessonPage.objects.filter(pk__in=pages).values_list("pk", "translation_key"))


def _step(number: int, module: CourseProgress, step: LessonStep, *, why: str, route: str) -> RouteStep:
    return RouteStep(
        number=number,
        key=step.key,
        title=step.title,
        module=module.title,
        why=why,
        minutes=step.minutes,
        done=step.done,
        url=with_route(step.url, route),
        language=step.language,
        module_language=module.language,
    )
