"""Changed legal notes go online when an expert approved them, and in no other way. Through Wagtail's own screens."""

import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from cms.actions.site import editors_ensure, experts_ensure, law_review_ensure
from courses.law import law_of
from courses.models import CoursePage, LegalApproval, LegalReviewTask, LessonChange, LessonPage, ModuleIndexPage
from parties.actions.roles import role_end, role_grant
from parties.models import OutboxMessage, Person
from parties.periods import today
from tests.courses.conftest import block, lesson, single_choice
from tests.courses.editing import LAW, PUBLISH, SUBMIT, edit, form, legal_note, text
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

NEW = "Een uitzendbureau dat dit verzoek uitvoert, is ook zelf verantwoordelijk."
OLDER = "Zo stond het er vroeger."
CHANGED = legal_note(f"<p>{NEW}</p>")
LONG_AGO = dt.date(2020, 1, 1)


def note(html: str = LAW) -> dict[str, object]:
    value = {"title": "Ook doorgeven mag niet", "html": f"<p>{html}</p>", "law": "AWGB, artikel 1"}
    return block("legal_note", uuid.UUID(int=50), {**value, "checked": "2026-11-02"})


def somebody(name: str, kind: str) -> Person:
    person = PersonFactory(name=name)
    role_grant(person=person, kind=kind, since=LONG_AGO)
    return Person.objects.get(pk=person.pk)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def site(index: ModuleIndexPage) -> None:
    """What load_site makes: the groups, and the workflow on all modules."""
    editors_ensure(index.get_parent().specific)
    experts_ensure()
    law_review_ensure(index)


@pytest.fixture
def editor(site: None) -> Person:
    return somebody("Noor", "editor")


@pytest.fixture
def expert(site: None) -> Person:
    return somebody("Tessa", "expert")


@pytest.fixture
def law_lesson(course_page: CoursePage) -> LessonPage:
    return lesson(course_page, "Wet", note(), single_choice())


def online(page: LessonPage) -> tuple[bool, list[str]]:
    """Whether it is live, and what its legal notes say there."""
    row = LessonPage.objects.get(pk=page.pk)
    return row.live, [one["html"] for one in law_of(row.body)]


def approve(client: Client, page: LessonPage, *blocks: object, action: str = "approve", comment: str = ""):
    extra = json.dumps({"comment": comment}) if comment else "{}"
    fields = {
        "action-workflow-action": "true",
        "workflow-action-name": action,
        "workflow-action-extra-data": extra,
    }
    return edit(client, page, *blocks, **fields)


AS_IT_WAS = (True, [f"<p>{LAW}</p>"])
AS_CHANGED = (True, [f"<p>{NEW}</p>"])


def test_an_editor_submits_an_expert_gets_a_mail_and_approves_and_it_goes_online(
    editor: Person, expert: Person, law_lesson: LessonPage
) -> None:
    edit(signed_in(editor), law_lesson, CHANGED, text(), **SUBMIT)
    assert online(law_lesson) == AS_IT_WAS
    sent = OutboxMessage.objects.get()
    assert (sent.kind, sent.person, sent.subject) == ("approval-asked", expert, "“Wet” wacht op je akkoord")
    assert f"/cms/pages/{law_lesson.pk}/edit/" in sent.text
    assert mail.outbox == []

    client = signed_in(expert)
    assert "Wet" in client.get("/cms/").content.decode()
    page = client.get(f"/cms/pages/{law_lesson.pk}/edit/")
    assert (page.status_code, NEW in page.content.decode()) == (200, True)
    assert 'name="action-publish"' not in page.content.decode()
    done = approve(client, law_lesson, CHANGED, text())
    assert (done.status_code, done["Location"]) == (302, "/cms/")
    assert online(law_lesson) == AS_CHANGED
    assert list(OutboxMessage.objects.values_list("kind", "person__name")) == [
        ("approval-asked", "Tessa"),
        ("approval-given", "Noor"),
    ]
    approvals = LegalApproval.objects.values_list("by__name", "notes__0__html")
    assert list(approvals) == [("Tessa", f"<p>{NEW}</p>"), (None, f"<p>{LAW}</p>")]


def test_the_mails_are_in_the_language_of_who_reads(editor: Person, expert: Person, law_lesson: LessonPage) -> None:
    Person.objects.filter(pk=expert.pk).update(language="en")
    edit(signed_in(editor), law_lesson, CHANGED, **SUBMIT)
    sent = OutboxMessage.objects.get()
    assert sent.subject == "“Wet” waits for your approval"
    assert "An editor changed this page" in sent.text
    assert "An editor changed this page" in sent.html


