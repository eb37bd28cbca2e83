"""Never over capacity, also under a stampede: on PostgreSQL by row locks, on a SQLite file by its write lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.sessions.storm import OUTCOME, storm

ROOT = Path(__file__).parents[2]


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_a_stampede_leaves_a_full_table_and_a_fair_queue(tmp_path):
    if connection.vendor != "sqlite":
        assert storm() == OUTCOME
        return
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'storm.sqlite3'}",
        "VAR_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.sessions.storm"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == OUTCOME
