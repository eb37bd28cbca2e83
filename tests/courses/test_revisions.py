"""A change that matters: who finished keeps everything, and is offered only what is new."""

import datetime as dt
import io
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.forms.models import model_to_dict
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Workflow, WorkflowPage

from certificates.actions.awards import people_judge
from certificates.models import Award, Certificate
from cms.next_step import Facts, next_step
from cms.overview import facts_of
from commitments.models import LedgerRow, LedgerTotal
from courses.actions.learning import answer_save, enrolment_start, lesson_complete
from courses.actions.visits import visit_adopt, visit_lesson_complete
from courses.models import Answer, Course, CoursePage, Enrolment, LessonChange, LessonPage, LessonProgress
from courses.progress import known_of, overview
from parties.actions.merging import people_merge
from parties.models import Person
from sessions.models import Registration
from tests.certificates import scene
from tests.courses.conftest import lesson, module, single_choice
from tests.courses.editing import PUBLISH, SUBMIT, edit, form, text
from tests.factories import AffiliationFactory, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db

SENTENCE = "Er is een nieuw verhaal over een bijnaam."
FLAGGED = {"change_matters": "on", "change_sentence": SENTENCE}


@pytest.fixture
def editor(client: Client) -> Client:
    person = PersonFactory(is_superuser=True)
    RoleFactory(person=person, kind="administrator")
    client.force_login(person)
    return client


def changes() -> list[tuple[uuid.UUID, int, str]]:
    return list(LessonChange.objects.order_by("pk").values_list("lesson_key", "revision", "sentence"))


def marks(page: LessonPage) -> list[tuple[bool, str]]:
    """On the page and in each of its versions."""
    row = LessonPage.objects.get(pk=page.pk)
    versions = [(one.content["change_matters"], one.content["change_sentence"]) for one in page.revisions.all()]
    return [(row.change_matters, row.change_sentence), *versions]


def change(page: LessonPage, sentence: str = SENTENCE) -> LessonChange:
    """Publishes the lesson with a change that matters."""
    draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.change_matters, draft.change_sentence = True, sentence
    draft.save_revision().publish()
    return LessonChange.objects.first()


def finish(person: Person, *lessons: LessonPage) -> Enrolment:
    for one in lessons:
        enrolment = enrolment_start(person=person, course=one.course)
        for child in one.body:
            if child.block_type in ("single_choice", "scenario"):
                value = {"choice": "a"} if child.block_type == "single_choice" else {"skipped": True}
                answer_save(enrolment=enrolment, lesson=one, block_id=uuid.UUID(child.id), value=value)
        lesson_complete(enrolment=enrolment, lesson=one)
    return Enrolment.objects.get(pk=enrolment.pk)


def news(person: Person) -> list[tuple[str, tuple[str, ...]]]:
    return [(step.title, step.news) for one in overview(person) for step in one.refreshers]


# The editor


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"change_matters": "on", "change_sentence": " "}, ["change_sentence"]),
        ({"change_sentence": SENTENCE}, ["change_matters"]),
    ],
)
def test_a_mark_and_its_sentence_go_together(
    editor: Client, second: LessonPage, fields: dict[str, str], wrong: list[str]
) -> None:
    response = edit(editor, second, **fields, **PUBLISH)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == wrong
    with pytest.raises(ValidationError) as caught:
        LessonPage(
            title="Les", change_matters="change_matters" in fields, change_sentence=fields["change_sentence"]
        ).clean()
    assert list(caught.value.message_dict) == wrong
    assert changes() == []


