"""Films, captions and files as browsers get them: whole, in parts, and only what is meant to be public."""

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import Collection, CollectionViewRestriction

from courses.ranges import Unsatisfiable, asked_part

CONTENT = bytes(range(256)) * 1024  # more than one block of what is read at once
LAST = len(CONTENT) - 1


@pytest.fixture
def film(db: None) -> Iterator[AbstractDocument]:
    Collection.add_root(name="Root")
    film = get_document_model()(title="Film", file=ContentFile(CONTENT, name="film.mp4"))
    film._set_document_file_metadata()
    film.save()
    return film


def answer(client: Client, document: AbstractDocument, **headers: str) -> tuple[int, str | None, str | None, bytes]:
    response = client.get(document.url, headers=headers)
    body = response.getvalue()
    if "Content-Length" in response.headers:
        assert int(response.headers["Content-Length"]) == len(body)
    response.close()
    return response.status_code, response.get("Content-Range"), response.get("Accept-Ranges"), body


def test_a_film_comes_whole_when_nothing_is_asked(client: Client, film: AbstractDocument) -> None:
    assert answer(client, film) == (200, None, "bytes", CONTENT)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),  # how Safari asks whether the server knows parts at all
        ("bytes=0-0", 0, 0),
        ("bytes=100000-", 100_000, LAST),
        ("bytes=5-199999", 5, 199_999),
        ("bytes=-500", LAST - 499, LAST),
        (f"bytes=10-{LAST + 1000}", 10, LAST),
        (f"bytes=-{LAST + 1000}", 0, LAST),
    ],
)
def test_a_part_of_a_film(client: Client, film: AbstractDocument, asked: str, first: int, last: int) -> None:
    expected = (206, f"bytes {first}-{last}/{LAST + 1}", "bytes", CONTENT[first : last + 1])
    assert answer(client, film, range=asked) == expected


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "seconds=0-1", "bytes=-", "bytes=9-3", "bytes=a-b", ""])
def test_what_is_no_single_part_gets_the_whole_film(client: Client, film: AbstractDocument, asked: str) -> None:
    assert answer(client, film, range=asked) == (200, None, "bytes", CONTENT)


@pytest.mark.parametrize("asked", [f"bytes={LAST + 1}-", "bytes=-0"])
def test_a_part_after_the_end_is_refused(client: Client, film: AbstractDocument, asked: str) -> None:
    assert answer(client, film, range=asked)[:2] == (416, f"bytes */{LAST + 1}")


def test_a_part_only_goes_with_the_film_that_the_browser_has_the_rest_of(
    client: Client, film: AbstractDocument
) -> None:
    whole = client.get(film.url)
    etag, modified = whole.headers["ETag"], whole.headers["Last-Modified"]
    whole.close()
    for same in (etag, modified):
        assert answer(client, film, **{"range": "bytes=0-1", "if-range": same})[0] == 206
    assert answer(client, film, **{"range": "bytes=0-1", "if-range": '"another"'})[0] == 200
    assert answer(client, film, **{"range": "bytes=0-1", "if-none-match": etag})[0] == 304


def test_asking_for_the_head_tells_that_parts_are_there_and_sends_none(client: Client, film: AbstractDocument) -> None:
    response = client.head(film.url, headers={"range": "bytes=0-1"})
    assert (response.status_code, response.headers["Accept-Ranges"]) == (200, "bytes")
    assert response.headers["Content-Length"] == str(len(CONTENT))
    response.close()
    assert client.post(film.url).status_code == 405


@pytest.mark.parametrize(
    ("name", "kind"),
    [("f.vtt", "text/vtt"), ("f.mp4", "video/mp4"), ("f.webm", "video/webm"), ("f.pdf", "application/pdf")],
)
def test_browsers_are_told_what_a_file_is_and_run_nothing_in_it(client: Client, db: None, name: str, kind: str) -> None:
    Collection.add_root(name="Root")
    response = client.get(get_document_model().objects.create(title="x", file=ContentFile(b"x", name=name)).url)
    response.close()
    asked = ("Content-Type", "Content-Encoding", "X-Content-Type-Options", "Content-Security-Policy")
    shown = {key: response.headers.get(key) for key in asked}
    assert shown == {
        "Content-Type": kind,
        "Content-Encoding": None,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }


def test_a_folder_that_editors_closed_off_stays_closed(client: Client, film: AbstractDocument) -> None:
    assert answer(client, film, range="bytes=0-1")[0] == 206
    CollectionViewRestriction.objects.create(collection=film.collection, restriction_type="login")
    with override_settings(WAGTAIL_FRONTEND_LOGIN_URL="/inloggen/"):
        response = client.get(film.url, headers={"range": "bytes=0-1"})
    assert (response.status_code, response.headers["Location"]) == (302, f"/inloggen/?next={film.url}")


def test_a_document_is_only_found_by_number_and_name(client: Client, film: AbstractDocument) -> None:
    assert client.get(film.url.replace("film", "ander")).status_code == 404
    assert client.get("/documenten/999/film.mp4").status_code == 404


@given(size=st.integers(0, 50), first=st.none() | st.integers(0, 60), last=st.none() | st.integers(0, 60))
def test_a_part_is_what_slicing_gives(size: int, first: int | None, last: int | None) -> None:
    """Against Python's own slices, for every way to ask."""
    content = bytes(range(size))
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    if first is None:
        expected = content[-last:] if last else b""
    else:
        expected = content[first:] if last is None else content[first : last + 1]
    nonsense = (first is None and last is None) or (first is not None and last is not None and last < first)
    try:
        part = asked_part(header, size)
    except Unsatisfiable:
        assert expected == b""
        assert not nonsense
    else:
        assert (part is None) == nonsense
        assert part is None or content[part[0] : part[1] + 1] == expected != b""
