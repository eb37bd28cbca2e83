"""The embedded queue's worker, with what the queue itself lacks: a timer, a lease on what runs, and a second chance."""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
from collections.abc import Callable
from types import FrameType
from uuid import UUID

from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from parties.actions.delivery import outbox_deliver
from parties.actions.due import due_run

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
LEASE = dt.timedelta(seconds=20)
LEASE_EVERY_SECONDS = 4
MAIL_EVERY_SECONDS = 2
DUE_EVERY_SECONDS = 60
MOST_ATTEMPTS = 5
FIRST_RETRY = dt.timedelta(seconds=10)
RETRY_WITHIN = dt.timedelta(days=1)


class QueueWorker(Worker):
    """Takes one task after another; ``running_id`` is the key of the task that runs."""

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=POLL_SECONDS,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        self.running_id: UUID | None = None

    def run_task(self, db_task_result: DBTaskResult) -> None:
        self.running_id = db_task_result.pk
        try:
            super().run_task(db_task_result)
        finally:
            self.running_id = None

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """The first signal lets the task end; a second one stops at once, and the task is taken up by the next worker."""
        if not self.running:
            os._exit(1)
        self.running = False


class Every(threading.Thread):
    """Does ``job`` again and again, with ``seconds`` in between, until it is stopped; an error is logged and outlived."""

    def __init__(self, seconds: float, job: Callable[[], object]) -> None:
        super().__init__(name=job.__name__, daemon=True)
        self.seconds = seconds
        self.job = job
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            close_old_connections()
            try:
                self.job()
            except Exception:
                logger.exception("%s failed; it is tried again", self.name)
            self.stopping.wait(self.seconds)
        connection.close()


def tasks_recover(*, running_id: UUID | None) -> int:
    """Renews the lease on the task that runs here, and answers how many tasks of others were put back in the queue.

    A task of which nobody renewed the lease belonged to a worker that was killed. A task that failed gets four more
    chances, 10, 20, 40 and 80 seconds apart. Tasks are idempotent, so that one too many does no harm.
    """
    now = timezone.now()
    tasks = DBTaskResult.objects
    if running_id:
        tasks.running().filter(pk=running_id).update(started_at=now)
    recovered = 0
    for task in tasks.running().filter(started_at__lt=now - LEASE):
        if len(task.worker_ids) >= MOST_ATTEMPTS:
            task.set_failed(RuntimeError("Each worker that took this task was killed."))
        else:
            unchanged = tasks.running().filter(pk=task.pk, started_at=task.started_at)
            recovered += unchanged.update(status=TaskResultStatus.READY)
    for task in tasks.failed().filter(finished_at__gte=now - RETRY_WITHIN):
        attempts = len(task.worker_ids)
        if attempts < MOST_ATTEMPTS and task.finished_at + FIRST_RETRY * 2 ** (attempts - 1) <= now:
            unchanged = tasks.failed().filter(pk=task.pk, finished_at=task.finished_at)
            recovered += unchanged.update(status=TaskResultStatus.READY)
    return recovered


def work(worker: QueueWorker) -> None:
    """Until the worker is told to stop: tasks in this thread, and beside it the lease, mail that is due, and the clock.

    Any number of workers can run at once.
    """

    def recover() -> None:
        tasks_recover(running_id=worker.running_id)

    timers = [
        Every(LEASE_EVERY_SECONDS, recover),
        Every(MAIL_EVERY_SECONDS, outbox_deliver),
        Every(DUE_EVERY_SECONDS, due_run),
    ]
    for timer in timers:
        timer.start()
    try:
        worker.run()
    finally:
        for timer in timers:
            timer.stopping.set()
        for timer in timers:
            timer.join(timeout=30)
