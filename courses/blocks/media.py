"""Images, films and files. Films and files are Wagtail documents, which are public, as the lessons are."""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from django.db.models import prefetch_related_objects
from django.template.defaultfilters import filesizeformat
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import Filter

from courses.blocks.checked import CheckedBlock
from courses.blocks.text import PREVIEW, SHORT_FEATURES
from courses.films import captions_fault, is_film

SHOWN_AS = "max-1100x1100"  # as in courses/blocks/image.html

_fetched: ContextVar[Mapping[int, Any]] = ContextVar("documents that were fetched", default=MappingProxyType({}))


class FileBlock(DocumentChooserBlock):
    def bulk_to_python(self, values: Any) -> list[Any]:
        keys, fetched = list(values), _fetched.get()
        if fetched.keys() >= set(keys) - {None}:
            return [copy.copy(fetched[key]) if key is not None else None for key in keys]
        return super().bulk_to_python(keys)


@contextmanager
def documents_at_once(body: StreamValue) -> Iterator[None]:
    """Within, the documents of all blocks of this stream come from one query instead of one for each kind and field."""
    keys = {
        raw["value"][name]
        for raw in body.raw_data
        if isinstance(block := body.stream_block.child_blocks[raw["type"]], blocks.StructBlock)
        for name, child in block.child_blocks.items()
        if isinstance(child, FileBlock) and raw["value"].get(name) is not None
    }
    token = _fetched.set(dict.fromkeys(keys) | get_document_model().objects.in_bulk(keys))
    try:
        yield
    finally:
        _fetched.reset(token)


def renditions_at_once(images: Iterable[Any]) -> None:
    """Sees to it that what is shown of these images (None among them is left out) costs one query, or none where
    Wagtail's cache knows it.
    """
    model = get_image_model().get_rendition_model()
    shown = Filter(spec=SHOWN_AS)
    keys = {image: model.construct_cache_key(image, shown.get_cache_key(image), SHOWN_AS) for image in images if image}
    known = model.cache_backend.get_many(keys.values())
    prefetch_related_objects([image for image, key in keys.items() if key not in known], "renditions")


EMPTY_WORDS = {
    "afbeelding", "beeld", "plaatje", "foto", "tekening", "illustratie", "image", "picture", "photo", "drawing", "img", "alt", "logo",
}  # fmt: skip
_IMAGE_FILE = re.compile(r"\.(avif|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
_MADE_UNIQUE = re.compile(r"_[A-Za-z0-9]{7}$")  # what Django adds to a file whose name is taken


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def says_nothing(alt: str, filename: str = "") -> bool:
    """An alternative text that is a bare word for an image, or the name of a file."""
    stem = PurePath(filename).stem
    names = {_plain(stem), _plain(_MADE_UNIQUE.sub("", stem))} - {""}
    words = re.sub(r"\d+", "", _plain(alt)).split()
    return not set(words) - EMPTY_WORDS or bool(_IMAGE_FILE.search(alt.strip())) or _plain(alt) in names


class ImageBlock(CheckedBlock):
    image = ImageChooserBlock(label=_("image"))
    alt = blocks.CharBlock(
        label=_("what is on it"),
        max_length=300,
        help_text=_("For who does not see the image. Say what it tells, not that it is an image."),
    )
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=200)

    needed = {
        "image": _("Choose an image."),
        "alt": _("Say in a sentence what there is to see, for who does not see the image."),
    }

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A drawing or a photo with words for who does not see it.")
        template = "courses/blocks/image.html"
        preview_template = PREVIEW
        preview_value = {
            "image": None,
            "alt": "Twee figuren zitten naast elkaar aan een tafel.",
            "caption": "Twee kanten, één tafel.",
        }

    def complaints(self, value: blocks.StructValue) -> dict[str, Any]:
        if value["alt"] and says_nothing(value["alt"], value["image"].filename if value["image"] else ""):
            return {"alt": _("This is a name, not what there is to see. Say in a sentence what the image tells.")}
        return {}


class VideoBlock(CheckedBlock):
    title = blocks.CharBlock(label=_("title"), max_length=160)
    file = FileBlock(label=_("film"), help_text=_("An MP4 or WebM file."))
    captions = FileBlock(
        label=_("captions"),
        help_text=_("A WebVTT file (.vtt): what is said and what there is to hear, with its time."),
    )
    transcript = blocks.RichTextBlock(
        label=_("transcript"),
        features=SHORT_FEATURES,
        help_text=_("Everything that is said and shown, as text. For who reads rather than watches."),
    )

    needed = {
        "file": _("Choose the film."),
        "captions": _("A film needs captions: choose a WebVTT file (.vtt)."),
        "transcript": _("A film needs a transcript: write out what is said and shown."),
    }

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("A film with captions, and a transcript under it.")
        template = "courses/blocks/video.html"
        preview_template = PREVIEW
        preview_value = {
            "title": "Zelfde brief, ander antwoord",
            "file": None,
            "captions": None,
            "transcript": "<p>Twee studenten sturen dezelfde brief. Eén krijgt antwoord.</p>",
        }

    def complaints(self, value: blocks.StructValue) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if value["file"] and not is_film(value["file"]):
            found["file"] = _("This is not an MP4 or WebM file. Browsers cannot play it.")
        if value["captions"] and (fault := captions_fault(value["captions"])):
            found["captions"] = fault
        if value["transcript"] and not strip_tags(value["transcript"].source).strip():
            found["transcript"] = self.needed["transcript"]
        return found


FILE_KINDS = {
    "csv": _("CSV list"),
    "docx": _("Word document"),
    "ods": _("ODS spreadsheet"),
    "odt": _("ODT document"),
    "pdf": "PDF",
    "pptx": _("PowerPoint slides"),
    "txt": _("text file"),
    "xlsx": _("Excel spreadsheet"),
}


class DownloadValue(blocks.StructValue):
    @property
    def kind(self) -> str:
        extension = self["file"].file_extension.lower()
        return str(FILE_KINDS.get(extension, extension.upper()))

    @property
    def size(self) -> str:
        """Such as "182 kB"; nothing when it is not known."""
        size = self["file"].file_size
        return filesizeformat(size) if size else ""


class DownloadBlock(CheckedBlock):
    file = FileBlock(label=_("file"))
    title = blocks.CharBlock(
        label=_("title"), max_length=160, help_text=_("What the file is, such as: The conversation guide on one page.")
    )
    description = blocks.TextBlock(label=_("what it is for"), rows=2, required=False, max_length=300)

    needed = {"file": _("Choose the file."), "title": _("Say what the file is. Its name alone says too little.")}

    class Meta:
        icon = "download"
        label = _("Download")
        description = _("A file to keep or to print, with what kind of file it is and how large.")
        template = "courses/blocks/download.html"
        preview_template = PREVIEW
        value_class = DownloadValue

    def get_preview_value(self) -> blocks.StructValue:
        example = get_document_model()(pk=0, file="gesprekswijzer.pdf", file_size=28_000, collection_id=0)
        value = {
            "file": example,
            "title": "De gesprekswijzer op één blad",
            "description": "Om te printen en mee te nemen naar een gesprek.",
        }
        return self.normalize(value)

    def complaints(self, value: blocks.StructValue) -> dict[str, Any]:
        if value["file"] and is_film(value["file"]):
            return {"file": _("This is a film. Use the block “Video”, so that it gets captions.")}
        if value["title"] and value["file"] and _plain(value["title"]) == _plain(value["file"].filename):
            return {"title": self.needed["title"]}
        return {}