@pytest.mark.parametrize("way", ["by hand", "planned", "workflow", "in bulk", "another version", "by its API"])
def test_publishing_keeps_the_change_once_and_the_next_edit_starts_clean(
    editor: Client, course_page: CoursePage, second: LessonPage, way: str
) -> None:
    before = Course.objects.get().revision
    if way == "by hand":
        edit(editor, second, **FLAGGED, **PUBLISH)
    elif way == "planned":
        tomorrow = timezone.localtime() + dt.timedelta(days=1)
        edit(editor, second, **FLAGGED, go_live_at=f"{tomorrow:%Y-%m-%d %H:%M}", **PUBLISH)
        assert (changes(), Course.objects.get().revision) == ([], before)
        with time_machine.travel(tomorrow + dt.timedelta(minutes=2)):
            call_command("publish_scheduled")
    elif way == "workflow":
        WorkflowPage.objects.create(page=course_page.page_ptr, workflow=Workflow.objects.create(name="Leeg"))
        edit(editor, second, **FLAGGED, **SUBMIT)
    else:
        edit(editor, second, **FLAGGED)
        draft = LessonPage.objects.get(pk=second.pk).get_latest_revision()
        if way == "in bulk":
            editor.post(f"/cms/bulk/wagtailcore/page/publish/?id={second.pk}")
        elif way == "by its API":
            editor.post(f"/cms/api/main/pages/{second.pk}/action/publish/")
        else:
            edit(editor, second, text("<p>Anders.</p>"))
            assert LessonPage.objects.get(pk=second.pk).get_latest_revision_as_object().change_matters is False
            url = f"/cms/pages/{second.pk}/revisions/{draft.pk}/revert/"
            assert editor.get(url).context["form"]["change_sentence"].value() == SENTENCE
            editor.post(url, form(second, **FLAGGED, **PUBLISH))
    assert changes() == [(second.translation_key, before + 1, SENTENCE)]
    assert Course.objects.get().revision == before + 1
    assert set(marks(second)) == {(False, "")}

    edit(editor, second, text("<p>Een tikfout minder.</p>"), **PUBLISH)
    assert changes() == [(second.translation_key, before + 1, SENTENCE)]
    assert Course.objects.get().revision == before + 2


def test_the_same_version_again_says_nothing_twice(second: LessonPage) -> None:
    draft = second.get_latest_revision_as_object()
    draft.change_matters, draft.change_sentence = True, SENTENCE
    earlier = draft.save_revision()
    revision = draft.save_revision()
    revision.publish()
    revision.publish()
    earlier.refresh_from_db()
    earlier.publish()
    assert [sentence for _, _, sentence in changes()] == [SENTENCE]


def test_a_newer_draft_keeps_a_sentence_of_its_own(second: LessonPage) -> None:
    draft = second.get_latest_revision_as_object()
    draft.change_matters, draft.change_sentence = True, SENTENCE
    planned = draft.save_revision()
    draft.change_sentence = "En de wet is nieuw."
    draft.save_revision()
    planned.publish()
    newest = LessonPage.objects.get(pk=second.pk).get_latest_revision_as_object()
    assert (newest.change_matters, newest.change_sentence) == (True, "En de wet is nieuw.")
    newest.get_latest_revision().publish()
    assert [sentence for _, _, sentence in changes()] == [SENTENCE, "En de wet is nieuw."]


def test_a_first_publication_changes_nothing_for_anybody(course_page: CoursePage) -> None:
    page = LessonPage(title="Nieuw", slug="nieuw", live=False, change_matters=True, change_sentence=SENTENCE)
    course_page.add_child(instance=page)
    page.save_revision().publish()
    assert (changes(), set(marks(page))) == ([], {(False, "")})


def test_planning_a_page_that_is_offline_is_no_publication(second: LessonPage) -> None:
    before = Course.objects.get().revision
    second.unpublish()
    draft = LessonPage.objects.get(pk=second.pk)
    draft.change_matters, draft.change_sentence = True, SENTENCE
    draft.go_live_at = timezone.now() + dt.timedelta(days=1)
    draft.save_revision().publish()
    assert (changes(), Course.objects.get().revision) == ([], before)
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        call_command("publish_scheduled")
    assert changes() == [(second.translation_key, before + 1, SENTENCE)]


def test_a_copy_starts_clean(second: LessonPage) -> None:
    draft = second.get_latest_revision_as_object()
    draft.change_matters, draft.change_sentence = True, SENTENCE
    draft.save_revision()
    copied = second.copy(update_attrs={"slug": "kopie", "title": "Kopie"})
    assert set(marks(copied)) == {(False, "")}
    assert set(marks(second)) == {(False, ""), (True, SENTENCE)}


# The learner


def test_who_finished_the_lesson_is_offered_what_changed_and_nobody_else(
    client: Client, person: Person, first: LessonPage, second: LessonPage
) -> None:
    halfway, newcomer = PersonFactory(), PersonFactory()
    finish(person, first, second)
    finish(halfway, first)
    change(second)
    assert (news(person), news(halfway), news(newcomer)) == ([("Terugblik", (SENTENCE,))], [], [])

    urls = ["/modules/", second.course_page.address, second.address]
    for who, there in [(person, True), (halfway, False), (newcomer, False), (None, False)]:
        client.logout()
        if who:
            client.force_login(who)
        pages = [client.get(url).content.decode() for url in urls]
        assert [SENTENCE in page for page in pages] == [False, there, there]
        assert ["Er is iets nieuws" in page for page in pages] == [there] * 3


