from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState

from courses.law import Notes, awaits_expert, law_of
from parties.models import Person
from parties.rules import may_approve_law, may_edit_site

from .pages import LessonPage


class LegalApproval(models.Model):
    """Legal notes as an expert approved them, or as they came with the platform (then ``by`` is empty). The newest counts."""

    page = models.ForeignKey(LessonPage, on_delete=models.CASCADE, related_name="law_approvals")
    notes = models.JSONField(help_text="The values of the legal notes, as courses.law.law_of gives them.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("approval of legal notes")
        verbose_name_plural = _("approvals of legal notes")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.page} – {self.at:%Y-%m-%d}"


class LegalReviewTask(AbstractGroupApprovalTask):
    """Wagtail's step in which members of a group approve, only for who is an expert today, and only when law changed."""

    class Meta:
        verbose_name = _("review of legal notes")
        verbose_name_plural = _("reviews of legal notes")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Experts approve the legal notes of a lesson. Skipped when no legal note changed."))

    def start(self, workflow_state: WorkflowState, user: Person | None = None) -> TaskState:
        revision = workflow_state.content_object.get_latest_revision()
        page = revision.as_object()
        if isinstance(page, LessonPage) and awaits_expert(page):
            return super().start(workflow_state, user=user)
        state = TaskState(
            workflow_state=workflow_state,
            revision=revision,
            task=self,
            status=TaskState.STATUS_SKIPPED,
            finished_at=timezone.now(),
        )
        state.save()
        return state

    def on_action(self, task_state: TaskState, user: Person, action_name: str, **kwargs: Any) -> str | None:
        """The address to go on at, where Wagtail's own would be closed to an expert.

        Raises:
            PermissionDenied: who is no expert put other legal notes in while the review went on.
        """
        if action_name == "approve":
            latest = task_state.workflow_state.content_object.get_latest_revision()
            if _law(latest.as_object()) != _law(task_state.revision.as_object()) and not (
                latest.user and may_approve_law(latest.user)
            ):
                raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)
        return None if may_edit_site(user) else reverse("wagtailadmin_home")

    def _user_in_groups(self, user: Person) -> bool:
        return may_approve_law(user) and super()._user_in_groups(user)


def _law(page: Page) -> Notes:
    return law_of(page.body) if isinstance(page, LessonPage) else []
