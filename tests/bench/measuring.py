"""Measuring: medians, with cold caches, value and floor in turn so that a busy machine weighs on both alike."""

import json
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

import django

django.setup()

from django.core.cache import cache  # noqa: E402 - needs the set-up above


def milliseconds(work: Callable[[], object], before: Callable[[], object] | None = None) -> float:
    """How long ``work`` takes once, after ``before`` and with an empty cache."""
    if before:
        before()
    cache.clear()
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def beside(name: str, value: Callable[[], object], floor: Callable[[], object], n: int) -> None:
    """Prints one row: ``value`` beside ``floor``, medians of ``n`` turns after one turn that does not count."""
    value(), floor()
    pairs = [(milliseconds(value), milliseconds(floor)) for _ in range(n)]
    values, floors = zip(*pairs, strict=True)
    row(name, statistics.median(values), statistics.median(floors), n)


def row(name: str, value: float, floor: float, n: int) -> None:
    print(json.dumps({"name": name, "unit": "ms", "value": value, "floor": floor, "n": n}))
