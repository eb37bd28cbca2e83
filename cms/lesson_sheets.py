"""The figures of modules and lessons as sheets of a workbook: the same numbers as on the screen, hidden ones as words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.lesson_reports import Exercise, LessonLine, LessonReport
from parties.small_groups import HIDDEN, Shown, words
from parties.spreadsheet import Sheet, Value

LESSONS = [60, 14, 14, 22, 22, 22]
CHOICES = [8, 26, 60, 50, 60, 14]


def lines_sheet(lines: Sequence[LessonLine]) -> Sheet:
    headings = [_("Lesson"), _("Began"), _("Finished"), *minutes_words()]
    return Sheet(_("Lessons"), headings, [_line(line) for line in lines], widths=LESSONS)


def lesson_sheets(report: LessonReport) -> list[Sheet]:
    return [lines_sheet([report.line]), _stops_sheet(report), _choices_sheet(report)]


def minutes_words() -> list[str]:
    """What the three numbers of minutes are."""
    return [
        _("A quarter took at most (minutes)"),
        _("Half took at most (minutes)"),
        _("Three quarters took at most (minutes)"),
    ]


def _line(line: LessonLine) -> list[Value]:
    minutes: Sequence[Shown] = line.minutes or [HIDDEN] * 3
    return [line.page.title, *_values([line.began, line.finished]), *_values(minutes)]


def _stops_sheet(report: LessonReport) -> Sheet:
    rows = [[row.label, *_values([cell.count, cell.people])] for row in report.stops for cell in row.cells]
    headings = [_("Where people stopped"), _("People"), _("Of who did not finish")]
    return Sheet(_("Stopped"), headings, rows, widths=[80, 14, 22])


def _choices_sheet(report: LessonReport) -> Sheet:
    headings = [_("Number"), _("Kind"), _("Exercise"), _("Part"), _("Choice"), _("Right answer")]
    for column in report.columns:
        headings += [column, _("%(column)s: of") % {"column": column}]
    rows = [row for exercise in report.exercises for row in _exercise_rows(exercise)]
    return Sheet(_("Choices"), headings, rows, widths=[*CHOICES, *[16] * (2 * len(report.columns))])


def _exercise_rows(exercise: Exercise) -> Iterator[list[Value]]:
    named: list[Value] = [exercise.number, exercise.kind, exercise.name]
    for part in exercise.parts:
        about = f"{part.key}: {part.label}" if exercise.is_story and part.key else part.label
        if not part.rows:
            pairs = [value for people in part.people for value in _values([people, people])]
            yield [*named, about, pgettext("story", "The end"), None, *pairs]
        for row in part.rows:
            pairs = [value for cell in row.cells for value in _values([cell.count, cell.people])]
            yield [*named, about, row.label, {True: _("yes"), False: _("no"), None: None}[row.right], *pairs]


def _values(numbers: Sequence[Shown]) -> list[Value]:
    return [words(number) if isinstance(number, str) else number for number in numbers]
