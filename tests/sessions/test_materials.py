"""Materials: for who has a seat and the trainers; for everybody else they are not there."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.html import strip_tags
from filer import settings as filer_settings
from filer.models import File

from sessions.actions.materials import material_add
from sessions.actions.registrations import registration_cancel
from tests.factories import PersonFactory, RoleFactory
from tests.sessions.factories import at, published, registered, supervisor, trainer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def private(monkeypatch, tmp_path) -> Path:
    """Filer fixes its folders when it is imported."""
    storage = FileSystemStorage(location=tmp_path / "private", base_url="/smedia/")
    field = File._meta.get_field("file")
    monkeypatch.setitem(field.storages, "private", storage)
    return tmp_path / "private"


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def upload(name="rollenspel.pdf", content=b"%PDF-1.7 inhoud") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def shared():
    """A training with a file, and a person in each position towards it."""
    training = published(seats_school=1)
    seated, waiting, gone = registered(training), registered(training), registered(training, "workplace")
    registration_cancel(registration=gone, by=gone.person)
    by = training.trainers.get()
    return {
        "training": training,
        "file": material_add(owner=training, upload=upload(), title="Rollenspel", by=by),
        "trainer": by,
        "seated": seated.person,
        "waiting": waiting.person,
        "gone": gone.person,
        "seated elsewhere": registered(published()).person,
        "other trainer": trainer(),
        "hr": RoleFactory(kind="hr", organisation=seated.organisation).person,
        "administrator": RoleFactory(kind="administrator").person,
        "anybody": PersonFactory(),
    }


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("trainer", 200), ("seated", 200), ("waiting", 404), ("gone", 404), ("seated elsewhere", 404), ("other trainer", 404),
        ("hr", 404), ("administrator", 404), ("anybody", 404),
    ],
)  # fmt: skip
def test_who_gets_the_file(client, shared, who, status):
    page, url = (
        f"/trainingen/{shared['training'].pk}/",
        f"/trainingen/{shared['training'].pk}/materiaal/{shared['file'].pk}/",
    )
    client.force_login(shared[who])
    response = client.get(url)
    assert response.status_code == status
    assert ("Rollenspel" in text(client.get(page))) == (status == 200)
    if status == 200:
        assert b"".join(response.streaming_content) == b"%PDF-1.7 inhoud"
        assert response["Content-Disposition"] == 'attachment; filename="rollenspel.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"


def test_who_is_not_signed_in_signs_in_first(client, shared):
    url = f"/trainingen/{shared['training'].pk}/materiaal/{shared['file'].pk}/"
    assert client.get(url).url == f"/inloggen/?next={url}"
    assert "Rollenspel" not in text(client.get(f"/trainingen/{shared['training'].pk}/"))


def test_the_right_ends_with_the_seat(client, shared):
    url = f"/trainingen/{shared['training'].pk}/materiaal/{shared['file'].pk}/"
    client.force_login(shared["seated"])
    response = client.get(url)
    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"%PDF-1.7 inhoud")
    registration_cancel(registration=shared["training"].registrations.confirmed().get(), by=shared["seated"])
    assert client.get(url).status_code == 404


def test_a_file_is_reached_through_its_own_training_only(client, shared):
    other = published(by=shared["trainer"])
    client.force_login(shared["trainer"])
    assert client.get(f"/trainingen/{other.pk}/materiaal/{shared['file'].pk}/").status_code == 404


@pytest.mark.parametrize("who", ["trainer", "administrator", "seated", None])
def test_no_other_address_gives_the_file(client, shared, private, who):
    """The file is on the disk, and neither filer's addresses nor its folders are served."""
    file = shared["file"]
    assert (private / file.file.name).read_bytes() == b"%PDF-1.7 inhoud"
    assert (file.is_public, filer_settings.FILER_IS_PUBLIC_DEFAULT) == (False, False)
    if who:
        client.force_login(shared[who])
    for url in (
        file.url,
        f"/smedia/{file.file.name}",
        f"/media/{file.file.name}",
        f"/media/filer/{file.file.name}",
        file.canonical_url,
    ):
        if url:
            assert client.get(url).status_code == 404


def test_the_trainer_adds_and_takes_away(client, private):
    training = published()
    client.force_login(training.trainers.get())
    url = f"/en/trainingen/{training.pk}/materiaal/"
    assert "Choose a file." in text(client.post(url, {"title": "Iets"}))
    page = client.post(url, {"file": upload("virus.html", b"<script>alert(1)</script>")})
    assert "This kind of file cannot be added." in text(page)
    assert File.objects.count() == 0
    client.post(url, {"file": upload("../../Ünïcode <b>.PDF")})
    file = File.objects.get()
    assert (file.original_filename, file.folder, file.is_public) == (
        "Ünïcode _b_.PDF",
        training.__class__.objects.get().folder,
        False,
    )
    assert "Ünïcode _b_.PDF" in text(client.get(url))
    path = private / file.file.name
    assert path.exists()
    assert "Take Ünïcode _b_.PDF away?" in text(client.get(f"{url}{file.pk}/weghalen/"))
    client.post(f"{url}{file.pk}/weghalen/")
    assert (File.objects.count(), path.exists()) == (0, False)


def test_too_large_is_a_sentence(client, monkeypatch):
    monkeypatch.setattr("sessions.actions.materials.MOST_BYTES", 10)
    training = published()
    client.force_login(training.trainers.get())
    page = client.post(f"/en/trainingen/{training.pk}/materiaal/", {"file": upload()})
    assert "This file is larger than 25 MB." in text(page)


@pytest.mark.parametrize("files", [1, 3])
def test_the_page_with_materials_costs_the_same(client, django_assert_num_queries, files):
    training = published()
    by = training.trainers.get()
    for number in range(files):
        material_add(owner=training, upload=upload(f"{number}.pdf"), by=by)
    client.force_login(by)
    with django_assert_num_queries(7):
        client.get(f"/trainingen/{training.pk}/materiaal/")


def test_a_person_who_only_supervises_cannot_upload(client):
    training = published()
    client.force_login(supervisor().person)
    assert client.post(f"/trainingen/{training.pk}/materiaal/", {"file": upload()}).status_code == 404
    assert File.objects.count() == 0
