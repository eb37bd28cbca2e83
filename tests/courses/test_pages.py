"""The pages of modules as people see them."""

import pytest
from django.test import Client

from courses.models import CoursePage, LessonPage, ModuleIndexPage
from parties.models import Person

pytestmark = pytest.mark.django_db


def test_pages_answer(
    client: Client, index: ModuleIndexPage, course_page: CoursePage, first: LessonPage, second: LessonPage
) -> None:
    for url, words in [
        ("/modules/", "Herkennen"),
        ("/modules/herkennen/", "Kijken"),
        ("/modules/herkennen/kijken/", "Wie maakt onderscheid?"),
    ]:
        response = client.get(url)
        assert response.status_code == 200
        assert words in response.content.decode()
