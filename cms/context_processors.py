from django.conf import settings
from django.http import HttpRequest

from cms.navigation import navigation


def site(request: HttpRequest) -> dict[str, object]:
    """What every page's frame needs: the menu for this person, and whether this is the demo."""
    items, subnav = navigation(request)
    return {"nav_items": items, "subnav_items": subnav, "demo_mode": settings.DEMO}
