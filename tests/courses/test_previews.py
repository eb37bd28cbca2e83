"""A lesson in Wagtail's preview, as each kind of learner sees it. Nothing of it is kept."""

import json
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.actions.site import editors_ensure
from cms.models import HomePage
from courses.actions.learning import answer_save, enrolment_start, lesson_complete
from courses.examples import FIRST, RIGHT, first_answer, right_answer, way_through
from courses.exercises import OUTCOMES, exercises_of, outcome
from courses.models import Course, CoursePage, LessonChange, LessonPage
from courses.previews import KINDS
from courses.scenario import Choice, Node
from parties.actions.roles import role_grant
from parties.models import Person
from tests.courses.conftest import CHOICE, STORY, block, lesson, module
from tests.courses.kinds import GIVEN, every_kind
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything(course_page: CoursePage) -> LessonPage:
    return lesson(course_page, "Alles", *every_kind())


@pytest.fixture
def editor(client: Client, course_page: CoursePage) -> Client:
    editors_ensure(HomePage.objects.get())
    person = PersonFactory()
    role_grant(person=person, kind="editor")
    client.force_login(person)
    return client


def shown(editor: Client, page: LessonPage, mode: str) -> str:
    """The draft as it is kept, in the language of the page."""
    response = editor.get(f"/cms/pages/{page.pk}/view_draft/?mode={mode}")
    assert response.status_code == 200
    return response.content.decode()


def rows() -> dict[str, int]:
    """How many rows there are of everything but what Django and Wagtail keep of a visit."""
    passing = {"sessions.Session", "wagtailadmin.FormState"}
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.label not in passing}


def test_the_panel_offers_every_kind_of_learner(editor: Client, everything: LessonPage) -> None:
    with override("en"):
        page = editor.get(f"/cms/pages/{everything.pk}/edit/").content.decode()
    assert [name for name, _label in everything.preview_modes] == list(KINDS)
    assert all(f'value="{name}"' in page for name in KINDS)


@pytest.mark.parametrize("mode", KINDS)
def test_a_preview_is_that_of_a_made_up_learner_and_writes_nothing(
    editor: Client, everything: LessonPage, mode: str
) -> None:
    before = rows()
    page = shown(editor, everything, mode)
    assert str(KINDS[mode].label) in page
    assert (_("You are doing this without an account") in page) == (mode == "visitor")
    assert ('href="/mijn/gegevens/"' in page) == (mode != "visitor")
    assert rows() == before
    assert editor.get("/cms/").status_code == 200  # the editor is still signed in


def test_nothing_can_be_sent_from_a_preview(editor: Client, everything: LessonPage) -> None:
    response = editor.get(f"/cms/pages/{everything.pk}/view_draft/?mode=school")
    policy = response.headers["Content-Security-Policy"]
    assert "form-action 'none'" in policy
    assert "script-src 'none'" in policy
    lived = Client().get(everything.address).headers["Content-Security-Policy"]
    assert "form-action 'self'" in lived
    assert "script-src 'self'" in lived


def test_who_answered_sees_the_feedback_of_the_first_answer_and_who_finished_that_of_the_right_one(
    editor: Client, everything: LessonPage
) -> None:
    feedback = {"school": set(), "answered": {"Wat ziet de stagiair?"}, "finished": {"Doorgeven telt ook."}}
    for mode, sentences in feedback.items():
        page = shown(editor, everything, mode)
        assert {one for one in ["Wat ziet de stagiair?", "Doorgeven telt ook."] if one in page} == sentences
        assert (_("The steps are in this order") in page or "Eerst het verhaal." in page) == (mode != "school")
    assert "De plek is weg." in shown(editor, everything, "answered")
    assert "Samira beslist zelf." in shown(editor, everything, "finished")


def test_school_and_workplace_each_see_their_own_side(editor: Client, course_page: CoursePage) -> None:
    sides = {"title": "", "school": "<p>Bel de werkplek.</p>", "workplace": "<p>Bel de school.</p>"}
    page = lesson(course_page, "Zijden", block("by_side", CHOICE, sides))
    other = {"school": _("And for the school?"), "workplace": _("And for the workplace?")}
    folded = {
        mode: [side for side in ("school", "workplace") if other[side] in shown(editor, page, mode)]
        for mode in ("school", "workplace", "visitor")
    }
    assert folded == {"school": ["workplace"], "workplace": ["school"], "visitor": []}


def test_who_finished_has_every_lesson_done(editor: Client, everything: LessonPage, second: LessonPage) -> None:
    assert "0 van 3 lessen klaar" in shown(editor, everything, "answered")
    assert "3 van 3 lessen klaar" in shown(editor, everything, "finished")