def test_who_finishes_after_the_change_is_offered_nothing(person: Person, first: LessonPage) -> None:
    change(first)
    finish(person, LessonPage.objects.get(pk=first.pk))
    assert news(person) == []
    change(first, "Nog iets.")
    change(first, "En nog iets.")
    assert news(person) == [("Kijken", ("En nog iets.", "Nog iets."))]


def test_onward_ticks_it_off_once_new_exercises_are_answered_and_takes_nothing(
    client: Client, person: Person, first: LessonPage, second: LessonPage
) -> None:
    enrolment = finish(person, first, second)
    extra = uuid.UUID(int=77)
    page = LessonPage.objects.get(pk=second.pk)
    page.body.append(("single_choice", first.body[0].value, str(extra)))
    page.change_matters, page.change_sentence = True, SENTENCE
    page.save_revision().publish()
    page = LessonPage.objects.get(pk=second.pk)
    before = LessonProgress.objects.get(lesson_key=page.translation_key)

    client.force_login(person)
    assert client.post(f"{page.address}verder/").status_code == 422
    assert news(person) == [("Terugblik", (SENTENCE,))]
    assert [step.done for step in overview(person)[0].lessons] == [True, True]

    answer_save(enrolment=enrolment, lesson=page, block_id=extra, value={"choice": "b"})
    response = client.post(f"{page.address}verder/", follow=True)
    assert response.redirect_chain == [(page.course_page.address, 302)]
    assert len(response.context["messages"]) == 1
    assert news(person) == []
    after = LessonProgress.objects.get(lesson_key=page.translation_key)
    assert (after.completed_at, after.completed_revision) == (before.completed_at, Course.objects.get().revision)
    assert after.completed_revision > before.completed_revision
    assert Enrolment.objects.get() == enrolment
    assert model_to_dict(Enrolment.objects.get()) == model_to_dict(enrolment)


@pytest.mark.parametrize(("module_revision", "offered"), [(None, [1, 2, 3]), (1, [2, 3]), (2, [3])])
def test_a_lesson_finished_before_revisions_were_kept_counts_as_the_module(
    person: Person, course_page: CoursePage, module_revision: int | None, offered: list[int]
) -> None:
    page = lesson(course_page, "Oud", single_choice())
    course = course_page.own_course
    at = timezone.now()
    enrolment = Enrolment.objects.create(
        person=person, course=course, completed_at=module_revision and at, completed_revision=module_revision
    )
    LessonProgress.objects.create(enrolment=enrolment, lesson_key=page.translation_key, completed_at=at)
    for revision in (1, 2, 3):
        LessonChange.objects.create(
            course=course, lesson_key=page.translation_key, revision=revision, sentence=str(revision)
        )
    shown = known_of(person).news.get(page.translation_key, ())
    assert [int(sentence) for sentence in reversed(shown)] == offered


def test_a_module_of_the_same_lesson_key_has_changes_of_its_own(
    person: Person, first: LessonPage, course_page: CoursePage
) -> None:
    finish(person, first)
    other = Course.objects.create(slug="erkennen", title="Erkennen", position=2, minutes=50)
    enrolment_start(person=person, course=other)
    LessonChange.objects.create(course=other, lesson_key=first.translation_key, revision=99, sentence=SENTENCE)
    assert news(person) == []
    LessonChange.objects.create(
        course=course_page.own_course, lesson_key=first.translation_key, revision=99, sentence=SENTENCE
    )
    assert news(person) == [("Kijken", (SENTENCE,))]


def test_what_is_adopted_from_a_visit_is_finished_as_the_module_is_now(person: Person, second: LessonPage) -> None:
    store: dict = {}
    visit_lesson_complete(store=store, course=second.course, lesson=second)
    change(second)
    visit_adopt(store=store, person=person)
    assert LessonProgress.objects.get().completed_revision == Course.objects.get().revision
    assert news(person) == []


@pytest.mark.parametrize(
    ("own", "other", "kept"), [(2, 5, 5), (5, 2, 5), (None, 3, 3), (3, None, 3), (None, None, None)]
)
def test_of_two_records_the_later_revision_stays(
    first: LessonPage, own: int | None, other: int | None, kept: int | None
) -> None:
    people = PersonFactory(), PersonFactory()
    for one, revision in zip(people, (own, other), strict=True):
        LessonProgress.objects.create(
            enrolment=enrolment_start(person=one, course=first.course),
            lesson_key=first.translation_key,
            completed_at=timezone.now(),
            completed_revision=revision,
        )
    people_merge(kept=people[0], merged=people[1], by=None)
    assert LessonProgress.objects.get().completed_revision == kept


