"""How often something may be tried, by mail address and by IP address; counted in the cache (allauth's counter)."""

from __future__ import annotations

from allauth.core.internal import ratelimit  # the public one takes its limits from allauth's own settings only
from django.http import HttpRequest

# A whole class behind one IP address signs in at once; nobody needs ten codes for one address.
LIMITS = {
    "code_asked": "150/15m/ip,5/15m/key",
    "code_tried": "150/15m/ip,20/1h/key",
    "password_tried": "60/15m/ip,10/15m/key",
}


def within_limit(request: HttpRequest, action: str, address: str) -> bool:
    """Counts one try, and says whether it is within the limit."""
    return bool(ratelimit.consume(request, app="parties", action=action, config=LIMITS, key=address.lower()))
