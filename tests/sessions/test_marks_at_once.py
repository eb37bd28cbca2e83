"""One mark wins and the others hear of it: on PostgreSQL by the training's row lock, on SQLite by its write lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.sessions.marks_at_once import OUTCOME, marks_at_once

ROOT = Path(__file__).parents[2]


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_of_three_marks_at_once_one_is_written(tmp_path):
    if connection.vendor != "sqlite":
        assert marks_at_once() == OUTCOME
        return
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'marks.sqlite3'}",
        "VAR_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.sessions.marks_at_once"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == OUTCOME
