"""Writes of what somebody keeps for themselves: notes beside lessons, and deleting notes and reflections."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.actions.learning import course_check, enrolment_lock, time_add
from courses.models import Answer, Enrolment, LessonPage, Note
from courses.sendings import Sending

NOTE_LENGTH = 5000


def note_text(typed: str) -> str:
    """What somebody typed, as it is kept: text alone, never HTML, so a template escapes it. Lines stay lines."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


@transaction.atomic
def note_save(*, enrolment: Enrolment, lesson: LessonPage, text: str, sending: Sending | None = None) -> str:
    """Keeps the one note of this lesson, and returns what is kept now. An empty text takes the note away.

    A text that waited for a connection while a newer one was kept from elsewhere takes nothing away: it comes below that.

    Raises:
        ValidationError: when the text is too long.
        ValueError: when the lesson is of another course.
    """
    course_check(enrolment, lesson)
    words = note_text(text)
    if len(words) > NOTE_LENGTH:
        raise ValidationError(
            _("Your note has %(count)d characters. There is room for %(most)d.")
            % {"count": len(words), "most": NOTE_LENGTH}
        )
    sending = sending or Sending(timezone.now())
    locked = enrolment_lock(enrolment)
    time_add(enrolment=locked, lesson=lesson, sending=sending)
    note = Note.objects.filter(enrolment=locked, lesson_key=lesson.translation_key).first()
    if note is not None and sending.overtaken(note.written_at):
        words = notes_joined(note.text, words)
    if not words:
        if note is not None:
            note.delete()
        return ""
    if note is None:
        note = Note(enrolment=locked, lesson_key=lesson.translation_key, written_at=sending.given_at)
    note.text = words
    note.written_at = max(note.written_at, sending.given_at)
    note.full_clean()
    note.save()
    return note.text


def notes_joined(first: str, second: str) -> str:
    """Both texts, the one below the other; once where the one holds the other."""
    if second in first:
        return first
    return second if first in second else f"{first}\n\n{second}"


def note_delete(*, note: Note) -> None:
    note.delete()


@transaction.atomic
def reflection_delete(*, answer: Answer) -> None:
    """What was written is gone; the exercise stays done."""
    enrolment_lock(answer.enrolment)
    answer.value = {"text": ""}
    answer.first_value = None
    answer.full_clean()
    answer.save(update_fields=["value", "first_value"])
