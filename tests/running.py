"""The real thing: the demo, its server and its worker, in a folder of the test's own."""

import email
import email.policy
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, expect

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30_000
"""Milliseconds that a browser waits before something has gone wrong: a slow machine is no fault of the page."""
expect.set_options(timeout=PATIENCE)
LEFT_OUT = {"GELIJKOP_TESTING", "SECRET_KEY", "DATABASE_URL", "CACHE_URL", "TEST_DATABASE_URL"}
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    chromium = next(path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name)))
    return {"executable_path": chromium, "args": CHROMIUM_FLAGS}


@dataclass
class RunningSite:
    url: str
    var: Path
    env: dict[str, str]

    def mails(self, to: str, subject: str = "", timeout: float = 60) -> list[EmailMessage]:
        """Raw messages to this address in order of sending; waits until there is at least one with ``subject`` in it."""
        end = time.monotonic() + timeout
        while True:
            found = [
                message
                for path in sorted((self.var / "mail").glob("*.eml"))
                if (message := email.message_from_bytes(path.read_bytes(), policy=email.policy.default))["To"]
                and to in message["To"]
                and subject in message["Subject"]
            ]
            if found or time.monotonic() > end:
                return found
            time.sleep(0.2)

    def json(self, path: str) -> dict:
        with urllib.request.urlopen(self.url + path) as answer:
            return json.load(answer)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )

    def sql(self, query: str, *parameters: object) -> list[tuple]:
        with sqlite3.connect(self.var / "gelijkop.sqlite3") as connection:
            return connection.execute(query, parameters).fetchall()

    def move_clock(self, seconds: float) -> None:
        """Lets time pass for server and worker."""
        clock = Path(self.env["CLOCK_FILE"])
        clock.write_text(str(float(clock.read_text()) + seconds))

    def settle(self, timeout: float = 60) -> None:
        """Waits until the demo is loaded and its outbox is empty."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(self.url + "/readyz") as answer:
                    if answer.status == 200:
                        return
            except OSError:
                pass
            time.sleep(0.2)
        raise TimeoutError("the site did not become ready")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def groundwork(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database and the collected files, made once for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "groundwork"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            made = folder.with_suffix(".made")
            env = {key: value for key, value in os.environ.items() if key not in LEFT_OUT}
            env |= {"DEMO": "1", "VAR_DIR": str(made)}
            steps = [
                subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, env=env)
                for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"])
            ]
            assert [step.wait() for step in steps] == [0, 0]
            made.rename(folder)
    return folder


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory, groundwork: Path) -> Iterator[RunningSite]:
    var = tmp_path_factory.mktemp("site")
    shutil.copytree(groundwork, var, dirs_exist_ok=True)
    port = _free_port()
    clock = var / "clock"
    clock.write_text("0")
    url = f"http://127.0.0.1:{port}"
    own = {"DEMO": "1", "VAR_DIR": str(var), "PORT": str(port), "SITE_URL": url, "CLOCK_FILE": str(clock)}
    env = {key: value for key, value in os.environ.items() if key not in LEFT_OUT} | own
    site = RunningSite(url, var, env)
    done = site.manage("load_demo")
    assert done.returncode == 0, done.stderr
    log = (var / "server.log").open("w")
    processes = [
        subprocess.Popen([sys.executable, "-m", "tests.road.clock"], cwd=ROOT, env=env, stdout=log, stderr=log),
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "tests.road.clock:application",
                "--bind",
                f"127.0.0.1:{port}",
                "--threads",
                "4",
            ],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
        ),
    ]
    try:
        site.settle(120)
        yield site
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)
        log.close()


class Visitor:
    """One person with a browser of their own."""

    def __init__(self, site: RunningSite, context: BrowserContext) -> None:
        self.site = site
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)

    def go(self, path: str) -> Page:
        self.page.goto(self.site.url + path)
        return self.page

    def demo_sign_in(self, address: str) -> Page:
        """By the button that the sign-in page of the demo offers."""
        page = self.go("/inloggen/")
        page.locator(f"button[name=email][value='{address}']").click()
        page.wait_for_url(lambda url: "/inloggen/" not in url)
        return page


@pytest.fixture
def visitor(running_site: RunningSite, browser: Browser) -> Iterator[object]:
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Visitor:
        context = browser.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam", **options)
        contexts.append(context)
        return Visitor(running_site, context)

    yield make
    for context in contexts:
        context.close()
