from django import template

from cms.small_groups import words
from commitments.rounding import Shown

register = template.Library()


@register.filter
def shown(number: Shown) -> str:
    """A shown number in words: '120', 'fewer than 5'."""
    return words(number)
