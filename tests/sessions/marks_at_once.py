"""Two trainers and the person themselves mark one person at the same moment, by threads that each have their own connection.

Run as a script it builds a SQLite file of its own (DATABASE_URL) and prints what came of it, as ``tests.sessions.storm``.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import Counter
from collections.abc import Callable

ROUNDS = 8


def marks_at_once() -> dict[str, object]:
    """Each round is another person, whom nobody marked yet.

    Returns:
        how many of each three were written, were refused with both values or in words, and what the history holds.
    """
    from django.core.exceptions import ValidationError
    from django.db import connection
    from django.utils import timezone

    from sessions import check_in
    from sessions.actions.attendance import AttendanceConflict, attendance_mark
    from sessions.actions.check_in import attendance_check_in
    from sessions.models import Attendance, AttendanceChange, Meeting
    from tests.sessions.factories import meeting, published, registered, trainer

    first, second = trainer(), trainer()
    now = timezone.now()
    soon = meeting(starts_at=now + dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=4))
    training = published(by=first, trainers=(first, second), seats_school=ROUNDS, meetings=(soon,))
    people = [registered(training).person for _ in range(ROUNDS)]
    Meeting.objects.filter(training=training).update(starts_at=now)
    one = training.meetings.get()
    came: Counter[str] = Counter()

    def run(action: Callable[..., object], together: threading.Barrier, **values: object) -> None:
        try:
            together.wait()
            action(meeting=one, **values)
        except AttendanceConflict:
            came["conflict"] += 1
        except ValidationError:
            came["refused"] += 1
        except Exception as error:
            came[repr(error)] += 1
        else:
            came["done"] += 1
        finally:
            connection.close()

    for person in people:
        together = threading.Barrier(3)
        code = check_in.code_at(one.check_in_secret, timezone.now())
        calls: list[tuple[Callable[..., object], dict]] = [
            (attendance_mark, {"person": person, "state": "absent", "by": first, "based_on": ""}),
            (attendance_mark, {"person": person, "state": "excused", "by": second, "based_on": ""}),
            (attendance_check_in, {"person": person, "code": code}),
        ]
        running = [threading.Thread(target=run, args=(call, together), kwargs=values) for call, values in calls]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    return {
        "written": came.pop("done", 0),
        "not written": came.pop("conflict", 0) + came.pop("refused", 0),
        "else": dict(came),
        "rows": Attendance.objects.count(),
        "history": AttendanceChange.objects.filter(state_before="").count(),
        "all history": AttendanceChange.objects.count(),
    }


#: Of each three marks one is written, and the others hear of it.
OUTCOME = {
    "written": ROUNDS,
    "not written": 2 * ROUNDS,
    "else": {},
    "rows": ROUNDS,
    "history": ROUNDS,
    "all history": ROUNDS,
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
    print(json.dumps(marks_at_once()))  # noqa: T201
