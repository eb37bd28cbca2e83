"""What comes out of the printer: Chromium's own PDF of a lesson and of a module."""

import io

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.running import RunningSite

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def printed(request: pytest.FixtureRequest, running_site: RunningSite, browser: Browser) -> object:
    """The text of each sheet of paper of an address, printed in dark mode."""
    context = browser.new_context(
        base_url=running_site.url, color_scheme="dark", locale="nl-NL", java_script_enabled=request.param
    )

    def sheets(path: str) -> list[str]:
        page = context.new_page()
        page.goto(path)
        paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        return [" ".join(sheet.extract_text().split()) for sheet in paper.pages]

    yield sheets
    context.close()


def test_a_lesson_on_paper_is_open_and_has_no_buttons(printed) -> None:
    text = " ".join(printed("/modules/herkennen/wat-is-onderscheid/"))
    assert "Wie beslist of iets discriminatie is?" in text
    assert "gratis en niet bindend" in text  # under that heading, folded on the screen
    assert "https://" in text
    for word in ("Kijk na", "Verder", "Zoeken", "Alle lessen", "Inloggen"):
        assert word not in text


def test_each_lesson_of_a_module_begins_on_a_sheet_of_its_own(printed, running_site: RunningSite) -> None:
    [(lessons,)] = running_site.sql(
        "SELECT count(*) FROM wagtailcore_page WHERE live = 1 AND url_path LIKE '/home/modules/herkennen/%/'"
    )
    sheets = printed("/modules/herkennen/afdrukken/")
    begins = [sheet for sheet in sheets if sheet.startswith("Les ")]
    answers = [sheet for sheet in sheets if sheet.startswith("Uitleg en antwoorden bij les ")]
    assert len(begins) == lessons
    assert 6 <= len(answers) <= lessons  # one that another test made has nothing to answer
    assert any("ga naar stap" in sheet for sheet in sheets)
    for word in ("Kijk na", "Inloggen", "Alle lessen", "Afdrukken"):
        assert not any(word in sheet for sheet in sheets), word
