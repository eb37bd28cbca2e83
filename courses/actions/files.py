"""The images, films and files in fixtures/ as Wagtail keeps them: one for the same bytes, made when it is not there."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.images import ImageFile
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def image_ensure(*, file: str, alt: str) -> AbstractImage:
    """The image with the same bytes as this drawing in fixtures/images/."""
    path = FIXTURES / "images" / file
    digest = _digest(path)
    model = get_image_model()
    image = model.objects.filter(file_hash=digest).first()
    if image is None:
        with path.open("rb") as handle:
            image = model(title=_title(path), description=alt, file=ImageFile(handle, name=file))
            image.file_size = path.stat().st_size
            image.file_hash = digest
            image.save()
    return image


def document_ensure(*, folder: str, file: str, title: str = "") -> AbstractDocument:
    """The document with the same bytes as this file in fixtures/<folder>/."""
    path = FIXTURES / folder / file
    digest = _digest(path)
    model = get_document_model()
    document = model.objects.filter(file_hash=digest).first()
    if document is None:
        with path.open("rb") as handle:
            document = model(title=title or _title(path), file=File(handle, name=file))
            document.file_size = path.stat().st_size
            document.file_hash = digest
            document.save()
    return document


def _digest(path: Path) -> str:
    """What Wagtail keeps as file_hash."""
    return hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()


def _title(path: Path) -> str:
    return path.stem.replace("-", " ").capitalize()
