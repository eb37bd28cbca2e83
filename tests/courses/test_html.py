"""The HTML of a lesson with every block, of every lesson that ships and of every page that informs is valid to the Nu Html Checker."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from cms.actions.site import site_ensure
from courses.actions.lesson_view import lesson_view_choose
from courses.exercises import exercises_of
from courses.models import CoursePage, LessonPage, ModuleIndexPage
from parties.models import Person
from tests.courses.conftest import module
from tests.courses.samples import every_block_lesson
from tests.factories import PersonFactory

pytestmark = [
    pytest.mark.java,
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore:Unclosed file <tempfile.Spooled:ResourceWarning"
    ),  # Wagtail leaves it when it makes a rendition
]

CHECKER = Path(__file__).parents[1] / "node" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def faults(folder: Path) -> list[str]:
    """What the checker finds in the .html files of this folder; it starts once for all of them."""
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return [
        f"{message['url'].rpartition('/')[2]}:{message.get('lastLine')}: {message['message']} – {message.get('extract', '')}"
        for message in json.loads(done.stdout)["messages"]
        if message["type"] == "error" or message.get("subType") == "warning"
    ]


def test_the_checker_sees_what_is_wrong(tmp_path: Path) -> None:
    wrong = "<!DOCTYPE html><html lang=nl><title>x</title><p><div id=a></div></p><div id=a></div>"
    (tmp_path / "wrong.html").write_text(wrong)
    assert [fault.partition(" – ")[0] for fault in faults(tmp_path)] == [
        "wrong.html:1: No “p” element in scope but a “p” end tag seen.",
        "wrong.html:1: Duplicate ID “a”.",
        "wrong.html:1: The first occurrence of ID “a” was here.",
    ]


@pytest.fixture
def site(db: None) -> CoursePage:
    """All that ships, and a module with one more lesson: every block."""
    site_ensure()
    return module(ModuleIndexPage.objects.get(locale__language_code="nl"), "Proef", position=99)


def pages(client: Client, person: Person, everything: LessonPage) -> Iterator[tuple[str, str]]:
    """Name and HTML of each page, as a visitor and as a learner see it, and of what comes back for an answer."""
    shown = [
        *LessonPage.objects.live(),
        *CoursePage.objects.live(),
        *ModuleIndexPage.objects.live(),
    ]
    addresses = {f"{page.locale.language_code}-{page.slug}": page.get_url() for page in shown}
    information = ["/", "/hulp/", "/privacy/", "/toegankelijkheid/", "/over-het-manifest/", "/waar-kun-je-terecht/"]
    information += [
        "/zoeken/",
        "/modules/kleine-bedrijven/",
        "/modules/herkennen/afdrukken/",
        "/modules/proef/afdrukken/",
    ]
    addresses |= {address.strip("/").replace("/", "-") or "home": address for address in information}
    for name, address in addresses.items():
        yield f"visitor-{name}", html(client, address)
    client.force_login(person)
    for view in ("", "school"):
        lesson_view_choose(person=person, view=view)
        yield f"learner-{view or 'both'}", html(client, everything.address)
    for name, address in addresses.items():
        yield f"learner-{name}", html(client, address)
    onward = client.post(reverse("courses:onward", args=["proef", everything.slug]))
    assert onward.status_code == 422
    yield "learner-not-done-yet", onward.content.decode()


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_what_people_get_is_valid(client: Client, site: CoursePage, tmp_path: Path) -> None:
    everything = every_block_lesson(site)
    assert len(exercises_of(everything.body)) >= 2
    for name, content in pages(client, PersonFactory(), everything):
        (tmp_path / f"{name}.html").write_text(content, encoding="utf-8")
    assert len(list(tmp_path.iterdir())) > 2 * 20
    assert faults(tmp_path) == []
