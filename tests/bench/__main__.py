"""``make bench``: what the platform costs, each as a ratio to a floor measured in the same run, with cold caches.

Writes var/bench.json: ``[{"name", "unit", "value", "floor", "ratio", "n"}]``; value and floor are medians.
Every benchmark runs in a process of its own, on a database of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(arguments: list[str], var: Path, **extra: str) -> str:
    env = os.environ | {
        "GELIJKOP_TESTING": "1",
        "SECRET_KEY": "only-for-benchmarks",
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'bench.sqlite3'}",
        "CACHE_URL": "locmemcache://",
        "ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        **extra,
    }
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def measure(name: str, var: Path) -> list[dict]:
    return [json.loads(line) for line in run(["-m", f"tests.bench.{name}"], var).splitlines() if line.startswith("{")]


def main() -> None:
    small_size, large_size = int(os.environ.get("BENCH_SMALL", "1000")), int(os.environ.get("BENCH_LARGE", "100000"))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        for var, size in ((small, small_size), (large, large_size)):
            var.mkdir()
            print(f"A population of {size:,} people…", file=sys.stderr, flush=True)
            run(["manage.py", "migrate", "-v0"], var)
            run(["manage.py", "load_site"], var)
            run(
                [
                    "manage.py",
                    "populate",
                    "--people",
                    str(size),
                    "--organisations",
                    str(max(40, size // 100)),
                    "--seed",
                    "1",
                ],
                var,
            )
        for name, var in (
            ("lesson", small),
            ("certificate", small),
            ("registration", small),
            ("invitations", large),
            ("matcher", small),
        ):
            print(f"{name}…", file=sys.stderr, flush=True)
            rows += measure(name, var)
        # Each population is measured three times in turn, so that a busy machine weighs on both alike.
        takes = [(*measure("party_page", small), *measure("party_page", large)) for _ in range(3)]
        floor, value = (sorted(take[side]["value"] for take in takes)[1] for side in (0, 1))
        rows.append(
            {
                "name": f"party page, first request after an award, at {large_size:,} people beside {small_size:,}",
                "unit": "ms",
                "value": value,
                "floor": floor,
                "n": takes[0][0]["n"] * 3,
            }
        )
    for row in rows:
        row["ratio"] = round(row["value"] / row["floor"], 2)
        row["value"], row["floor"] = round(row["value"], 3), round(row["floor"], 3)
    target = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(rows, indent=2) + "\n")
    for row in rows:
        print(f"{row['name']:<75} {row['value']:>10.2f} {row['unit']} / {row['floor']:.2f} = {row['ratio']:.2f}")


if __name__ == "__main__":
    main()
