"""A page in light and dark, on a phone and on a screen, under axe."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
COLOURS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
LOOKS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
EACH_ONCE = [(360, "light"), (1280, "dark")]

Findings = Callable[..., list[str]]


@pytest.fixture(scope="session")
def axe() -> Findings:
    tool = Axe()

    def findings(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
        result = tool.run(page, options=rules)
        return [
            f"{found['id']}: {found['help']} – {node['html'][:160]}"
            for found in result.response["violations"]
            for node in found["nodes"]
        ]

    return findings


def looked_at(page: Page, axe: Findings, looks: Sequence[tuple[int, str]] = LOOKS) -> dict[str, list[str]]:
    """What axe finds on this page in each look, with all that can be opened open; a dark one after a light one for its colours.

    The window is as tall as the page, so that the bar at the bottom of a phone covers nothing that could be scrolled to.
    """
    wrong, widths = {}, set()
    for width, scheme in looks:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        open_all(page)
        page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
        found = axe(page, COLOURS if width in widths else RULES)
        widths.add(width)
        sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if sideways > 0:
            found.append(f"scrolls {sideways} pixels sideways")
        if found:
            wrong[f"{width}-{scheme}"] = found
    return wrong


def open_all(page: Page) -> None:
    for summary in page.locator("main details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
