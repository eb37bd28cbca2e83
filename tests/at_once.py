"""What comes of those who do something at the same moment. On PostgreSQL: SQLite has one writer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

LONG = 30
"""Seconds after which something hangs."""
DONE = "done"
needs_several_writers = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def at_once(*works: Callable[[], object]) -> list[str]:
    """Runs each in a thread of its own, all from one moment; what came of each, in order: "done", or the code of its refusal
    (the field that it is about, where it has no code). What goes wrong otherwise is raised.
    """
    ready = threading.Barrier(len(works), timeout=LONG)

    def run(work: Callable[[], object]) -> str:
        try:
            ready.wait()
            work()
        except ValidationError as refused:
            return _code_of(refused)
        finally:
            connection.close()
        return DONE

    with ThreadPoolExecutor(len(works)) as threads:
        return [one.result(LONG) for one in [threads.submit(run, work) for work in works]]


def _code_of(refused: ValidationError) -> str:
    if not hasattr(refused, "error_dict"):
        return refused.code
    field, (error, *_) = next(iter(refused.error_dict.items()))
    return error.code or field
