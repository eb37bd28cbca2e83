"""Stampedes for the seats of one training, by threads that each have their own connection, while another one watches.

Run as a script it builds a SQLite file of its own (DATABASE_URL) and prints what came of it: the test runner's database in
memory has one connection, so it cannot show what locks are for.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any

SEATS = 12
PEOPLE = 200
SIDES = ("school", "workplace")


def storm(threads: int) -> dict[str, object]:
    """200 people of two sides register at once for 2 x 12 seats.

    Returns:
        what stands in the database afterwards, and the most people with a seat that were ever seen.
    """
    from sessions.actions.registrations import registration_create
    from tests.sessions.factories import published, supervisor

    training = published(seats_school=SEATS, seats_workplace=SEATS)
    memberships = [supervisor(SIDES[number % 2]) for number in range(PEOPLE)]

    def register(membership: Any) -> None:
        registration_create(training=training, membership=membership, by=membership.person)

    with watched(training) as watch:
        wrong = at_once([(register, (membership,)) for membership in memberships], threads)
    return outcome(training, wrong, watch) | {
        "waiting": {side: training.registrations.filter(state="waitlisted", side=side).count() for side in SIDES},
        "messages a person": messages(training, {"confirmed": ["invitation-new"], "waitlisted": ["waiting-list"]}),
    }


def mixed(threads: int, seed: int = 1) -> dict[str, object]:
    """The same while seats are offered: people cancel, groups come, offers are taken, refused and lapse, all at once."""
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from sessions.actions.offers import offer_accept, offer_decline, offers_lapse_due
    from sessions.actions.registrations import registration_cancel, registrations_create, training_fill
    from sessions.models import Registration
    from tests.factories import OrganisationFactory
    from tests.sessions.factories import published, supervisor

    chance = random.Random(seed)
    training = published(seats_school=SEATS, seats_workplace=SEATS, offer_hours=1)
    units = []
    for number in range(100):
        together = 3 if number % 10 == 0 else 1
        organisation = OrganisationFactory()
        units.append([supervisor(SIDES[number % 2], organisation=organisation) for _ in range(together)])

    def register(unit: list[Any]) -> None:
        registrations_create(training=training, memberships=unit, by=training.created_by, together=True)

    def refused_in_words(action: Callable[..., object], **arguments: object) -> None:
        with suppress(ValidationError):  # somebody else was first: an answer in words, and nothing changed
            action(**arguments)

    def cancel(_turn: int) -> None:
        row = Registration.objects.active().order_by("?").first()
        if row:
            refused_in_words(registration_cancel, registration=row, by=row.person)

    def answer(turn: int) -> None:
        row = Registration.objects.offered().order_by("?").first()
        if row:
            refused_in_words(offer_accept if turn % 3 else offer_decline, registration=row)

    def lapse(_turn: int) -> None:
        late = Registration.objects.offered().order_by("?").values_list("pk", flat=True)[:2]
        Registration.objects.filter(pk__in=list(late), state="offered").update(offer_until=timezone.now())
        offers_lapse_due(now=timezone.now())

    work: list[tuple[Callable[..., None], tuple]] = [(register, (unit,)) for unit in units]
    work += [(action, (turn,)) for turn in range(15) for action in (cancel, cancel, answer, lapse)]
    chance.shuffle(work)
    with watched(training) as watch:
        wrong = at_once(work, threads)
    offers_lapse_due(now=timezone.now())
    forgotten = training_fill(training=training)
    groups = Counter(training.registrations.exclude(group=None).values_list("group", "state"))
    split = [group for group in {key for key, _ in groups} if {"waitlisted"} < {s for g, s in groups if g == group}]
    return outcome(training, wrong, watch) | {
        "forgotten": len(forgotten),
        "asked twice": sum(
            number > 1 for number in Counter(mails("seat-offered").values_list("person", flat=True)).values()
        ),
        "lapsed without a mail": training.registrations.filter(state="lapsed").count() - mails("offer-lapsed").count(),
        "groups that were split": sum(
            any(state in ("confirmed", "offered", "declined", "lapsed") for g, state in groups if g == group)
            for group in split
        ),
    }


def mails(kind: str) -> Any:
    from parties.models import OutboxMessage

    return OutboxMessage.objects.filter(kind=kind)


def messages(training: Any, expected: dict[str, list[str]]) -> str:
    """Whether everybody got exactly the mails that their state asks for."""
    from parties.models import OutboxMessage

    got: dict[int, list[str]] = {}
    for person, kind in OutboxMessage.objects.order_by("pk").values_list("person", "kind"):
        got.setdefault(person, []).append(kind)
    wanted = {person: expected[state] for person, state in training.registrations.values_list("person", "state")}
    return "exactly one" if got == wanted else f"wrong: {got}"


def outcome(training: Any, wrong: list[str], watch: dict[str, int]) -> dict[str, object]:
    from sessions.models import Invitation

    rows = training.registrations
    taken = rows.filter(state__in=["confirmed", "offered"])
    return {
        "wrong": wrong,
        "looked at least 20 times": watch["looks"] >= 20,
        "most seats ever taken": watch["most"],
        "most seats of a side ever taken": watch["most of a side"],
        "taken": {side: taken.filter(side=side).count() for side in SIDES},
        "seats": sorted(taken.values_list("seat", flat=True)) == list(range(1, 2 * SEATS + 1)),
        "invited": sorted(Invitation.objects.active().values_list("person", flat=True))
        == sorted(rows.confirmed().values_list("person", flat=True)),
        "first come first served": all(
            max(taken.filter(side=side, group=None).values_list("queued_at", "pk"))
            < min(rows.filter(state="waitlisted", side=side, group=None).values_list("queued_at", "pk"))
            for side in SIDES
        ),
    }


@contextmanager
def watched(training: Any) -> Iterator[dict[str, int]]:
    """Counts who has a seat, again and again from a connection of its own, for as long as the block runs."""
    from django.db import connection

    seen = {"looks": 0, "most": 0, "most of a side": 0}
    over = threading.Event()

    def look() -> None:
        try:
            while not over.is_set():
                counted = training.registrations.tally()
                taken = {side: counted[side, True] for side in SIDES}
                seen["looks"] += 1
                seen["most"] = max(seen["most"], sum(taken.values()))
                seen["most of a side"] = max(seen["most of a side"], *taken.values())
                over.wait(0.01)
        finally:
            connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def at_once(work: list[tuple[Callable[..., None], tuple]], threads: int) -> list[str]:
    """Does the work on so many connections; what went wrong in one of them."""
    from django.db import connection

    queue: SimpleQueue = SimpleQueue()
    for one in work:
        queue.put(one)
    wrong: list[str] = []
    together = threading.Barrier(threads)

    def run() -> None:
        try:
            together.wait()
            while True:
                action, arguments = queue.get_nowait()
                action(*arguments)
        except Empty:
            pass
        except Exception as error:
            wrong.append(repr(error))
        finally:
            connection.close()

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return wrong


FULL = {
    "wrong": [],
    "looked at least 20 times": True,
    "most seats ever taken": 2 * SEATS,
    "most seats of a side ever taken": SEATS,
    "taken": dict.fromkeys(SIDES, SEATS),
    "seats": True,
    "invited": True,
    "first come first served": True,
}
OUTCOMES = {
    "storm": FULL | {"waiting": dict.fromkeys(SIDES, PEOPLE // 2 - SEATS), "messages a person": "exactly one"},
    "mixed": FULL | {"forgotten": 0, "asked twice": 0, "lapsed without a mail": 0, "groups that were split": 0},
}


if __name__ == "__main__":
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings"
    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    print(json.dumps({"storm": storm, "mixed": mixed}[sys.argv[1]](threads=4)))  # noqa: T201
