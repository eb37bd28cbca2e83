"""The legal notes of a lesson: what they say, and whether an expert still has to look at them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.blocks import StreamValue

if TYPE_CHECKING:
    from courses.models import LessonPage

LEGAL_NOTE = "legal_note"
Notes = list[dict[str, Any]]

# What the editor's rich text rewrites by itself when a page is saved.
SAVED_OTHERWISE = [
    (re.compile(r' data-block-key="[^"]*"'), ""),
    (re.compile(r"&nbsp;"), " "),
    (re.compile(r"<(/?)strong>"), r"<\1b>"),
    (re.compile(r"<(/?)em>"), r"<\1i>"),
    (re.compile(r"\s+"), " "),
    (re.compile(r" ?(</?(?:p|ul|ol|li|br|h\d)\b[^>]*>) ?"), r"\1"),
]


def law_of(body: StreamValue) -> Notes:
    """The values of the legal notes as JSON holds them, in an order of their own: moving a note changes no law, and
    neither does saving it again in the editor.
    """
    values = [child.block.get_prep_value(child.value) for child in body if child.block_type == LEGAL_NOTE]
    notes = [_plain(json.loads(json.dumps(value, cls=DjangoJSONEncoder))) for value in values]
    return sorted(notes, key=lambda note: json.dumps(note, sort_keys=True))


def _plain(note: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain_text(value or "") for name, value in note.items()}


def _plain_text(text: str) -> str:
    for saved, plain in SAVED_OTHERWISE:
        text = saved.sub(plain, text)
    return text.strip()


def awaits_expert(page: LessonPage) -> bool:
    """Whether the legal notes of this version of the lesson are neither live nor what an expert approved last.

    An approval that a later one replaced counts no more: the law may have changed since.
    """
    from courses.models import LegalApproval, LessonPage  # they read this module

    law = law_of(page.body)
    live = LessonPage.objects.filter(pk=page.pk, live=True, first_published_at__isnull=False).first()
    approved = LegalApproval.objects.filter(page=page.pk).first()
    accepted = [law_of(live.body)] if live else []
    if approved:
        accepted.append(approved.notes)
    return law not in (accepted or [[]])
