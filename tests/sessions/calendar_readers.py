"""Three readers that know nothing of our code: libical, with its iTIP restrictions, ical.js and vobject."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

NODE = Path(__file__).parent.parent / "node"


@cache
def _libical() -> ctypes.CDLL:
    library = ctypes.CDLL(ctypes.util.find_library("ical"))
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    for function in (
        "icalrestriction_check",
        "icalcomponent_count_errors",
        "icalcomponent_as_ical_string",
        "icalcomponent_free",
    ):
        getattr(library, function).argtypes = [ctypes.c_void_p]
    return library


def libical_complaints(text: str) -> list[str]:
    """What libical finds wrong: lines it cannot read, and breaches of RFC 5546's tables for METHOD."""
    library = _libical()
    component = library.icalparser_parse_string(text.encode())
    if not component:
        return ["cannot be parsed"]
    try:
        obeys = library.icalrestriction_check(component)
        errors = library.icalcomponent_count_errors(component)
        written = library.icalcomponent_as_ical_string(component).decode()
    finally:
        library.icalcomponent_free(component)
    complaints = [line for line in written.replace("\r\n ", "").splitlines() if line.startswith("X-LIC-ERROR")]
    return complaints if obeys and not errors else [*complaints, f"restrictions obeyed: {obeys}, errors: {errors}"]


def ical_js(text: str) -> dict[str, Any]:
    """The event as ical.js reads it, in a process of its own; times in UTC."""
    done = subprocess.run(["node", "read_ics.js"], cwd=NODE, input=text.encode(), capture_output=True, check=True)
    return json.loads(done.stdout)


def vobject(text: str) -> dict[str, Any]:
    """METHOD and events as vobject reads them, in a process of its own and outside the project's environment."""
    reader = Path(__file__).parent / "read_vobject.py"
    done = subprocess.run(["/usr/bin/python3", "-I", reader], input=text.encode(), capture_output=True, check=True)
    return json.loads(done.stdout)
