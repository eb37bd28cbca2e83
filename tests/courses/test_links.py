"""Links in texts to our own pages: their address of now, at no cost for each text."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from wagtail.models import Locale

from courses.links import addresses
from courses.models import CoursePage, LessonPage
from parties.models import Person
from tests.courses.conftest import block, lesson

pytestmark = pytest.mark.django_db


def linking(course_page: CoursePage, to: LessonPage, count: int) -> LessonPage:
    html = f'<p><a linktype="page" id="{to.pk}">Lees verder</a></p>'
    return lesson(course_page, "Links", *[block("text", uuid.uuid4(), html) for _ in range(count)])


def links(client: Client, page: LessonPage) -> list[str]:
    return re.findall(r"<a[^>]*>(?=Lees verder)", client.get(page.address).content.decode())


@pytest.mark.parametrize("count", [1, 3])
def test_texts_with_links_cost_a_learner_no_query_each(
    client: Client,
    person: Person,
    course_page: CoursePage,
    first: LessonPage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    page = linking(course_page, first, count)
    client.force_login(person)
    client.get(page.address)
    # visit, person, roles; lesson, module, translations; answers, what is known; lessons of the module
    with django_assert_num_queries(9):
        client.get(page.address)


def test_a_link_follows_its_page_and_leads_nowhere_when_that_is_offline(
    client: Client,
    course_page: CoursePage,
    first: LessonPage,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = linking(course_page, first, 1)
    opening = '<a class="utrecht-link utrecht-link--html-a"'
    assert links(client, page) == [f'{opening} href="/modules/herkennen/kijken/">']
    with django_capture_on_commit_callbacks(execute=True):
        first.slug = "zien"
        first.save_revision().publish()
    assert links(client, page) == [f'{opening} href="/modules/herkennen/zien/">']
    with django_capture_on_commit_callbacks(execute=True):
        first.unpublish()
    assert links(client, page) == [f"{opening}>"]
    with django_capture_on_commit_callbacks(execute=True):
        first.save_revision().publish()
    assert links(client, page) == [f'{opening} href="/modules/herkennen/zien/">']
    with django_capture_on_commit_callbacks(execute=True):
        first.delete()
    assert links(client, page) == [f"{opening}>"]


def test_a_reader_of_english_gets_the_english_page_where_there_is_one(
    course_page: CoursePage, first: LessonPage, second: LessonPage, settings: Any
) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    english, _ = Locale.objects.get_or_create(language_code="en")
    translated = first.copy_for_translation(english, copy_parents=True)
    translated.save_revision().publish()
    with override("en"):
        known = addresses()
        assert (known[first.pk], known[second.pk]) == (translated.get_url(), second.get_url())
    with override("nl"):
        known = addresses()
        assert (known[first.pk], known[second.pk]) == (first.get_url(), second.get_url())
