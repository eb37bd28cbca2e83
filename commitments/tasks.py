"""Work in the background. Tasks take keys, and can run twice."""

from django_tasks import task

from certificates.models import Programme
from commitments.actions.ledger import ledger_refresh_programme


@task()
def programme_recount(programme_id: int) -> None:
    programme = Programme.objects.filter(pk=programme_id).first()
    if programme is not None:
        ledger_refresh_programme(programme=programme)
