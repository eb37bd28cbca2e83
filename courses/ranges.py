"""Files in parts: the Range of RFC 9110, section 14. Safari plays no film without, and no browser jumps ahead in one."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

BLOCK = 64 * 1024
_ONE_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.IGNORECASE)


class Unsatisfiable(ValueError):
    """The part lies after the end of the file."""


def asked_part(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the part that is asked for; None where the whole file is the answer.

    Several parts at once, other units and what is no range at all are ignored, which RFC 9110 allows.

    Raises:
        Unsatisfiable: when there is nothing there.
    """
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        first, last = max(size - int(found[2]), 0), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
        if found[2] and int(found[2]) < first:
            return None
    if first > last:
        raise Unsatisfiable
    return first, last


def in_parts(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """``response`` with only the part that the browser asked for, where it holds a file and the browser asked.

    A part goes with ``If-Range`` only when the file is still the one that the browser has the rest of.
    """
    if (
        not isinstance(response, FileResponse)
        or response.status_code != HTTPStatus.OK
        or response.file_to_stream is None
    ):
        return response
    response.headers["Accept-Ranges"] = "bytes"
    held = request.headers.get("If-Range")
    if request.method != "GET" or (held and held not in (response.get("ETag"), response.get("Last-Modified"))):
        return response
    size = int(response.headers["Content-Length"])
    try:
        part = asked_part(request.headers.get("Range", ""), size)
    except Unsatisfiable:
        response.close()
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{size}"}
        )
    if part is None:
        return response
    first, last = part
    response.status_code = HTTPStatus.PARTIAL_CONTENT
    response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Content-Length"] = str(last - first + 1)
    response.streaming_content = _bytes_of(response.file_to_stream, first, last)
    return response


def _bytes_of(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    file.seek(first)
    left = last - first + 1
    while left > 0 and (block := file.read(min(BLOCK, left))):
        left -= len(block)
        yield block