# The next step


def step_of(person: Person, **facts: object) -> str:
    found = facts_of(person, timezone.now())
    values = {name: getattr(found, name) for name in Facts.__dataclass_fields__} | {"has_workplace": True, **facts}
    with translation.override("en"):
        return strip_tags(next_step(Facts(**values)).title)


def test_it_is_the_next_step_only_when_nothing_else_is_to_do(person: Person, first: LessonPage) -> None:
    finish(person, first)
    end = dt.date(2029, 11, 1)
    waiting = [Registration(state=Registration.State.WAITLISTED)]
    assert step_of(person, certificate_until=end) == "You have your certificate of participation"
    change(first)
    offered = "There is something new in “Kijken”"
    assert step_of(person, certificate_until=end) == offered
    assert step_of(person, registrations=waiting) == offered
    assert step_of(person) == "Sign up for a joint training"
    assert step_of(person, has_workplace=False) == "Tell us where you work"
    lesson(module(first.course_page.get_parent().specific, "Erkennen", position=2), "Begin", single_choice())
    assert step_of(person, certificate_until=end) == "Start with Erkennen: “Begin”"


# What it costs


@pytest.mark.parametrize("count", [1, 3])
def test_news_costs_no_query_more(
    client: Client,
    person: Person,
    course_page: CoursePage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pages = [lesson(course_page, f"Les{number}", single_choice(uuid.uuid4())) for number in range(count)]
    finish(person, *pages)
    for page in pages:
        for number in range(count):
            change(page, f"Nieuw {number}.")
    client.force_login(person)
    client.get(pages[0].address)
    # what is known, with what changed; pages, lessons
    with django_assert_num_queries(3):
        assert len(overview(person)[0].refreshers) == count
    # visit, person, roles; lesson, module, translations; answers, what is known, with what changed; lessons of the module
    with django_assert_num_queries(9):
        assert "Nieuw 0." in client.get(pages[0].address).content.decode()
    # visit, person, roles; the page, translations; what is known, with what changed; pages, lessons; short routes
    with django_assert_num_queries(9):
        assert "/modules/herkennen/" in client.get("/modules/").content.decode()


# Nothing is taken away


def numbers() -> dict[str, list[tuple]]:
    """Every row that says what somebody did, was given, or counts for."""
    models = [Enrolment, Answer, Award, Certificate, LedgerRow, LedgerTotal]
    rows = {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}
    out = io.StringIO()
    call_command("rebuild_ledger", "--check", stdout=out)
    return {**rows, "ledger": [(out.getvalue(),)]}


def test_a_change_leaves_completions_certificates_and_numbers_as_they_were(
    client: Client, first: LessonPage, second: LessonPage
) -> None:
    """Two people with a real award, in a party; one lesson changes, one of them does it again."""
    programme = scene.basic(counts_as_trained=True)
    programme.courses.set([first.course])
    person, colleague = scene.learner(), scene.learner("Mo")
    for one in (person, colleague):
        AffiliationFactory(organisation=one.memberships.get().organisation)
    scene.held(person, colleague)
    for one in (person, colleague):
        finish(one, first, second)
    people_judge(person_ids=[person.pk, colleague.pk])
    call_command("rebuild_ledger", stdout=io.StringIO())
    before = numbers()
    assert [len(before[name]) for name in ("Enrolment", "Award", "Certificate")] == [2, 2, 2]
    assert len(before["LedgerRow"]) > 0
    assert before["ledger"] == [("No differences.\n",)]
    snapshot = Certificate.objects.first().snapshot["courses"]

    change(second)
    assert numbers() == before
    assert (news(person), news(colleague)) == ([("Terugblik", (SENTENCE,))],) * 2

    client.force_login(person)
    assert client.get("/mijn/").context["step"].href == "/modules/herkennen/terugblik/"
    client.post("/modules/herkennen/terugblik/verder/")
    assert (news(person), news(colleague)) == ([], [("Terugblik", (SENTENCE,))])
    people_judge(person_ids=[person.pk, colleague.pk])
    assert numbers() == before

    at = Enrolment.objects.first().completed_revision
    assert [course["revision"] for course in snapshot] == [at]
    assert Course.objects.get(pk=first.course.pk).revision > at
    page = client.get(f"/controle/{Certificate.objects.first().code}/").content.decode()
    assert f"versie {at}" in page
