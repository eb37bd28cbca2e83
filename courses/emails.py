"""What mails about approval say. Wagtail decides who gets one; it goes out through our outbox, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.mail import (
    GroupApprovalTaskStateSubmissionEmailNotifier,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
)
from wagtail.models import TaskState

from parties.actions.outbox import outbox_queue
from parties.mail import Mail, render_mail
from parties.models import Person


class ThroughOutbox:
    """In the place of Wagtail's own sending, which would open a connection in the middle of a request."""

    template = ""

    def send_notifications(
        self, template_set: object, context: dict[str, Any], recipients: Iterable[Person], **kwargs: object
    ) -> bool:
        outbox_queue(self._mails(context, recipients))
        return True

    def _mails(self, context: dict[str, Any], recipients: Iterable[Person]) -> Iterator[Mail]:
        about = context["object"]
        facts = {
            **context,
            "title": getattr(about, "draft_title", "") or str(about),
            "path": AdminURLFinder().get_edit_url(about),
        }
        for person in sorted(recipients, key=lambda one: one.pk):
            rendered = render_mail(f"courses/mail/{self.template}", language=person.language, context=facts)
            yield Mail(
                kind=self.template.replace("_", "-"),
                to=person.email or "",
                person=person,
                subject=rendered.subject,
                text=rendered.text,
                html=rendered.html,
            )


class ApprovalAsked(ThroughOutbox, GroupApprovalTaskStateSubmissionEmailNotifier):
    template = "approval_asked"

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> set[Person]:
        """The members of the group; administrators where it has none, so that nothing waits unseen."""
        members = set(super().get_recipient_users(task_state, **kwargs))
        return members or set(Person.objects.filter(is_superuser=True))


class ApprovalGiven(ThroughOutbox, WorkflowStateApprovalEmailNotifier):
    template = "approval_given"


class ChangesAsked(ThroughOutbox, WorkflowStateRejectionEmailNotifier):
    template = "changes_asked"


approval_asked = ApprovalAsked()
approval_given = ApprovalGiven()
changes_asked = ChangesAsked()
