"""One module in two languages: how editors translate it, what stands at which address, and that what is done is done in both."""

import json
import re
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale, Page, PageViewRestriction

from certificates.models import Programme
from certificates.progress import outline_of
from cms.actions.site import editors_ensure
from courses.actions.content import modules_load
from courses.actions.learning import answer_save, enrolment_start, lesson_complete
from courses.blocks import LessonBody
from courses.models import Answer, CoursePage, Enrolment, LessonChange, LessonPage, ModuleIndexPage
from courses.progress import overview
from courses.rules import pages_with_learners
from parties.actions.roles import role_grant
from parties.models import Person
from tests.courses.conftest import CHOICE, STORY, block, lesson, module, publish, scenario, single_choice
from tests.english import unmarked_dutch
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

TEXT = uuid.UUID(int=3)


@pytest.fixture
def english(index: ModuleIndexPage) -> Locale:
    """The English tree, with its home page and list of modules online and nothing in it."""
    locale = Locale.objects.create(language_code="en")
    for page in (index.get_parent().specific, index):
        page.copy_for_translation(locale).save_revision().publish()
    return locale


def translated(page: Page, locale: Locale, **changes: Any) -> Any:
    """This page in the other language, online, with these changes."""
    translation = page.get_translation_or_none(locale) or page.copy_for_translation(locale)
    translation = translation.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(translation, name, value)
    translation.save_revision().publish()
    return type(page).objects.get(pk=translation.pk)


@pytest.fixture
def module_en(english: Locale, course_page: CoursePage) -> CoursePage:
    return translated(course_page, english, title="Recognise", slug="recognise")


@pytest.fixture
def first_en(english: Locale, module_en: CoursePage, first: LessonPage) -> LessonPage:
    body = json.dumps([single_choice(question="Who makes the difference?"), scenario()])
    return translated(first, english, title="Looking", slug="looking", body=body)


def get(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code, response.headers)
    return response.content.decode()


def said(response: Any) -> list[str]:
    return [message.message for message in get_messages(response.wsgi_request)]


# Editors


@pytest.fixture
def editor(client: Client, english: Locale, index: ModuleIndexPage) -> Client:
    for home in Page.objects.filter(depth=2).specific():
        editors_ensure(home)
    person = PersonFactory()
    role_grant(person=person, kind="editor", by=None)
    client.force_login(person)
    return client


@pytest.mark.usefixtures("first", "second")
def test_an_editor_translates_a_module_with_its_lessons_from_the_page_menu(
    editor: Client, english: Locale, course_page: CoursePage
) -> None:
    url = f"/cms/translation/submit/page/{course_page.pk}/"
    assert url in get(editor, f"/cms/pages/{course_page.pk}/edit/")
    CoursePage.objects.update(loaded="digest")
    LessonPage.objects.update(loaded="digest")

    answer = editor.post(url, {"locales": english.pk, "include_subtree": "on"})

    page = CoursePage.objects.get(locale=english)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cms/pages/{page.pk}/edit/")
    assert (page.live, page.course, page.translation_key) == (False, course_page.course, course_page.translation_key)
    assert page.get_latest_revision_as_object().course == course_page.course
    assert page.loaded == ""
    lessons = list(LessonPage.objects.child_of(page))
    originals = list(LessonPage.objects.child_of(course_page))
    assert [one.translation_key for one in lessons] == [one.translation_key for one in originals]
    assert [(one.live, one.loaded) for one in lessons] == [(False, ""), (False, "")]
    kept = [[(child.id, child.value) for child in one.get_latest_revision_as_object().body] for one in lessons]
    assert [[block_id for block_id, _ in blocks] for blocks in kept] == [[str(CHOICE), str(STORY)], [str(TEXT)]]
    assert [choice["key"] for choice in kept[0][0][1]["choices"]] == ["a", "b"]


def test_a_second_page_of_a_module_in_a_language_stays_without_it(
    english: Locale, index: ModuleIndexPage, course_page: CoursePage
) -> None:
    own = CoursePage(title="Own", slug="own", course=course_page.course, locale=english)
    publish(index.get_translation(english), own)
    assert course_page.copy_for_translation(english).course is None


def test_publishing_a_translation_is_no_change_of_the_lesson(
    english: Locale, first: LessonPage, first_en: LessonPage
) -> None:
    course = first.course
    course.refresh_from_db()
    before = course.revision
    first_en.save_revision().publish()
    course.refresh_from_db()
    assert course.revision == before
    LessonPage.objects.get(pk=first.pk).save_revision().publish()
    course.refresh_from_db()
    assert course.revision == before + 1


