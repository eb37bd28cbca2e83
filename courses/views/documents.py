"""The films, captions and files of lessons: as Wagtail serves documents, with its rights, and in parts."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve

from courses.ranges import in_parts


@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    response = serve(request, document_id, document_filename)
    if response.get("Content-Encoding") == "None":  # what Wagtail 7.4 writes for a file that is not packed
        del response["Content-Encoding"]
    return in_parts(request, response)
