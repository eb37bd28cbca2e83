"""What happens to learning when two records of one person become one. Erasing a person takes it all along by itself."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction

from courses.actions.learning import enrolment_judge
from courses.actions.notes import notes_joined
from courses.models import Answer, Enrolment
from parties.models import Person


@transaction.atomic
def enrolments_merge(*, kept: Person, merged: Person) -> None:
    """Everything goes to ``kept``. Where both do one module, the earliest beginning and completion stay (rule 12).

    What the two did may together finish a module. That is judged when all the apps have moved their part, because a
    certificate can follow, and that needs the name and the memberships of both.
    """
    locked = Enrolment.objects.select_for_update().filter(person__in=[kept, merged]).order_by("pk")
    enrolments = {(row.person_id, row.course_id): row for row in locked}
    for (person_id, course_id), other in enrolments.items():
        if person_id != merged.pk:
            continue
        own = enrolments.get((kept.pk, course_id))
        if own is None:
            other.person = kept
            other.save(update_fields=["person"])
        else:
            _join(own, other)
            transaction.on_commit(partial(enrolment_judge, enrolment=own))


def _join(own: Enrolment, other: Enrolment) -> None:
    _lessons_join(own, other)
    _answers_join(own, other)
    _notes_join(own, other)
    own.started_at = min(own.started_at, other.started_at)
    if other.completed_at is not None and (own.completed_at is None or other.completed_at < own.completed_at):
        own.completed_at = other.completed_at
        own.completed_revision = other.completed_revision
    own.full_clean()
    own.save(update_fields=["started_at", "completed_at", "completed_revision"])
    other.delete()


def _lessons_join(own: Enrolment, other: Enrolment) -> None:
    known = {progress.lesson_key: progress for progress in own.lessons.all()}
    for double in other.lessons.all():
        progress = known.get(double.lesson_key)
        if progress is None:
            double.enrolment = own
            double.save(update_fields=["enrolment"])
            continue
        progress.started_at = min(progress.started_at, double.started_at)
        progress.completed_at = _earliest(progress.completed_at, double.completed_at)
        progress.completed_revision = max(progress.completed_revision or 0, double.completed_revision or 0) or None
        progress.last_block = progress.last_block or double.last_block
        progress.seconds += double.seconds
        progress.last_at = max(progress.last_at, double.last_at)
        progress.full_clean()
        progress.save(
            update_fields=["started_at", "completed_at", "completed_revision", "last_block", "seconds", "last_at"]
        )


def _answers_join(own: Enrolment, other: Enrolment) -> None:
    """One answer an exercise stays: ``own``'s, or ``other``'s where only that one is done. What was first given stays first."""
    known = {(answer.lesson_key, answer.block_id): answer for answer in own.answers.all()}
    for double in other.answers.all():
        answer = known.get((double.lesson_key, double.block_id))
        if answer is not None:
            if answer.answered or not double.answered:
                _first_join(answer, double)
                continue
            answer.delete()
        double.enrolment = own
        double.save(update_fields=["enrolment"])


def _first_join(answer: Answer, double: Answer) -> None:
    if double.answered and double.first_at < answer.first_at:
        answer.first_at, answer.first_value = double.first_at, double.first_value
        answer.save(update_fields=["first_at", "first_value"])


def _notes_join(own: Enrolment, other: Enrolment) -> None:
    """Of one lesson both notes stay, the oldest above."""
    known = {note.lesson_key: note for note in own.notes.all()}
    for double in other.notes.all():
        note = known.get(double.lesson_key)
        if note is None:
            double.enrolment = own
            double.save(update_fields=["enrolment"])
            continue
        first, second = sorted([note, double], key=lambda one: one.written_at)
        note.text, note.written_at = notes_joined(first.text, second.text), second.written_at
        note.save(update_fields=["text", "written_at"])


def _earliest(*moments: dt.datetime | None) -> dt.datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