def test_a_change_that_matters_is_said_in_the_lesson_itself(first: LessonPage, first_en: LessonPage) -> None:
    for page in (first, first_en):
        page.change_matters, page.change_sentence = True, "Nieuwe wet."
    first.full_clean()
    with pytest.raises(ValidationError) as refused:
        first_en.full_clean()
    assert set(refused.value.message_dict) == {"change_matters"}
    assert not LessonChange.objects.exists()


def test_a_lesson_that_was_only_written_in_english_counts_its_own_revisions(
    english: Locale, module_en: CoursePage
) -> None:
    before = module_en.own_course.revision
    lesson(module_en, "Only", single_choice())
    module_en.own_course.refresh_from_db()
    assert module_en.own_course.revision == before + 1


def test_a_translation_may_go_but_not_what_it_is_of(
    person: Person, course_page: CoursePage, first: LessonPage, module_en: CoursePage, first_en: LessonPage
) -> None:
    enrolment = enrolment_start(person=person, course=first.course)
    answer_save(enrolment=enrolment, lesson=first_en, block_id=CHOICE, value={"choice": "b"})
    assert pages_with_learners(first) == [first]
    assert pages_with_learners(course_page) == [course_page, first]
    assert pages_with_learners(first_en) == pages_with_learners(module_en) == []
    root = Page.objects.get(depth=1)
    assert set(pages_with_learners(root)) == {course_page, first, module_en, first_en}
    Page.objects.get(pk=module_en.pk).delete()
    assert Answer.objects.count() == 1


# Addresses


def test_what_is_not_translated_is_read_in_dutch_in_an_english_frame(
    client: Client, english: Locale, course_page: CoursePage, first: LessonPage
) -> None:
    for page in (course_page, first):
        shown = get(client, f"/en{page.address}")
        assert '<html lang="en"' in shown
        assert f'<h1 class="utrecht-heading-1" lang="nl">{page.title}</h1>' in shown
        assert "This page is not in English yet. You read it in Dutch." in shown
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{page.address}">' in shown
        assert unmarked_dutch(shown) == []
    assert "Wie maakt onderscheid?" in shown
    assert "In Dutch" in get(client, "/en/modules/")


def test_the_translation_stands_under_its_own_words(
    client: Client, course_page: CoursePage, first: LessonPage, module_en: CoursePage, first_en: LessonPage
) -> None:
    assert (module_en.address, first_en.address) == ("/en/modules/recognise/", "/en/modules/recognise/looking/")
    shown = get(client, first_en.address)
    assert '<h1 class="utrecht-heading-1">Looking</h1>' in shown
    assert "Who makes the difference?" in shown
    assert "not in English yet" not in shown

    for page, translation in ((course_page, module_en), (first, first_en)):
        moved = client.get(f"/en{page.address}")
        assert (moved.status_code, moved.headers["Location"]) == (302, translation.address)
        assert page.title in get(client, page.address)
        assert client.get(translation.address.removeprefix("/en")).status_code == 404

    first_en.unpublish()
    assert "Wie maakt onderscheid?" in get(client, f"/en{first.address}")
    assert client.get(first_en.address).status_code == 404


@pytest.mark.parametrize("offline", ["module", "lesson"])
def test_a_translation_that_is_not_online_is_nowhere(
    client: Client, first: LessonPage, module_en: CoursePage, first_en: LessonPage, offline: str
) -> None:
    (module_en if offline == "module" else first_en).unpublish()
    assert "Looking" not in get(client, "/en/modules/") + get(client, f"/en{first.address}")
    assert 'hreflang="en"' not in _head(get(client, first.address))
    assert client.get(first_en.address).status_code == 404


def test_each_language_says_where_the_other_is(client: Client, first: LessonPage, first_en: LessonPage) -> None:
    site = "http://127.0.0.1:8000"
    pair = {"nl": f"{site}/modules/herkennen/kijken/", "en": f"{site}/en/modules/recognise/looking/"}
    for page in (first, first_en):
        head = _head(get(client, page.address))
        assert dict(re.findall(r'rel="alternate"\s+hreflang="(\w+)"\s+href="([^"]*)"', head)) == pair
    assert _switch(get(client, first.address)) == {"/en/modules/recognise/looking/"}
    assert _switch(get(client, first_en.address)) == {"/modules/herkennen/kijken/"}


def test_the_switch_of_an_untranslated_page_goes_to_the_same_page(
    client: Client, english: Locale, first: LessonPage
) -> None:
    assert _switch(get(client, first.address)) == {"/en/modules/herkennen/kijken/"}
    assert _switch(get(client, "/en/modules/herkennen/kijken/")) == {"/modules/herkennen/kijken/"}
    assert 'hreflang="en"' not in _head(get(client, first.address))


