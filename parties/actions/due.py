"""What has to happen at a moment rather than on a request."""

import logging

from django.utils import timezone

from parties.signals import due

logger = logging.getLogger(__name__)


def due_run() -> list[str]:
    """Asks every app to do what is due. One that fails does not keep the others from theirs.

    Returns:
        the names of receivers that failed; their errors are in the log.
    """
    failed = []
    for receiver, answer in due.send_robust(sender=None, now=timezone.now()):
        if isinstance(answer, Exception):
            name = f"{receiver.__module__}.{receiver.__qualname__}"
            logger.error("%s failed", name, exc_info=answer)
            failed.append(name)
    return failed
