"""Learning when two records of one person become one, and when a person is erased."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from courses.models import Answer, Course, CoursePage, Enrolment, LessonPage, LessonProgress, ModuleIndexPage
from courses.signals import course_completed
from parties.actions.merging import people_merge, person_erase
from parties.models import Person
from tests.courses.conftest import CHOICE, STORY, module
from tests.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]
FIRST, SECOND, THIRD = (uuid.UUID(int=number) for number in (11, 12, 13))
OTHER_BLOCK = uuid.UUID(int=9)
Capture = Callable[..., AbstractContextManager[list[Any]]]


def day(number: int) -> dt.datetime:
    return dt.datetime(2026, 11, number, 12, tzinfo=dt.UTC)


def enrol(person: Person, course: Course, started: int, completed: int | None = None, revision: int | None = None):
    at = completed and day(completed)
    return Enrolment.objects.create(
        person=person, course=course, started_at=day(started), completed_at=at, completed_revision=revision
    )


def progress(enrolment: Enrolment, key: uuid.UUID, started: int, completed: int | None = None, block=None) -> None:
    at = completed and day(completed)
    LessonProgress.objects.create(
        enrolment=enrolment, lesson_key=key, started_at=day(started), completed_at=at, last_block=block
    )


def answer(enrolment: Enrolment, key: uuid.UUID, block: uuid.UUID, value: str, answered: bool = True) -> None:
    Answer.objects.create(
        enrolment=enrolment, lesson_key=key, block_id=block, value={"choice": value}, answered=answered
    )


def enrolments() -> list[tuple]:
    fields = ("person", "course__slug", "started_at", "completed_at", "completed_revision")
    return list(Enrolment.objects.order_by("course__position").values_list(*fields))


@pytest.fixture
def two(db: None) -> tuple[Person, Person]:
    return PersonFactory(), PersonFactory()


@pytest.fixture
def course(db: None) -> Course:
    return Course.objects.create(slug="herkennen", title="Herkennen", position=1, minutes=50)


@pytest.fixture
def completed() -> Iterator[list[tuple[int, str]]]:
    """Every signal: whose module it is by then, and under which name they are known."""
    heard: list[tuple[int, str]] = []

    def hear(enrolment: Enrolment, **kwargs: object) -> None:
        heard.append((enrolment.person_id, Person.objects.get(pk=enrolment.person_id).name))

    course_completed.connect(hear)
    yield heard
    course_completed.disconnect(hear)


def test_a_module_of_one_of_them_moves_as_it_is(two: tuple[Person, Person], course: Course) -> None:
    kept, merged = two
    other = Course.objects.create(slug="erkennen", title="Erkennen", position=2, minutes=50)
    enrol(kept, course, 3)
    moving = enrol(merged, other, 1, completed=2, revision=4)
    progress(moving, FIRST, 1, completed=2)
    answer(moving, FIRST, CHOICE, "a")
    people_merge(kept=kept, merged=merged, by=None)
    assert enrolments() == [
        (kept.pk, "herkennen", day(3), None, None),
        (kept.pk, "erkennen", day(1), day(2), 4),
    ]
    assert list(LessonProgress.objects.values_list("enrolment", "lesson_key")) == [(moving.pk, FIRST)]
    assert list(Answer.objects.values_list("enrolment", "block_id")) == [(moving.pk, CHOICE)]


@pytest.mark.parametrize(
    ("of_kept", "of_merged", "stays"),
    [
        ((1, 6, 3), (2, 5, 2), (day(1), day(5), 2)),
        ((2, 5, 2), (1, 6, 3), (day(1), day(5), 2)),
        ((2, None, None), (1, 5, 2), (day(1), day(5), 2)),
        ((1, 5, 2), (2, None, None), (day(1), day(5), 2)),
        ((2, None, None), (1, None, None), (day(1), None, None)),
    ],
)
def test_of_one_module_the_earliest_beginning_and_completion_stay(
    two: tuple[Person, Person],
    course: Course,
    completed: list[tuple[int, str]],
    django_capture_on_commit_callbacks: Capture,
    of_kept: tuple,
    of_merged: tuple,
    stays: tuple,
) -> None:
    kept, merged = two
    own = enrol(kept, course, *of_kept)
    enrol(merged, course, *of_merged)
    with django_capture_on_commit_callbacks(execute=True):
        people_merge(kept=kept, merged=merged, by=None)
    assert enrolments() == [(kept.pk, "herkennen", *stays)]
    assert Enrolment.objects.get() == own
    assert completed == []


def test_of_one_lesson_the_earliest_moments_stay(two: tuple[Person, Person], course: Course) -> None:
    kept, merged = two
    own, double = enrol(kept, course, 1), enrol(merged, course, 1)
    progress(own, FIRST, 2, completed=6, block=CHOICE)
    progress(double, FIRST, 1, completed=7, block=STORY)
    progress(own, SECOND, 3)
    progress(double, SECOND, 4, completed=5, block=STORY)
    progress(double, THIRD, 8, completed=9)
    people_merge(kept=kept, merged=merged, by=None)
    fields = ("enrolment", "lesson_key", "started_at", "completed_at", "last_block")
    assert list(LessonProgress.objects.order_by("lesson_key").values_list(*fields)) == [
        (own.pk, FIRST, day(1), day(6), CHOICE),
        (own.pk, SECOND, day(3), day(5), STORY),
        (own.pk, THIRD, day(8), day(9), None),
    ]


def test_of_one_exercise_the_own_answer_stays_unless_only_the_other_is_done(
    two: tuple[Person, Person], course: Course
) -> None:
    kept, merged = two
    own, double = enrol(kept, course, 1), enrol(merged, course, 1)
    for key, own_done, other_done in ((FIRST, True, True), (SECOND, False, True), (THIRD, False, False)):
        answer(own, key, CHOICE, "own", own_done)
        answer(double, key, CHOICE, "other", other_done)
    answer(own, FIRST, STORY, "own")
    answer(double, FIRST, STORY, "other", answered=False)
    answer(double, FIRST, OTHER_BLOCK, "other", answered=False)
    people_merge(kept=kept, merged=merged, by=None)
    fields = ("enrolment", "lesson_key", "block_id", "value__choice", "answered")
    assert list(Answer.objects.order_by("lesson_key", "block_id").values_list(*fields)) == [
        (own.pk, FIRST, CHOICE, "own", True),
        (own.pk, FIRST, STORY, "own", True),
        (own.pk, FIRST, OTHER_BLOCK, "other", False),
        (own.pk, SECOND, CHOICE, "other", True),
        (own.pk, THIRD, CHOICE, "own", False),
    ]


def test_what_was_first_given_of_one_exercise_stays_first(two: tuple[Person, Person], course: Course) -> None:
    kept, merged = two
    own, double = enrol(kept, course, 1), enrol(merged, course, 1)

    def given(enrolment: Enrolment, key: uuid.UUID, first: str, at: int, answered: bool = True) -> None:
        Answer.objects.create(
            enrolment=enrolment,
            lesson_key=key,
            block_id=CHOICE,
            value={"choice": f"{first}-later"},
            first_value={"choice": first} if answered else None,
            answered=answered,
            first_at=day(at),
        )

    for key, own_at, other_at, other_done in ((FIRST, 2, 1, True), (SECOND, 1, 2, True), (THIRD, 2, 1, False)):
        given(own, key, "own", own_at)
        given(double, key, "other", other_at, other_done)
    people_merge(kept=kept, merged=merged, by=None)
    fields = ("enrolment", "lesson_key", "value__choice", "first_value__choice", "first_at")
    assert list(Answer.objects.order_by("lesson_key").values_list(*fields)) == [
        (own.pk, FIRST, "own-later", "other", day(1)),
        (own.pk, SECOND, "own-later", "own", day(1)),
        (own.pk, THIRD, "own-later", "own", day(2)),
    ]


def test_what_the_two_did_together_finishes_the_module_once_all_has_moved(
    index: ModuleIndexPage,
    course_page: CoursePage,
    first: LessonPage,
    second: LessonPage,
    completed: list[tuple[int, str]],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    kept, merged = PersonFactory(name=""), PersonFactory(name="Samira")
    course = course_page.own_course
    half = module(index, "Erkennen", position=2).own_course
    course.refresh_from_db()
    own = enrol(kept, course, 1)
    progress(own, first.translation_key, 1, completed=2)
    progress(enrol(merged, course, 3), second.translation_key, 3, completed=4)
    for person in (kept, merged):
        enrol(person, half, 5)
    with django_capture_on_commit_callbacks(execute=True):
        people_merge(kept=kept, merged=merged, by=None)
    own.refresh_from_db()
    assert own.completed_at is not None
    assert enrolments() == [
        (kept.pk, "herkennen", day(1), own.completed_at, course.revision),
        (kept.pk, "erkennen", day(5), None, None),
    ]
    assert completed == [(kept.pk, "Samira")]


def test_erasing_takes_the_learning_of_that_person_alone(two: tuple[Person, Person], course: Course) -> None:
    for person in two:
        enrolment = enrol(person, course, 1, completed=2, revision=1)
        progress(enrolment, FIRST, 1, completed=2)
        answer(enrolment, FIRST, CHOICE, "a")
    gone, stays = two
    person_erase(person=gone, by=None)
    assert list(Enrolment.objects.values_list("person", flat=True)) == [stays.pk]
    assert list(LessonProgress.objects.values_list("enrolment__person", flat=True)) == [stays.pk]
    assert list(Answer.objects.values_list("enrolment__person", flat=True)) == [stays.pk]
