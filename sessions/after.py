"""A training afterwards, as its trainers see it: who was there, and what was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parties.languages import active_language
from parties.models import Person
from parties.small_groups import STEP, words
from parties.spreadsheet import Sheet, Value
from sessions import survey
from sessions.models import Attendance, Meeting, Registration, Survey, Training
from sessions.survey import Result


@dataclass(frozen=True)
class Presence:
    """One participant, with each meeting and the mark of it, None where nobody marked them."""

    registration: Registration
    marks: Sequence[tuple[Meeting, Attendance | None]]

    @property
    def minutes(self) -> int:
        return sum(mark.minutes for _meeting, mark in self.marks if mark is not None)


@dataclass(frozen=True)
class Line:
    """What is shown of one question, in the words of the active language.

    ``elsewhere``: the mean of all trainings of this trainer that asked the same, and how many those are; None for one.
    """

    result: Result
    elsewhere: tuple[float, int] | None

    @property
    def question(self) -> str:
        return self.result.question.words(active_language())

    @property
    def choices(self) -> list[tuple[str, str]]:
        labels = self.result.question.labels(active_language())
        return [(label, words(part)) for label, part in zip(labels, self.result.parts, strict=True)]


@dataclass(frozen=True)
class Outcome:
    """What is shown of one survey; nothing as long as it goes on."""

    survey: Survey
    lines: Sequence[Line]


def presence_of(training: Training, meetings: Sequence[Meeting]) -> list[Presence]:
    """Everybody with a seat, by name; two queries, however many people."""
    marks: dict[int, dict[int, Attendance]] = defaultdict(dict)
    for mark in Attendance.objects.filter(meeting__in=meetings):
        marks[mark.person_id][mark.meeting_id] = mark
    registrations = training.registrations.confirmed().select_related("person", "organisation", "needs")
    return [
        Presence(one, [(meeting, marks[one.person_id].get(meeting.pk)) for meeting in meetings])
        for one in registrations.order_by("person__name", "pk")
    ]


def outcomes_of(training: Training, trainer: Person) -> list[Outcome]:
    """Of each survey of the training, the evaluation first. Three queries."""
    return [_outcome(one, trainer) for one in training.surveys.order_by("kind")]


def presence_sheet(training: Training) -> Sheet:
    """For a file of the trainer: no needs, since nobody deletes those from a file, and no answers."""
    meetings = list(training.meetings.all())
    headings = [_("Name"), _("Side"), _("Organisation")]
    for meeting in meetings:
        day = date_format(timezone.localtime(meeting.starts_at), "d-m-Y H:i")
        headings += [_("Presence %(day)s") % {"day": day}, _("Minutes %(day)s") % {"day": day}]
    rows = [_row(presence) for presence in presence_of(training, meetings)]
    widths = [30, 14, 40, *[26, 22] * len(meetings), 14]
    return Sheet(_("Participants"), [*headings, _("Minutes in all")], rows, widths=widths)


def _row(presence: Presence) -> list[Value]:
    one = presence.registration
    row: list[Value] = [str(one.person), one.get_side_display(), str(one.organisation)]
    for _meeting, mark in presence.marks:
        row += [mark.get_state_display(), mark.minutes] if mark else [_("Not marked"), None]
    return [*row, presence.minutes]


def _outcome(one: Survey, trainer: Person) -> Outcome:
    if one.closed_at is None:
        return Outcome(one, [])
    found = survey.results(survey.read(one.questions), list(one.responses.values_list("values", flat=True)))
    has_mean = any(result.mean is not None for result in found)
    elsewhere = _elsewhere(one, found, trainer) if has_mean else [None] * len(found)
    return Outcome(one, [Line(*line) for line in zip(found, elsewhere, strict=True)])


def _elsewhere(one: Survey, results: Sequence[Result], trainer: Person) -> list[tuple[float, int] | None]:
    """The mean of all trainings of this trainer that asked the same in the same words, and how many those are.

    Only trainings count of which the question is shown by itself: so no sum says anything of a smaller group.
    """
    questions = survey.read(one.questions)
    numbers: dict[str, list[int]] = defaultdict(list)
    trainings: dict[str, int] = defaultdict(int)
    closed = Survey.objects.with_results().filter(kind=one.kind, training__trainers=trainer)
    for other in closed.prefetch_related("responses"):
        asked = {question.key: question for question in survey.read(other.questions)}
        for question in questions:
            if question.kind == "scale" and asked.get(question.key) == question:
                given = [row.values[question.key] for row in other.responses.all() if question.key in row.values]
                if len(given) >= STEP:
                    numbers[question.key] += given
                    trainings[question.key] += 1
    return [
        (survey.mean(numbers[question.key]), trainings[question.key])
        if result.is_shown and trainings[question.key] > 1
        else None
        for question, result in zip(questions, results, strict=True)
    ]