def test_a_page_that_is_only_in_english_has_the_dutch_home_beside_it(client: Client, module_en: CoursePage) -> None:
    only = lesson(module_en, "Only", single_choice())
    assert _switch(get(client, only.address)) == {"/"}


def test_a_dutch_page_that_an_editor_closed_off_is_closed_in_the_english_frame(
    client: Client, english: Locale, course_page: CoursePage, first: LessonPage
) -> None:
    PageViewRestriction.objects.create(page=course_page, restriction_type="login")
    assert client.get("/en/modules/herkennen/kijken/").status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_an_english_lesson_costs_the_same_whatever_its_length(
    client: Client,
    person: Person,
    module_en: CoursePage,
    first_en: LessonPage,
    course_page: CoursePage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        lesson(course_page, f"Nog{number}", single_choice(uuid.uuid4()))
    client.force_login(person)
    english, dutch = first_en.address, first_en.get_translation(course_page.locale).address
    for path in (english, dutch):
        get(client, path)  # looks up where links go
    with django_assert_num_queries(9):
        get(client, dutch)
    with django_assert_num_queries(10):  # and the module's page in the other language
        get(client, english)


def _head(html: str) -> str:
    return html.partition("</head>")[0]


def _switch(html: str) -> set[str]:
    return set(re.findall(r'<a href="([^"]*)"\s+lang="\w\w"\s+hreflang="\w\w">', html))


# Learning


@pytest.fixture
def learner(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def send(client: Client, path: str, *, htmx: bool = False, **data: str) -> Any:
    return client.post(path, data, headers={"HX-Request": "true"} if htmx else {})


def test_what_is_done_in_one_language_is_done_in_the_other(
    learner: Client, person: Person, first: LessonPage, second: LessonPage, first_en: LessonPage
) -> None:
    answered = send(learner, f"{first.address}antwoord/{CHOICE}/", keuze="b")
    assert answered.headers["Location"] == f"{first.address}#blok-{CHOICE}"
    assert 'value="b" checked' in get(learner, first_en.address)

    send(learner, f"{first_en.address}antwoord/{STORY}/", doe="skip")
    onward = send(learner, f"{first_en.address}verder/")
    assert (onward.status_code, onward.headers["Location"]) == (302, "/en/modules/herkennen/terugblik/")
    for language, titles in (
        ("nl", [("Kijken", True), ("Terugblik", False)]),
        ("en", [("Looking", True), ("Terugblik", False)]),
    ):
        with override(language):
            (state,) = overview(person)
        assert [(step.title, step.done) for step in state.lessons] == titles
        assert (state.lessons_done, state.lessons_total) == (1, 2)

    finished = send(learner, "/en/modules/herkennen/terugblik/verder/")
    assert (finished.status_code, finished.headers["Location"]) == (302, "/en/modules/recognise/")
    assert said(finished)[-1] == "You finished the module “Recognise”."
    course = first.course
    course.refresh_from_db()
    assert Enrolment.objects.get().completed_revision == course.revision
    assert "Afgerond op" in get(learner, "/modules/")


def test_one_translated_lesson_is_not_the_whole_module(
    person: Person, first: LessonPage, second: LessonPage, first_en: LessonPage
) -> None:
    enrolment = enrolment_start(person=person, course=first.course)
    for block_id, value in ((CHOICE, {"choice": "a"}), (STORY, {"skipped": True})):
        answer_save(enrolment=enrolment, lesson=first_en, block_id=block_id, value=value)
    assert lesson_complete(enrolment=enrolment, lesson=first_en).completed_at is None
    assert lesson_complete(enrolment=enrolment, lesson=second).completed_at is not None


def test_a_lesson_that_only_the_translation_has_is_not_asked(
    person: Person, course_page: CoursePage, module_en: CoursePage
) -> None:
    short = lesson(course_page, "Kort", block("text", TEXT, "<p>Tot slot.</p>"))
    lesson(module_en, "Extra", single_choice())
    enrolment = enrolment_start(person=person, course=course_page.own_course)
    assert lesson_complete(enrolment=enrolment, lesson=short).completed_at is not None
    with override("en"):
        (state,) = overview(person)
    assert [step.title for step in state.lessons] == ["Kort"]


def test_a_module_of_which_only_the_translation_is_online_asks_what_that_has(
    person: Person, first: LessonPage, second: LessonPage, first_en: LessonPage
) -> None:
    first.course_page.unpublish()
    enrolment = enrolment_start(person=person, course=first_en.course)
    for block_id, value in ((CHOICE, {"choice": "a"}), (STORY, {"skipped": True})):
        answer_save(enrolment=enrolment, lesson=first_en, block_id=block_id, value=value)
    assert lesson_complete(enrolment=enrolment, lesson=first_en).completed_at is not None


def test_an_exercise_speaks_the_language_that_it_is_written_in(
    learner: Client, english: Locale, first: LessonPage, second: LessonPage
) -> None:
    path = f"/en{first.address}"
    shown = get(learner, path)
    assert f'action="{path}antwoord/{CHOICE}/"' in shown
    assert "Kijk na" in shown

    feedback = send(learner, f"{path}antwoord/{CHOICE}/", htmx=True, keuze="b").content.decode()
    assert "Dat klopt" in feedback
    nothing = send(learner, f"{path}antwoord/{CHOICE}/", keuze="")
    assert nothing.status_code == 422
    assert "Kies eerst een antwoord." in nothing.content.decode()
    assert unmarked_dutch(nothing.content.decode()) == []
    early = send(learner, f"{path}verder/")
    assert early.status_code == 422
    assert "1 exercise is not done yet" in early.content.decode()
    assert unmarked_dutch(early.content.decode()) == []


def test_an_answer_is_for_the_version_that_was_shown(
    learner: Client, english: Locale, module_en: CoursePage, first: LessonPage
) -> None:
    """A translation that is still a draft stands at the same address, with other choices."""
    draft = first.copy_for_translation(english)
    draft.body = json.dumps([block("text", TEXT, "<p>Soon.</p>")])
    draft.save()
    send(learner, f"/en{first.address}antwoord/{CHOICE}/", keuze="b")
    assert Answer.objects.get().value == {"choice": "b"}


def test_a_form_finds_its_lesson_when_the_translation_went_offline_meanwhile(
    learner: Client, first: LessonPage, first_en: LessonPage
) -> None:
    path = f"{first_en.address}antwoord/{CHOICE}/"
    first_en.unpublish()
    send(learner, path, keuze="b", les=str(first_en.translation_key))
    assert Answer.objects.get().value == {"choice": "b"}


def test_signing_in_for_a_lesson_stays_in_the_language(client: Client, english: Locale, index: ModuleIndexPage) -> None:
    page = lesson(module(index, "Erkennen", position=2), "Horen", single_choice())
    sent = send(client, f"/en{page.address}antwoord/{CHOICE}/", keuze="b")
    assert sent.headers["Location"] == f"/en/inloggen/?next=/en{page.address}%23blok-{CHOICE}"
    assert f'href="/en/inloggen/?next=/en{page.address}"' in get(client, f"/en{page.address}")


def test_a_programme_calls_a_module_as_it_is_read(
    index: ModuleIndexPage, course_page: CoursePage, module_en: CoursePage
) -> None:
    programme = Programme.objects.create(name="Basis", slug="basis")
    programme.courses.set([course_page.own_course, module(index, "Erkennen", position=2).own_course])
    titles = {}
    for language in ("nl", "en"):
        with override(language):
            titles[language] = [step.title for step in outline_of(programme)]
    assert titles == {"nl": ["Herkennen", "Erkennen"], "en": ["Recognise", '<span lang="nl">Erkennen</span>']}
    module_en.unpublish()
    with override("en"):
        assert outline_of(programme)[0].title == '<span lang="nl">Herkennen</span>'


# What ships


def test_a_translation_that_ships_asks_the_same_as_the_lesson(index: ModuleIndexPage, english: Locale) -> None:
    """Every exercise of it, with the same choices, and so every answer fits both."""
    modules_load(parent=index)
    modules_load(parent=index.get_translation(english))
    translations = list(LessonPage.objects.filter(locale=english))
    assert [(page.slug, page.live, page.course.slug) for page in translations] == [
        ("wat-is-onderscheid", True, "herkennen")
    ]
    for page in translations:
        original = LessonPage.objects.in_main_language().get(translation_key=page.translation_key)
        assert [shape(child) for child in page.body] == [shape(child) for child in original.body]
        LessonBody().clean(page.body)
    course = translations[0].course
    assert course.title == "Herkennen"
    modules_load(parent=index.get_translation(english))
    assert LessonPage.objects.filter(locale=english).count() == 1


def shape(child: Any) -> tuple[str, str, list[object]]:
    """Kind, id, and of an exercise what a right answer is made of."""
    choices = child.value["choices"] if child.block_type in ("single_choice", "multiple_choice", "poll") else []
    keys: list[object] = [(choice["key"], choice.get("correct")) for choice in choices]
    return child.block_type, child.id, [*keys, child.value["truth"]] if child.block_type == "statement" else keys
