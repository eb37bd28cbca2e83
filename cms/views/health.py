from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from commitments.models import Commitment
from parties.models import OutboxMessage


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers; in the demo also: its content and people are there, and every mail is sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    checks = {"database": True}
    if settings.DEMO:
        checks["demo_loaded"] = Commitment.objects.filter(is_example=True).exists()
        checks["outbox_empty"] = not OutboxMessage.objects.filter(state=OutboxMessage.State.QUEUED).exists()
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)
