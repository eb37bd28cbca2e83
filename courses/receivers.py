"""What happens elsewhere that learning follows: somebody signs in, two records
of one person become one, an editor publishes, takes offline, moves or deletes.
"""

from functools import partial
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState
from wagtail.signals import (
    copy_for_translation_done,
    page_published,
    page_unpublished,
    post_page_move,
    task_approved,
    task_submitted,
    workflow_approved,
    workflow_rejected,
)

from courses import emails
from courses.actions.changes import lesson_published
from courses.actions.law import law_approval_record
from courses.actions.lesson_view import lesson_view_adopt
from courses.actions.people import enrolments_merge
from courses.actions.translating import module_page_translated
from courses.actions.visits import visit_adopt
from courses.links import addresses_forget
from courses.models import CoursePage, LegalReviewTask, LessonPage
from courses.rules import pages_with_learners
from courses.tasks import course_judge
from parties.models import Person
from parties.signals import people_merging

# Under the names that Wagtail's own mails have, and before it connects those: so each goes out once, through our outbox.
task_submitted.connect(
    emails.approval_asked, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification"
)
workflow_approved.connect(
    emails.approval_given, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification"
)
workflow_rejected.connect(
    emails.changes_asked, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification"
)


@receiver(user_logged_in)
def take_visit_along(request: HttpRequest | None, user: Person, **kwargs: Any) -> None:
    if request is not None:
        visit_adopt(store=request.session, person=user)
        lesson_view_adopt(store=request.session, person=user)


@receiver(people_merging)
def merge_enrolments(kept: Person, merged: Person, **kwargs: Any) -> None:
    enrolments_merge(kept=kept, merged=merged)


@receiver(page_published, sender=LessonPage)
def keep_change(instance: LessonPage, revision: Revision, **kwargs: Any) -> None:
    # Wagtail also tells when a page that is offline is only planned; a translation says what the lesson said already
    if instance.live and not instance.is_translation:
        lesson_published(lesson=instance, revision=revision)


@receiver(task_approved)
def keep_approval(instance: TaskState, user: Person | None, **kwargs: Any) -> None:
    lesson = instance.workflow_state.content_object.get_latest_revision_as_object()
    if isinstance(instance.task.specific, LegalReviewTask) and isinstance(lesson, LessonPage):
        law_approval_record(lesson=lesson, by=user)


@receiver(post_save, sender=PageLogEntry)
def keep_publication(instance: PageLogEntry, **kwargs: Any) -> None:
    """Wagtail's log is the one place that knows who published, whichever way: by hand, planned, in bulk, by its API."""
    if instance.action == "wagtail.publish.schedule" and instance.revision is not None:
        lesson = instance.revision.as_object()
    elif instance.action in ("wagtail.publish", "wagtail.publish.scheduled"):
        lesson = instance.page.specific
    else:
        return
    if isinstance(lesson, LessonPage):
        law_approval_record(lesson=lesson, by=instance.user)


@receiver(copy_for_translation_done)
def keep_course(source_obj: Page, target_obj: Page, **kwargs: Any) -> None:
    if isinstance(target_obj, CoursePage):
        module_page_translated(page=target_obj, original=source_obj)


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
