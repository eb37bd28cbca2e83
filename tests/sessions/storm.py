"""A stampede for the seats of one training, by threads that each have their own connection.

Run as a script it builds a SQLite file of its own (DATABASE_URL) and prints what came of it: the test runner's database in
memory has one connection, so it cannot show what locks are for.
"""

from __future__ import annotations

import json
import threading
from queue import Empty, SimpleQueue

SEATS = 4


def storm(people: int = 18, threads: int = 6) -> dict[str, object]:
    """Everybody registers at once; every third one gives up again at once.

    Returns:
        what stands in the database afterwards: seats and people for each side, and what went wrong in a thread.
    """
    from django.db import connection

    from sessions.actions.registrations import registration_cancel, registration_create
    from sessions.models import Invitation
    from tests.sessions.factories import published, supervisor

    training = published(seats_school=SEATS, seats_workplace=SEATS)
    work: SimpleQueue = SimpleQueue()
    for number in range(people):
        work.put((number, supervisor("school" if number % 2 else "workplace")))
    wrong: list[str] = []
    together = threading.Barrier(threads)

    def run() -> None:
        try:
            together.wait()
            while True:
                number, membership = work.get_nowait()
                registration = registration_create(training=training, membership=membership, by=membership.person)
                if number % 3 == 0:
                    registration_cancel(registration=registration, by=membership.person)
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

    registrations = training.registrations
    sides = ("school", "workplace")
    return {
        "wrong": wrong,
        "confirmed": {side: registrations.confirmed().filter(side=side).count() for side in sides},
        "waiting": {side: registrations.filter(state="waitlisted", side=side).count() for side in sides},
        "seats": sorted(registrations.confirmed().values_list("seat", flat=True)),
        "invited": sorted(Invitation.objects.active().values_list("person", flat=True))
        == sorted(registrations.confirmed().values_list("person", flat=True)),
        "first come first served": all(
            max(registrations.confirmed().filter(side=side).values_list("queued_at", "pk"))
            < min(registrations.filter(state="waitlisted", side=side).values_list("queued_at", "pk"))
            for side in sides
        ),
    }


#: 18 people, 9 a side, of whom 3 a side give up again.
OUTCOME = {
    "wrong": [],
    "confirmed": {"school": SEATS, "workplace": SEATS},
    "waiting": {"school": 2, "workplace": 2},
    "seats": list(range(1, 2 * SEATS + 1)),
    "invited": True,
    "first come first served": True,
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
    print(json.dumps(storm()))  # noqa: T201
