from django import template

from parties.small_groups import Shown, words

register = template.Library()


@register.filter
def shown(number: Shown) -> str:
    """A shown number in words: '120', 'fewer than 5'."""
    return words(number)