def test_an_expert_asks_for_changes_and_the_editor_reads_why(
    editor: Person, expert: Person, law_lesson: LessonPage
) -> None:
    client = signed_in(editor)
    edit(client, law_lesson, CHANGED, **SUBMIT)
    approve(signed_in(expert), law_lesson, CHANGED, action="reject", comment="Noem het artikel & lid.")
    assert online(law_lesson) == AS_IT_WAS
    asked = OutboxMessage.objects.get(kind="changes-asked")
    assert (asked.person, "Noem het artikel & lid." in asked.text) == (editor, True)

    edit(client, law_lesson, CHANGED, text("<p>Met lid.</p>"), **SUBMIT)
    approve(signed_in(expert), law_lesson, CHANGED, text("<p>Met lid.</p>"))
    assert online(law_lesson) == AS_CHANGED


def test_without_experts_administrators_get_the_mail(editor: Person, law_lesson: LessonPage) -> None:
    administrator = somebody("Bas", "administrator")
    edit(signed_in(editor), law_lesson, CHANGED, **SUBMIT)
    assert list(OutboxMessage.objects.values_list("person", flat=True)) == [administrator.pk]


# Around the workflow


def test_the_publish_button_stops_in_words_and_keeps_the_draft(editor: Person, law_lesson: LessonPage) -> None:
    client = signed_in(editor)
    response = edit(client, law_lesson, CHANGED, **PUBLISH)
    assert (response.status_code, response["Location"]) == (302, f"/cms/pages/{law_lesson.pk}/edit/")
    [message] = get_messages(response.wsgi_request)
    assert "“Wet”" in str(message)
    assert online(law_lesson) == AS_IT_WAS
    shown = client.get(f"/cms/pages/{law_lesson.pk}/edit/").content.decode()
    assert NEW in shown
    assert ('name="action-publish"' in shown, 'name="action-submit"' in shown) == (False, True)
    edit(client, law_lesson, CHANGED, **PUBLISH)  # the button is gone, and posting it is only saving
    assert online(law_lesson) == AS_IT_WAS


def draft_of(page: LessonPage, html: str = NEW) -> LessonPage:
    """The lesson with a draft in which the law differs, as an editor saved it."""
    lesson_page = LessonPage.objects.get(pk=page.pk)
    lesson_page.body = json.dumps([note(html)])
    lesson_page.save_revision()
    return lesson_page


@pytest.mark.parametrize(
    "way",
    [
        "planned",
        "in bulk",
        "in bulk with its module",
        "another version",
        "by its API",
        "another version by its API",
        "after cancelling",
        "removing the note",
        "another day of reading",
    ],
)
def test_no_way_leads_around_the_expert(editor: Person, course_page: CoursePage, way: str) -> None:
    page = lesson(course_page, "Wet", note(OLDER))
    older = page.latest_revision
    page = draft_of(page, LAW)
    page.get_latest_revision().publish()
    client = signed_in(editor)
    url, api = f"/cms/pages/{page.pk}/", f"/cms/api/main/pages/{page.pk}/action/"
    if way == "planned":
        tomorrow = timezone.localtime() + dt.timedelta(days=1)
        edit(client, page, CHANGED, go_live_at=f"{tomorrow:%Y-%m-%d %H:%M}", **PUBLISH)
        with time_machine.travel(tomorrow + dt.timedelta(minutes=2)):
            call_command("publish_scheduled")
    elif way == "in bulk":
        draft_of(page)
        client.post(f"/cms/bulk/wagtailcore/page/publish/?id={page.pk}")
    elif way == "in bulk with its module":
        below = LessonPage(title="Onder", slug="onder", live=False, body=json.dumps([note()]))
        course_page.refresh_from_db()
        course_page.add_child(instance=below)
        below.save_revision()
        answer = client.post(f"/cms/bulk/wagtailcore/page/publish/?id={course_page.pk}", {"include_descendants": "on"})
        assert ["“Onder”" in str(one) for one in get_messages(answer.wsgi_request)] == [True]
        assert LessonPage.objects.get(pk=below.pk).live is False
    elif way == "another version":
        client.post(f"{url}revisions/{older.pk}/revert/", form(page, legal_note(f"<p>{OLDER}</p>"), **PUBLISH))
    elif way == "by its API":
        draft_of(page)
        assert client.post(f"{api}publish/").status_code == 403
    elif way == "another version by its API":
        assert client.post(f"{api}revert_to_page_revision/", {"revision_id": older.pk}).status_code == 200
        assert client.post(f"{api}publish/").status_code == 403
    elif way == "after cancelling":
        edit(client, page, CHANGED, **SUBMIT)
        edit(client, page, CHANGED, **{"action-cancel-workflow": "true"})
        edit(client, page, CHANGED, **PUBLISH)
    elif way == "removing the note":
        edit(client, page, text(), **PUBLISH)
    else:
        edit(client, page, legal_note(checked="2026-11-20"), **PUBLISH)
    assert online(page) == AS_IT_WAS
    row = LessonPage.objects.get(pk=page.pk)
    assert law_of(row.get_latest_revision_as_object().body) != law_of(row.body) or "module" in way


