"""What editors see of learning in a module or lesson: rounded numbers of people, never who (see ``small_groups``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses import figures
from courses.models import Course, CoursePage, LessonPage
from courses.statistics import Given, Tally, asked_in, is_counted, name_of, quartiles, sums_in, tally
from parties.small_groups import HELD_BACK, HIDDEN, Shown, rounded, tells_too_much
from sessions.models import Registration

HEATS = 5


@dataclass(frozen=True)
class Cell:
    """``count`` of ``people``, both as they are shown."""

    count: Shown
    people: Shown

    @property
    def share(self) -> int | None:
        """Whole percents for a bar, from the shown numbers; None where one is hidden, because a bar would tell it."""
        if isinstance(self.count, str) or isinstance(self.people, str):
            return None
        return self.count * 100 // self.people

    @property
    def heat(self) -> int:
        """The shade of the bar: 1 to 5; 0 where there is no bar."""
        return 0 if self.share is None else max(1, -(-self.share * HEATS // 100))


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    right: bool | None = None


@dataclass(frozen=True)
class Part:
    """One thing that was asked, or one step of a story, with a number of people for each column."""

    key: str
    label: str
    people: tuple[Shown, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Exercise:
    number: int
    kind: str
    name: str
    is_story: bool
    parts: tuple[Part, ...]

    @property
    def is_hidden(self) -> bool:
        """Too few people in every column."""
        return all(count == HIDDEN for part in self.parts for count in part.people)

    @property
    def is_held_back(self) -> bool:
        return any(HELD_BACK in part.people for part in self.parts)


@dataclass(frozen=True)
class LessonLine:
    """One lesson. ``minutes``: what a quarter, half and three quarters of who finished spent at most; None for too few people."""

    page: LessonPage
    began: Shown
    finished: Shown
    minutes: tuple[int, int, int] | None


@dataclass(frozen=True)
class LessonReport:
    """``stops``: the blocks at which people stopped last, of ``unfinished`` who began and did not finish."""

    line: LessonLine
    unfinished: Shown
    stops: tuple[Row, ...]
    columns: tuple[str, ...]
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class ModuleLine:
    page: CoursePage
    began: Shown
    finished: Shown


@dataclass(frozen=True)
class Column:
    """One way of counting: its heading, and the tally of each exercise by block."""

    label: str
    tallies: Mapping[UUID, Tally]


def module_lines() -> list[ModuleLine]:
    """Every module in the main language, online or not. Two queries."""
    numbers = figures.modules()
    none = figures.Modules(0, 0)
    pages = CoursePage.objects.in_main_language().filter(course__isnull=False).select_related("course")
    return [
        ModuleLine(page, rounded(found.began), rounded(found.finished))
        for page in pages.order_by("course__position")
        for found in [numbers.get(page.own_course.pk, none)]
    ]


def revisions_to_choose(course: Course) -> list[int]:
    """The revisions in which there are enough people to show anything, the newest first. One query."""
    return [revision for revision, people in figures.revisions(course).items() if rounded(people) != HIDDEN]


def lesson_lines(page: CoursePage, *, revision: int | None) -> list[LessonLine]:
    """The lessons of a module, online or not, in their order. Two queries."""
    flows = figures.flows(page.own_course, revision=revision)
    lessons = LessonPage.objects.child_of(page).defer("body").order_by("path")
    return [_line(lesson, flows.get(lesson.translation_key)) for lesson in lessons]


def lesson_report(page: LessonPage, *, revision: int | None, by_training: bool) -> LessonReport:
    """One lesson. Four queries; six with ``by_training``, which sets apart what people chose after a joint training."""
    course = page.course
    flows = figures.flows(course, revision=revision)
    stopped = figures.stops(course, page, revision=revision)
    columns = _columns(page, revision=revision)
    if by_training:
        columns = _by_training(page, columns, revision=revision)
    return LessonReport(
        line=_line(page, flows.get(page.translation_key)),
        unfinished=rounded(stopped.total()),
        stops=_stops(page, stopped),
        columns=tuple(column.label for column in columns),
        exercises=tuple(
            _exercise(number, child, [column.tallies[UUID(child.id)] for column in columns])
            for number, child in enumerate(page.body, start=1)
            if is_counted(child)
        ),
    )


def _line(page: LessonPage, flow: figures.Flow | None) -> LessonLine:
    flow = flow or figures.Flow()
    enough = rounded(flow.minutes.total()) != HIDDEN
    return LessonLine(
        page=page,
        began=rounded(flow.began),
        finished=rounded(flow.finished),
        minutes=quartiles(flow.minutes) if enough else None,
    )


def _stops(page: LessonPage, stopped: Mapping[UUID | None, int]) -> tuple[Row, ...]:
    total = sum(stopped.values())
    names: dict[UUID | None, str] = {None: _("At the beginning")}
    for number, child in enumerate(page.body, start=1):
        names[UUID(child.id)] = f"{number}. {child.block.label}: {name_of(child)}"
    elsewhere = sum(people for block, people in stopped.items() if block not in names)
    rows = [(name, stopped.get(block, 0)) for block, name in names.items()]
    rows.append((_("At a part that is not there any more"), elsewhere))
    counts = [people for _name, people in rows]
    held_back = tells_too_much(total, counts)
    return tuple(
        Row(name, (Cell(HELD_BACK if held_back else rounded(people), rounded(total)),))
        for name, people in rows
        if held_back or rounded(people) != HIDDEN
    )


def _columns(page: LessonPage, *, revision: int | None) -> list[Column]:
    children = _counted(page)
    first = figures.first_choices(page.course, page, children, revision=revision)
    last = figures.last_choices(page.course, page, children, revision=revision)

    def tallies(given: Mapping[UUID, list[Given]]) -> dict[UUID, Tally]:
        return {block: tally(child, given.get(block, ())) for block, child in children.items()}

    return [Column(_("First choice"), tallies(first)), Column(_("Last choice"), tallies(last))]


def _by_training(page: LessonPage, columns: Sequence[Column], *, revision: int | None) -> list[Column]:
    """Each column in two: who had not been to a joint training when they chose, and who had."""
    children = _counted(page)
    attended = Registration.objects.attended().jointly()
    moments: dict[int, dt.datetime] = {}
    for person, moment in attended.values_list("person", "held_until"):
        moments[person] = min(moment, moments.get(person, moment))
    given: list[dict[UUID, list[Given]]] = [{}, {}]
    for answer in figures.answers_of(attended.values("person"), page.course, page, children, revision=revision):
        moment = moments[answer.person]
        if answer.first_value is not None and answer.first_at >= moment:
            given[0].setdefault(answer.block_id, []).append((answer.first_value, 1))
        if answer.last_at >= moment:
            given[1].setdefault(answer.block_id, []).append((answer.value, 1))
    split = []
    for column, after in zip(columns, given, strict=True):
        tallies = {block: tally(child, after.get(block, ())) for block, child in children.items()}
        before = {block: whole.without(tallies[block]) for block, whole in column.tallies.items()}
        split.append(Column(_("%(column)s, before a training") % {"column": column.label}, before))
        split.append(Column(_("%(column)s, after a training") % {"column": column.label}, tallies))
    return split


def _counted(page: LessonPage) -> dict[UUID, Any]:
    return {UUID(child.id): child for child in page.body if is_counted(child)}


def _exercise(number: int, child: Any, tallies: Sequence[Tally]) -> Exercise:
    shown = [_shown(child, one) for one in tallies]
    parts = []
    for asked in asked_in(child):
        people = tuple(show(one.people[asked.key]) for one, show in zip(tallies, shown, strict=True))
        rows = [
            Row(
                option.label,
                tuple(
                    Cell(HIDDEN if of == HIDDEN else show(one.chosen[asked.key, option.key]), of)
                    for one, show, of in zip(tallies, shown, people, strict=True)
                ),
                option.right,
            )
            for option in asked.options
        ]
        parts.append(Part(asked.key, asked.label, people, tuple(rows)))
    return Exercise(
        number=number,
        kind=str(child.block.label),
        name=name_of(child),
        is_story=child.block_type == "scenario",
        parts=tuple(parts),
    )


def _shown(child: Any, counted: Tally) -> Callable[[int], Shown]:
    """How the numbers of one column of an exercise are shown: rounded, or none of them."""
    for total, parts in sums_in(child):
        people = counted.people[total]
        if rounded(people) != HIDDEN and tells_too_much(people, [counted.chosen[part] for part in parts]):
            return lambda count: HELD_BACK
    return rounded
