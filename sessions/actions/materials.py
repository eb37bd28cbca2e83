"""Materials of a training or an event: put in its own folder, and taken out of it."""

from __future__ import annotations

import re
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from filer.models import File, Folder

from parties.models import Person
from sessions.materials import files_of
from sessions.models import NetworkEvent, Training

ALLOWED = ("pdf", "docx", "pptx", "xlsx", "odt", "odp", "ods", "txt", "png", "jpg", "jpeg", "mp3", "mp4")
MOST_BYTES = 25 * 1024 * 1024


def material_add(*, owner: Training | NetworkEvent, upload: UploadedFile, title: str = "", by: Person) -> File:
    """A file for who takes part. It is stored where no public address reaches.

    Raises:
        ValidationError: the kind or the size of the file, in a sentence.
    """
    suffix = PurePath(upload.name or "").suffix.lstrip(".").lower()
    if suffix not in ALLOWED:
        raise ValidationError(
            _("This kind of file cannot be added. Choose one of: %(kinds)s.") % {"kinds": ", ".join(ALLOWED)}
        )
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(_("This file is larger than 25 MB. Make it smaller, or put a link in the description."))
    name = re.sub(r"[^\w .()-]+", "_", PurePath(upload.name or "").name)[-100:]
    with transaction.atomic():
        owner = type(owner).objects.locked(owner.pk)
        if owner.folder is None:
            kind = "event" if isinstance(owner, NetworkEvent) else "training"
            owner.folder = Folder.objects.create(name=f"{kind}-{owner.pk}", owner=by)
            owner.save(update_fields=["folder"])
        material = File(
            file=upload, original_filename=name, name=title.strip(), folder=owner.folder, owner=by, is_public=False
        )
        material.save()
    return material


def material_remove(*, owner: Training | NetworkEvent, file: File, by: Person) -> None:
    """Takes a file away, from the disk too."""
    if not files_of(owner).filter(pk=file.pk).exists():
        raise ValidationError(_("This file is not there any more."))
    file.delete()
