"""A clock that the test moves, for the real server and the real worker.

The offset in seconds stands in the file that CLOCK_FILE names. Time goes on by itself from there.
"""

import datetime as dt
import os
import sys
import threading
import time
from pathlib import Path

import time_machine

FILE = Path(os.environ["CLOCK_FILE"])
_lock = threading.Lock()
_traveller: time_machine.travel | None = None
_offset: float | None = None


def follow() -> None:
    """Moves this process to where the file says, when that changed."""
    global _offset, _traveller
    wanted = float(FILE.read_text() or 0)
    if wanted == _offset:
        return
    with _lock:
        if wanted == _offset:
            return
        if _traveller is not None:
            _traveller.stop()
        now = dt.datetime.fromtimestamp(time.time(), dt.UTC)
        _traveller = time_machine.travel(now + dt.timedelta(seconds=wanted), tick=True)
        _traveller.start()
        _offset = wanted


def application(environ: dict, start_response: object) -> object:
    """The site's own WSGI application, on this clock."""
    follow()
    from cms.wsgi import application as site

    return site(environ, start_response)


def worker() -> None:
    """``manage.py run_worker`` on this clock."""
    follow()

    def keep_following() -> None:
        while True:
            threading.Event().wait(0.1)
            follow()

    threading.Thread(target=keep_following, daemon=True).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "run_worker"])


if __name__ == "__main__":
    sys.exit(worker())