def test_a_new_lesson_with_law_is_made_as_a_draft(editor: Person, course_page: CoursePage) -> None:
    fresh = LessonPage(title="Vers", slug="vers")
    url = f"/cms/pages/add/courses/lessonpage/{course_page.pk}/"
    response = signed_in(editor).post(url, form(fresh, legal_note(), **PUBLISH))
    made = LessonPage.objects.get(slug="vers")
    assert response["Location"] == f"/cms/pages/{made.pk}/edit/"
    assert (online(made), made.get_latest_revision_as_object().live) == ((False, [f"<p>{LAW}</p>"]), False)
    assert Client().get("/modules/herkennen/vers/").status_code == 404

    signed_in(editor).post(url, form(LessonPage(title="Zonder", slug="zonder"), text(), **PUBLISH))
    assert LessonPage.objects.get(slug="zonder").live


def test_what_an_editor_puts_in_during_the_review_is_not_approved_unseen(
    editor: Person, expert: Person, course_page: CoursePage
) -> None:
    page = lesson(course_page, "Wet", note(OLDER))
    older = page.latest_revision
    page = draft_of(page, LAW)
    page.get_latest_revision().publish()
    client = signed_in(editor)
    edit(client, page, CHANGED, **SUBMIT)
    state = TaskState.objects.get()
    api = f"/cms/api/main/pages/{page.pk}/action/revert_to_page_revision/"
    url = f"/cms/pages/workflow/action/{page.pk}/approve/{state.pk}/"
    assert client.post(api, {"revision_id": older.pk}).status_code == 200
    signed_in(expert).post(url)
    assert (online(page), TaskState.objects.get().status) == (AS_IT_WAS, "in_progress")

    edit(signed_in(expert), page, CHANGED)  # what the expert puts in, the expert has seen
    assert signed_in(expert).post(url)["Location"] == "/cms/"
    assert (online(page), TaskState.objects.get().status) == (AS_CHANGED, "approved")


def test_going_back_to_law_that_was_replaced_needs_an_expert_again(
    editor: Person, expert: Person, law_lesson: LessonPage
) -> None:
    edit(signed_in(editor), law_lesson, CHANGED, **SUBMIT)
    approve(signed_in(expert), law_lesson, CHANGED)
    assert online(law_lesson) == AS_CHANGED
    edit(signed_in(editor), law_lesson, legal_note(), **PUBLISH)
    assert online(law_lesson) == AS_CHANGED


# What stays as always


def test_other_edits_moving_and_going_offline_stay_the_editors_own(
    editor: Person, course_page: CoursePage, law_lesson: LessonPage
) -> None:
    client = signed_in(editor)
    edit(client, law_lesson, text("<p>Nieuw.</p>"), legal_note(), **PUBLISH)  # the note moved, nothing in it did
    assert "Nieuw." in Client().get(law_lesson.address).content.decode()

    draft_of(law_lesson)
    client.post(f"/cms/pages/{law_lesson.pk}/unpublish/")
    assert LessonPage.objects.get(pk=law_lesson.pk).live is False
    other = lesson(course_page, "Eerste", single_choice())
    client.post(f"/cms/pages/{law_lesson.pk}/set_position/?position=1")
    assert list(course_page.get_children().values_list("pk", flat=True)) == [other.pk, law_lesson.pk]

    edit(client, law_lesson, legal_note())  # out with the draft of other law; what was online goes online again
    edit(client, law_lesson, legal_note(), **PUBLISH)
    assert online(law_lesson) == AS_IT_WAS


