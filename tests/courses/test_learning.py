"""Answering, finishing a lesson, finishing the module, and what editors cannot take away."""

import uuid
from collections.abc import Iterator
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from courses.actions.learning import answer_save, enrolment_judge, enrolment_start, lesson_complete
from courses.exercises import ExerciseGone, LessonOpen
from courses.models import Answer, Course, CoursePage, Enrolment, LessonPage, LessonProgress, ModuleIndexPage
from courses.signals import course_completed
from courses.tasks import course_judge
from parties.models import Person
from tests.at_once import DONE, at_once, needs_several_writers
from tests.courses.conftest import CHOICE, STORY, lesson, module, single_choice

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(person: Person, course_page: CoursePage) -> Enrolment:
    return enrolment_start(person=person, course=course_page.course)


@pytest.fixture
def completed() -> Iterator[list[tuple[int, bool]]]:
    """Every signal: the enrolment, and that it came within the transaction that wrote it."""
    heard: list[tuple[int, bool]] = []

    def hear(enrolment: Enrolment, **kwargs: object) -> None:
        heard.append((enrolment.pk, transaction.get_connection().in_atomic_block))

    course_completed.connect(hear)
    yield heard
    course_completed.disconnect(hear)


def do_all(enrolment: Enrolment, *lessons: LessonPage) -> None:
    for one in lessons:
        for child in one.body:
            if child.block_type == "single_choice":
                answer_save(enrolment=enrolment, lesson=one, block_id=uuid.UUID(child.id), value={"choice": "a"})
            if child.block_type == "scenario":
                answer_save(enrolment=enrolment, lesson=one, block_id=uuid.UUID(child.id), value={"skipped": True})
        lesson_complete(enrolment=enrolment, lesson=one)


def kept(enrolment: Enrolment) -> list[tuple[uuid.UUID, object, bool, int]]:
    return list(
        Answer.objects.filter(enrolment=enrolment)
        .order_by("pk")
        .values_list("block_id", "value", "answered", "attempts")
    )


@pytest.mark.db
def test_starting_twice_is_one_enrolment(person: Person, course_page: CoursePage) -> None:
    one = enrolment_start(person=person, course=course_page.course)
    assert enrolment_start(person=person, course=course_page.course) == one
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(person=person, course=course_page.course)


def test_a_wrong_answer_is_an_answer_and_can_be_tried_again(enrolment: Enrolment, first: LessonPage) -> None:
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "a"})
    assert kept(enrolment) == [(CHOICE, {"choice": "a"}, True, 1)]
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "b"})
    assert kept(enrolment) == [(CHOICE, {"choice": "b"}, True, 2)]


def test_a_story_is_answered_at_its_end_and_stays_answered(enrolment: Enrolment, first: LessonPage) -> None:
    expected = [
        ({"path": ["b"]}, ({"path": ["b"], "done": False, "skipped": False}, False, 1)),
        ({"path": ["b", "y"]}, ({"path": ["b", "y"], "done": True, "skipped": False}, True, 1)),
        ({"path": []}, ({"path": [], "done": False, "skipped": False}, True, 1)),
        ({"path": ["a"]}, ({"path": ["a"], "done": True, "skipped": False}, True, 2)),
        ({"skipped": True}, ({"path": [], "done": False, "skipped": True}, True, 3)),
    ]
    for given, row in expected:
        answer_save(enrolment=enrolment, lesson=first, block_id=STORY, value=given)
        assert kept(enrolment) == [(STORY, *row)]


@pytest.mark.parametrize(
    ("block_id", "value", "error"),
    [
        (CHOICE, {"choice": ""}, ValidationError),
        (CHOICE, {"choice": "z"}, ValidationError),
        (STORY, {"path": [""]}, ValidationError),
        (STORY, {"path": ["b", "q"]}, ValidationError),
        (uuid.UUID(int=99), {"choice": "a"}, ExerciseGone),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(
    enrolment: Enrolment, first: LessonPage, block_id: uuid.UUID, value: dict[str, object], error: type[Exception]
) -> None:
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "b"})
    with pytest.raises(error):
        answer_save(enrolment=enrolment, lesson=first, block_id=block_id, value=value)
    assert kept(enrolment) == [(CHOICE, {"choice": "b"}, True, 1)]


def test_a_lesson_of_another_module_is_refused(enrolment: Enrolment, index: ModuleIndexPage) -> None:
    other = lesson(module(index, "Erkennen", position=2), "Elders", single_choice())
    with pytest.raises(ValueError):
        answer_save(enrolment=enrolment, lesson=other, block_id=CHOICE, value={"choice": "a"})
    with pytest.raises(ValueError):
        lesson_complete(enrolment=enrolment, lesson=other)


def test_onward_waits_for_every_exercise(enrolment: Enrolment, first: LessonPage) -> None:
    answer_save(enrolment=enrolment, lesson=first, block_id=STORY, value={"path": ["b"]})
    with pytest.raises(LessonOpen) as caught:
        lesson_complete(enrolment=enrolment, lesson=first)
    assert caught.value.blocks == [CHOICE, STORY]
    assert not LessonProgress.objects.completed().exists()


