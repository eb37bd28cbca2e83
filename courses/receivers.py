"""What happens elsewhere that learning follows: somebody signs in, two records
of one person become one, an editor publishes, takes offline, moves or deletes.
"""

from functools import partial
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import F, ProtectedError
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from courses.actions.lesson_view import lesson_view_adopt
from courses.actions.people import enrolments_merge
from courses.actions.visits import visit_adopt
from courses.links import addresses_forget
from courses.models import Course, CoursePage, LessonPage
from courses.rules import pages_with_learners
from courses.tasks import course_judge
from parties.models import Person
from parties.signals import people_merging


@receiver(user_logged_in)
def take_visit_along(request: HttpRequest | None, user: Person, **kwargs: Any) -> None:
    if request is not None:
        visit_adopt(store=request.session, person=user)
        lesson_view_adopt(store=request.session, person=user)


@receiver(people_merging)
def merge_enrolments(kept: Person, merged: Person, **kwargs: Any) -> None:
    enrolments_merge(kept=kept, merged=merged)


@receiver(page_published, sender=LessonPage)
def count_revision(instance: LessonPage, **kwargs: Any) -> None:
    Course.objects.filter(pk=instance.course_page.course_id).update(revision=F("revision") + 1)


@receiver(page_unpublished, sender=LessonPage)
@receiver(post_delete, sender=LessonPage)
def judge_without_lesson(instance: LessonPage, **kwargs: Any) -> None:
    page = CoursePage.objects.parent_of(instance).first()
    if page is not None:
        _judge_later(page)


@receiver(post_page_move)
def judge_after_move(instance: Page, parent_page_before: Page, **kwargs: Any) -> None:
    page = CoursePage.objects.filter(pk=parent_page_before.pk).first()
    if page is not None:
        _judge_later(page)


@receiver(pre_delete, sender=LessonPage)
@receiver(pre_delete, sender=CoursePage)
def keep_what_has_learners(instance: Page, **kwargs: Any) -> None:
    if pages_with_learners(instance):
        raise ProtectedError(
            _("“%(page)s” has learners, so it stays. You can take it offline instead.") % {"page": instance}, {instance}
        )


@receiver(page_published)
@receiver(page_unpublished)
@receiver(post_page_move)
@receiver(post_delete, sender=Page)
def forget_addresses(**kwargs: Any) -> None:
    transaction.on_commit(addresses_forget)


def _judge_later(page: CoursePage) -> None:
    if page.course_id is not None:
        transaction.on_commit(partial(course_judge.enqueue, page.course_id))
