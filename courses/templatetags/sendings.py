"""What a form of a lesson says of itself: `{% load sendings %}`; see courses/sendings.py."""

import time
import uuid

from django import template
from django.http import HttpRequest

from courses.learner import learner_of

register = template.Library()


@register.simple_tag
def sending_key() -> str:
    """A name of its own for the next sending of this form."""
    return str(uuid.uuid4())


@register.simple_tag
def shown_at() -> int:
    """Now, in unix seconds by the server's clock."""
    return int(time.time())


@register.simple_tag(takes_context=True)
def learner_mark(context: template.Context) -> str:
    """Whose form this is, without saying who: empty without an account."""
    request: HttpRequest = context["request"]
    return learner_of(request).mark
