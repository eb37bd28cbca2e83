"""What editors meet in /cms/: a no in words where people learn, and the modules as facts."""

import json

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils.translation import override
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data

from courses.actions.learning import answer_save, enrolment_start
from courses.forms import LinesField
from courses.models import Course, CoursePage, LessonPage
from parties.models import Person
from tests.courses.conftest import CHOICE, items, node, scenario
from tests.factories import PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    person = PersonFactory(is_superuser=True)
    RoleFactory(person=person, kind="administrator")
    client.force_login(person)
    return client


@pytest.fixture
def begun(person: Person, first: LessonPage) -> LessonPage:
    enrolment = enrolment_start(person=person, course=first.course)
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "a"})
    return first


@pytest.mark.parametrize("which", ["lesson", "module", "list of modules", "in bulk"])
def test_deleting_what_people_began_is_refused_in_words(
    editor: Client, begun: LessonPage, second: LessonPage, which: str
) -> None:
    page = {
        "lesson": begun,
        "module": begun.course_page,
        "list of modules": begun.course_page.get_parent(),
        "in bulk": begun,
    }[which]
    url = f"/cms/bulk/wagtailcore/page/delete/?id={page.pk}" if which == "in bulk" else f"/cms/pages/{page.pk}/delete/"
    with override("en"):
        response = editor.post(url)
    assert response.status_code == 302
    assert len(list(get_messages(response.wsgi_request))) == 1
    assert LessonPage.objects.filter(pk=begun.pk).exists()


def test_deleting_what_nobody_began_is_allowed(editor: Client, begun: LessonPage, second: LessonPage) -> None:
    editor.post(f"/cms/pages/{second.pk}/delete/")
    assert list(LessonPage.objects.values_list("pk", flat=True)) == [begun.pk]


def test_the_screens_open(editor: Client, first: LessonPage) -> None:
    course = Course.objects.get()
    for url in [
        f"/cms/pages/{first.pk}/edit/",
        f"/cms/pages/{first.course_page.pk}/edit/",
        "/cms/snippets/courses/course/",
        f"/cms/snippets/courses/course/edit/{course.pk}/",
    ]:
        assert editor.get(url).status_code == 200


def test_every_kind_of_page_can_be_added(editor: Client, course_page: CoursePage) -> None:
    added = set()
    for parent in Page.objects.filter(depth__gt=1).specific():
        for model in [model for model in parent.creatable_subpage_models() if model.can_create_at(parent)]:
            added.add(model)
            url = f"/cms/pages/add/{model._meta.app_label}/{model._meta.model_name}/{parent.pk}/"
            assert 'id="id_title"' in editor.get(url).content.decode(), url
    assert {LessonPage, CoursePage} <= added


def test_goals_are_lines(editor: Client, course_page: CoursePage) -> None:
    course = course_page.course
    data = nested_form_data(
        {
            "title": "Herkennen",
            "slug": "herkennen",
            "position": 1,
            "minutes": 45,
            "goals": "Je ziet het. \n\nJe zegt het.",
        }
    )
    response = editor.post(f"/cms/snippets/courses/course/edit/{course.pk}/", data)
    assert response.status_code == 302
    course.refresh_from_db()
    assert (course.minutes, course.goals) == (45, ["Je ziet het.", "Je zegt het."])
    assert LinesField().prepare_value(course.goals) == "Je ziet het.\nJe zegt het."


def test_a_copied_module_asks_for_its_course(editor: Client, course_page: CoursePage) -> None:
    form = CoursePage.get_edit_handler().get_form_class()(instance=course_page.copy(update_attrs={"slug": "kopie"}))
    assert form.fields["course"].required


@pytest.mark.parametrize("whole_module", [False, True])
@pytest.mark.parametrize("right", [False, True])
def test_many_lessons_go_online_together_only_when_each_is_right(
    editor: Client, course_page: CoursePage, whole_module: bool, right: bool
) -> None:
    story = scenario()
    if not right:
        story["value"]["nodes"] = items(node("n1", "De manager belt.", prompt="Wat doe je?", a="weg"))
    draft = LessonPage(title="Half af", slug="half-af", minutes=5, live=False, body=json.dumps([story]))
    course_page.add_child(instance=draft)
    draft.save_revision()
    chosen = course_page if whole_module else draft
    url = f"/cms/bulk/wagtailcore/page/publish/?id={chosen.pk}"
    response = editor.post(url, {"include_descendants": "on"} if whole_module else {})
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.live == right
    levels = [message.level_tag for message in get_messages(response.wsgi_request)]
    assert levels == ["success" if right else "error"]
