"""Reads of the materials of a training or an event: files in filer, in a folder of their own, that no public address reaches."""

from __future__ import annotations

from django.db.models import QuerySet
from filer.models import File

from sessions.models import NetworkEvent, Training


def files_of(owner: Training | NetworkEvent) -> QuerySet[File]:
    return File.objects.filter(folder__isnull=False, folder=owner.folder_id).order_by("uploaded_at", "pk")