def test_who_finished_is_offered_what_is_new(editor: Client, everything: LessonPage, second: LessonPage) -> None:
    offer = _("There is something new in this lesson")
    assert offer not in shown(editor, everything, "finished")
    for revision, sentence in [(2, "De wet is veranderd."), (3, "Er is een verhaal bij.")]:
        LessonChange.objects.create(
            course=everything.course,
            lesson_key=everything.translation_key,
            revision=revision,
            sentence=sentence,
        )
    page = shown(editor, everything, "finished")
    assert (offer in page, "Er is een verhaal bij." in page, "De wet is veranderd." in page) == (True, True, False)
    assert offer not in shown(editor, everything, "answered")
    assert offer not in shown(editor, second, "finished")
    draft = everything.get_latest_revision_as_object()
    draft.change_matters, draft.change_sentence = True, "Dit schrijf ik nu."
    draft.save_revision()
    assert "Dit schrijf ik nu." in shown(editor, everything, "finished")


def test_a_visitor_reads_the_second_module_and_does_not_answer(editor: Client, course_page: CoursePage) -> None:
    index = course_page.get_parent().specific
    page = lesson(module(index, "Erkennen", 2), "Later", *every_kind())
    assert _("You can read this without an account") in shown(editor, page, "visitor")
    assert _("Check your answer") not in shown(editor, page, "visitor")
    assert _("Check your answer") in shown(editor, page, "school")


def test_what_the_editor_did_as_a_learner_is_not_in_the_preview(
    client: Client, editor: Client, first: LessonPage
) -> None:
    person = Person.objects.get(pk=editor.session["_auth_user_id"])
    enrolment = enrolment_start(person=person, course=first.course)
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "b"})
    assert "Doorgeven telt ook." in editor.get(first.address).content.decode()
    assert "Doorgeven telt ook." not in shown(editor, first, "school")


def draftail(text: str) -> str:
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0}
    empty = {"inlineStyleRanges": [], "entityRanges": [], "data": {}}
    return json.dumps({"blocks": [block | empty], "entityMap": {}})


def typed(title: str, text: str) -> dict[str, str]:
    """The form of a lesson as the browser sends it."""
    body = streamfield([("text", draftail(text))])
    return nested_form_data(
        {"title": title, "slug": "nieuw", "summary": "", "body": body, "comments": inline_formset([])}
    )


@pytest.mark.parametrize("what", ["lesson", "new lesson"])
def test_the_panel_shows_what_is_typed_now_and_changes_no_revision(
    editor: Client, first: LessonPage, what: str
) -> None:
    parent = first.course_page
    url = f"/cms/pages/{first.pk}/edit/preview/"
    if what == "new lesson":
        url = f"/cms/pages/add/courses/lessonpage/{parent.pk}/preview/"
    before = rows()
    answer = editor.post(url, typed("Nieuwe titel", "Nog niet bewaard."))
    assert answer.json() == {"is_valid": True, "is_available": True}
    page = editor.get(f"{url}?mode=answered&in_preview_panel=true").content.decode()
    assert _("Who chose the first answer everywhere") in page
    assert "Nieuwe titel" in page
    assert "Nog niet bewaard." in page
    assert rows() == before
    assert LessonPage.objects.get().title == "Kijken"
    assert Course.objects.get().revision == parent.own_course.revision


def test_a_lesson_of_a_module_that_is_offline_can_be_previewed_and_not_visited(
    editor: Client, first: LessonPage
) -> None:
    first.course_page.unpublish()
    assert "Wie maakt onderscheid?" in shown(editor, first, "school")
    assert editor.get(first.address).status_code == 404


def test_every_kind_has_an_example_that_is_an_answer(everything: LessonPage) -> None:
    assert FIRST.keys() == RIGHT.keys() == OUTCOMES.keys()
    for key, child in exercises_of(everything.body).items():
        for example in (first_answer(child), right_answer(child)):
            assert outcome(everything.body, key, example).answered


def test_the_right_examples_are_right(everything: LessonPage, person: Person) -> None:
    kept = {
        key: outcome(everything.body, key, right_answer(child)).value
        for key, child in exercises_of(everything.body).items()
    }
    right = {key: given[1][1] for key, given in GIVEN.items()}
    for key in set(kept) - {STORY, UUID(int=25)}:  # a story has no right way, a reflection no right words
        assert kept[key] == right[key]


@pytest.mark.parametrize(
    ("last", "way"), [pytest.param(False, ["on", "b", "out"], id="first"), pytest.param(True, ["out"], id="last")]
)
def test_the_way_through_a_story_does_not_go_round(last: bool, way: list[str]) -> None:
    nodes = [
        Node("n1", "?", (Choice("round", "n1"), Choice("on", "n2"), Choice("out", "end"))),
        Node("n2", "?", (Choice("a", "n1"), Choice("b", "n3"))),
        Node("n3", "?", (Choice("gone", "nowhere"), Choice("out", "end"))),
        Node("end"),
    ]
    assert way_through(nodes, last_choice=last) == way


def test_a_story_without_an_end_has_no_way_through() -> None:
    assert way_through([Node("n1", "?", (Choice("round", "n1"),))]) == []
    assert way_through([]) == []


def test_a_real_learner_can_finish_what_the_preview_shows(everything: LessonPage, person: Person) -> None:
    enrolment = enrolment_start(person=person, course=everything.course)
    for key, child in exercises_of(everything.body).items():
        answer_save(enrolment=enrolment, lesson=everything, block_id=key, value=first_answer(child))
    assert lesson_complete(enrolment=enrolment, lesson=everything).completed_at is not None
