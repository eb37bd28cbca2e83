"""How a workflow ends. Wagtail imports this while its models load, so it names them only when it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from parties.models import Person


def workflow_publish(workflow_state: WorkflowState, user: Person | None = None) -> None:
    """Publishes what was approved.

    Whoever approved a step need not be allowed to publish pages otherwise. When every step was skipped, the one who
    submitted must be.

    Raises:
        wagtail.actions.publish_page_revision.PublishPagePermissionError: nobody approved, and ``user`` may not publish.
    """
    approved = workflow_state.task_states.filter(status="approved", finished_by=user).exists()
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=approved)
