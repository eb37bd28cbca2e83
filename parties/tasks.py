from django_tasks import task

from parties.actions.delivery import outbox_deliver


@task()
def deliver_outbox() -> None:
    """Sends what is due. Safe to run twice and on several workers at once."""
    outbox_deliver()
