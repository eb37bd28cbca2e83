"""From which side somebody reads lessons: as an account says, or for a visitor as the browser's visit says."""

from django.http import HttpRequest

KEY = "lesson_view"


def lesson_view_of(request: HttpRequest) -> str:
    """ "school", "workplace", or "" for both, which is also what it is before anybody chose."""
    if request.user.is_authenticated:
        return request.user.lesson_view
    return request.session.get(KEY, "")
