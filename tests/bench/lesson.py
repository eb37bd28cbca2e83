"""A lesson for a signed-in learner, beside the same blocks on a bare Wagtail page.

The bare page is found and served by Wagtail itself, for a visitor, with no template but its blocks.
"""

from tests.bench.measuring import beside

from django.http import HttpResponse  # isort: skip
from django.template import Context, Template
from django.test import Client
from wagtail.models import Page
from wagtail.views import serve

from courses.actions.learning import enrolment_start
from courses.models import Course, LessonPage
from courses.views import pages
from parties.models import Person

BARE = Template(
    "{% load wagtailcore_tags %}<!doctype html><title>{{ page.title }}</title>{% include_block page.body %}"
)


class BarePage:
    """What Wagtail itself does for a page with these blocks, and nothing of ours."""

    def __enter__(self) -> None:
        self.own, self.found = LessonPage.serve, pages.served
        pages.served = lambda request, *_found: serve(request, request.path_info.lstrip("/"))
        LessonPage.serve = lambda page, request, *_, **__: HttpResponse(
            BARE.render(Context(Page.get_context(page, request)))
        )

    def __exit__(self, *_: object) -> None:
        LessonPage.serve, pages.served = self.own, self.found


def main() -> None:
    course = Course.objects.order_by("position").first()
    lesson = max(
        LessonPage.objects.live().filter(path__startswith=course.pages.get(locale__language_code="nl").path),
        key=lambda page: len(page.body),
    )
    learner = (
        Person.objects.filter(enrolments__isnull=True).order_by("pk").first() or Person.objects.order_by("pk").first()
    )
    enrolment_start(person=learner, course=course)
    signed_in, visitor = Client(), Client()
    signed_in.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    path = lesson.get_url()

    def ours() -> None:
        assert signed_in.get(path).status_code == 200

    def bare() -> None:
        with BarePage():
            assert visitor.get(path).status_code == 200

    beside(
        f"a lesson of {len(lesson.body)} blocks for a signed-in learner beside the same blocks on a bare page",
        ours,
        bare,
        40,
    )


main()