def test_submitting_what_changes_no_law_goes_online_at_once(editor: Person, law_lesson: LessonPage) -> None:
    edit(signed_in(editor), law_lesson, legal_note(), text("<p>Nieuw.</p>"), **SUBMIT)
    assert "Nieuw." in Client().get(law_lesson.address).content.decode()
    assert list(TaskState.objects.values_list("status", flat=True)) == ["skipped"]
    assert list(WorkflowState.objects.values_list("status", flat=True)) == ["approved"]
    assert OutboxMessage.objects.count() == 0


def test_an_editor_who_is_an_expert_publishes_and_is_named(editor: Person, law_lesson: LessonPage) -> None:
    role = role_grant(person=editor, kind="expert", since=LONG_AGO)
    edit(signed_in(editor), law_lesson, CHANGED, **PUBLISH)
    assert online(law_lesson) == AS_CHANGED
    assert LegalApproval.objects.first().by == editor

    role_end(role=role, until=today(), by=None)
    edit(signed_in(editor), law_lesson, legal_note(), **PUBLISH)
    assert online(law_lesson) == AS_CHANGED


def test_a_planned_approval_goes_online_by_itself(editor: Person, expert: Person, law_lesson: LessonPage) -> None:
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    at = {"go_live_at": f"{tomorrow:%Y-%m-%d %H:%M}"}
    edit(signed_in(editor), law_lesson, CHANGED, **at, **SUBMIT)
    fields = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    edit(signed_in(expert), law_lesson, CHANGED, **at, **fields)
    assert online(law_lesson) == AS_IT_WAS
    with time_machine.travel(tomorrow + dt.timedelta(minutes=2)):
        call_command("publish_scheduled")
    assert online(law_lesson) == AS_CHANGED
    assert list(LegalApproval.objects.values_list("by__name", flat=True)) == ["Tessa", None]


def test_an_approved_change_that_matters_is_kept_with_it(
    editor: Person, expert: Person, law_lesson: LessonPage
) -> None:
    flagged = {"change_matters": "on", "change_sentence": "De wet is veranderd."}
    edit(signed_in(editor), law_lesson, CHANGED, **flagged, **SUBMIT)
    assert LessonChange.objects.count() == 0
    fields = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    edit(signed_in(expert), law_lesson, CHANGED, **flagged, **fields)
    assert list(LessonChange.objects.values_list("sentence", flat=True)) == ["De wet is veranderd."]


# Who is who


def test_the_expert_sees_what_waits_and_nothing_else(expert: Person, law_lesson: LessonPage) -> None:
    client = signed_in(expert)
    assert client.get("/cms/").status_code == 200
    closed = [
        f"/cms/pages/{law_lesson.pk}/edit/",
        "/cms/images/",
        "/cms/snippets/courses/course/",
        "/cms/workflows/list/",
    ]
    assert [client.get(url).status_code for url in closed] == [302] * len(closed)
    edit(client, law_lesson, CHANGED, **PUBLISH)
    assert online(law_lesson) == AS_IT_WAS
    assert client.get("/beheer/").status_code == 404


def test_an_expert_until_yesterday_approves_nothing(editor: Person, expert: Person, law_lesson: LessonPage) -> None:
    edit(signed_in(editor), law_lesson, CHANGED, **SUBMIT)
    expert.roles.update(until=today())
    assert expert.groups.exists(), "the daily job has not run yet, so the group still says yes"
    assert approve(signed_in(expert), law_lesson, CHANGED).status_code == 404
    role_grant(person=expert, kind="editor", since=LONG_AGO)
    expert.groups.add(LegalReviewTask.objects.get().groups.get())
    approve(signed_in(expert), law_lesson, CHANGED)
    assert online(law_lesson) == AS_IT_WAS


def test_the_lesson_shows_who_approved_which_text(editor: Person, expert: Person, law_lesson: LessonPage) -> None:
    edit(signed_in(editor), law_lesson, CHANGED, **SUBMIT)
    approve(signed_in(expert), law_lesson, CHANGED)
    shown = signed_in(editor).get(f"/cms/pages/{law_lesson.pk}/edit/").content.decode()
    assert [words in shown for words in ("Tessa", NEW, LAW)] == [True, True, True]
    history = signed_in(editor).get(f"/cms/pages/{law_lesson.pk}/workflow_history/")
    assert history.status_code == 200


def test_making_the_site_again_leaves_what_an_administrator_changed(index: ModuleIndexPage) -> None:
    workflow = law_review_ensure(index)
    workflow.workflow_pages.all().delete()
    assert law_review_ensure(index) == workflow
    assert (LegalReviewTask.objects.count(), workflow.workflow_pages.count()) == (1, 0)
