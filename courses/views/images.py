"""The images on lessons: what Wagtail made of an upload, for everyone, like the lessons themselves."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def image(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file under MEDIA_ROOT/images; the policy that comes along keeps a drawing from running script."""
    return serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "images"))
