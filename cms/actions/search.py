"""The search index. Whoever publishes a page lets the worker index it; what is loaded in bulk is indexed here."""

from wagtail.search.backends import get_search_backend

from cms.models import InformationPage
from courses.models import LessonPage


def pages_index() -> None:
    """Puts the words of all lessons and information pages in the index, as they are now."""
    backend = get_search_backend()
    for model in (LessonPage, InformationPage):
        backend.add_bulk(model, list(model.objects.all()))


def places_index() -> None:
    """The same for the pages that show where one can turn to, after those places changed."""
    get_search_backend().add_bulk(InformationPage, list(InformationPage.objects.filter(shows_places=True)))
