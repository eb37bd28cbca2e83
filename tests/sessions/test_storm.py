"""Never over capacity, also under a stampede: on PostgreSQL by row locks, on a SQLite file by its write lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.sessions.storm import OUTCOMES, mixed, storm

ROOT = Path(__file__).parents[2]
STORMS = {"storm": storm, "mixed": mixed}


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["storm", "mixed"])
def test_a_stampede_leaves_a_full_table_and_a_fair_queue(tmp_path, name):
    if connection.vendor != "sqlite":
        assert STORMS[name](threads=20) == OUTCOMES[name]
        return
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'storm.sqlite3'}",
        "VAR_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.sessions.storm", name],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == OUTCOMES[name]
