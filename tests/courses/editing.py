"""What editors post to Wagtail's own screens."""

from typing import Any

from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from courses.blocks.text import SHORT_FEATURES, TEXT_FEATURES
from courses.models import LessonPage

LAW = "Wie een verzoek om te discrimineren uitvoert, maakt zelf onderscheid."


def legal_note(html: str = f"<p>{LAW}</p>", **fields: str) -> tuple[str, dict[str, str]]:
    values = {"title": "Ook doorgeven mag niet", "law": "AWGB, artikel 1", "url": "", "checked": "2026-11-02"}
    return "legal_note", {**values, **fields, "html": rich_text(html, features=SHORT_FEATURES)}


def text(html: str = "<p>Tot slot.</p>") -> tuple[str, str]:
    return "text", rich_text(html, features=TEXT_FEATURES)


def form(lesson: LessonPage, *blocks: tuple[str, Any], **fields: str) -> dict[str, Any]:
    """The whole form of a lesson with these blocks; ``fields`` also names the button, such as ``action-publish``."""
    return nested_form_data(
        {
            "title": lesson.title,
            "slug": lesson.slug,
            "summary": lesson.summary,
            "minutes": lesson.minutes,
            "body": streamfield(blocks or [text()]),
            "change_sentence": "",
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "comments": inline_formset([]),
            **fields,
        }
    )


def edit(client: Client, lesson: LessonPage, *blocks: tuple[str, Any], **fields: str):
    return client.post(f"/cms/pages/{lesson.pk}/edit/", form(lesson, *blocks, **fields))


PUBLISH = {"action-publish": "1"}
SUBMIT = {"action-submit": "1"}