def test_the_module_is_done_when_its_lessons_are_and_says_so_once(
    enrolment: Enrolment, first: LessonPage, second: LessonPage, completed: list[tuple[int, bool]]
) -> None:
    do_all(enrolment, first)
    enrolment.refresh_from_db()
    assert (enrolment.completed_at, completed) == (None, [])

    do_all(enrolment, second)
    enrolment.refresh_from_db()
    at = enrolment.completed_at
    assert at is not None
    assert enrolment.completed_revision == Course.objects.get().revision
    assert completed == [(enrolment.pk, True)]

    do_all(enrolment, second)
    enrolment.refresh_from_db()
    assert (enrolment.completed_at, len(completed)) == (at, 1)


def test_all_answered_without_onward_is_not_done(enrolment: Enrolment, second: LessonPage, first: LessonPage) -> None:
    do_all(enrolment, second)
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "b"})
    answer_save(enrolment=enrolment, lesson=first, block_id=STORY, value={"skipped": True})
    enrolment_judge(enrolment=enrolment)
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None


@pytest.mark.parametrize("change", ["unpublish", "new lesson", "revert", "move", "new exercise"])
def test_what_was_finished_stays_finished(
    enrolment: Enrolment, index: ModuleIndexPage, first: LessonPage, second: LessonPage, change: str
) -> None:
    old = second.latest_revision
    do_all(enrolment, first, second)
    enrolment.refresh_from_db()
    before = (enrolment.completed_at, enrolment.completed_revision, kept(enrolment))

    if change == "unpublish":
        second.unpublish()
    elif change == "new lesson":
        lesson(second.course_page, "Nieuw", single_choice(uuid.UUID(int=7)))
    elif change == "revert":
        old.publish()
    elif change == "move":
        second.move(module(index, "Erkennen", position=2), pos="last-child")
    else:
        second.body.append(("single_choice", first.body[0].value))
        second.save_revision().publish()
    course_judge.func(enrolment.course_id)
    enrolment_judge(enrolment=enrolment)

    enrolment.refresh_from_db()
    assert (enrolment.completed_at, enrolment.completed_revision, kept(enrolment)) == before


def test_publishing_a_lesson_is_a_new_revision_of_the_module(second: LessonPage) -> None:
    before = Course.objects.get().revision
    second.save_revision().publish()
    assert Course.objects.get().revision == before + 1


@pytest.mark.parametrize("change", ["unpublish", "delete", "move"])
def test_a_lesson_less_finishes_the_module_for_who_did_the_rest(
    enrolment: Enrolment,
    index: ModuleIndexPage,
    first: LessonPage,
    second: LessonPage,
    completed: list[tuple[int, bool]],
    change: str,
    settings: object,
    django_capture_on_commit_callbacks: object,
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}  # type: ignore[attr-defined]
    other = module(index, "Erkennen", position=2)
    do_all(enrolment, first)
    assert completed == []

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        if change == "unpublish":
            second.unpublish()
        elif change == "delete":
            second.delete()
        else:
            second.move(other, pos="last-child")

    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None
    assert completed == [(enrolment.pk, True)]


def test_deleting_what_has_learners_is_refused_by_the_model_too(
    enrolment: Enrolment, first: LessonPage, second: LessonPage
) -> None:
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "a"})
    for page in (first, first.course_page):
        with pytest.raises(ProtectedError), transaction.atomic():
            page.delete()
    assert LessonPage.objects.filter(pk=first.pk).exists()
    second.delete()
    assert list(LessonPage.objects.values_list("pk", flat=True)) == [first.pk]


def test_a_copied_lesson_has_answers_of_its_own(enrolment: Enrolment, first: LessonPage) -> None:
    do_all(enrolment, first)
    copied = first.copy(update_attrs={"slug": "kopie", "title": "Kopie"})
    copied = LessonPage.objects.get(pk=copied.pk)

    with pytest.raises(LessonOpen) as caught:
        lesson_complete(enrolment=enrolment, lesson=copied)
    assert caught.value.blocks == [CHOICE, STORY]
    do_all(enrolment, copied)
    assert [row[0] for row in kept(enrolment)] == [CHOICE, STORY, CHOICE, STORY]


def test_a_copied_module_has_no_course_until_an_editor_gives_it_one(course_page: CoursePage, first: LessonPage) -> None:
    copied = course_page.copy(recursive=True, update_attrs={"slug": "kopie", "title": "Kopie"})
    copied = CoursePage.objects.get(pk=copied.pk)
    assert copied.course is None
    copied.course = course_page.course
    with pytest.raises(ValidationError) as caught:
        copied.full_clean()
    assert list(caught.value.message_dict) == ["course"]


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
@needs_several_writers
def test_a_double_click_on_the_last_onward_finishes_the_module_once(
    enrolment: Enrolment, first: LessonPage, second: LessonPage, completed: list[tuple[int, bool]]
) -> None:
    do_all(enrolment, first)
    click = partial(lesson_complete, enrolment=enrolment, lesson=second)
    assert at_once(click, click) == [DONE, DONE]
    assert completed == [(enrolment.pk, True)]
