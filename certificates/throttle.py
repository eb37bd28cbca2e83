"""How often one address on the internet may try a wrong code."""

from django.core.cache import cache
from django.utils import timezone

WRONG_CODES = 20
SECONDS = 600


def too_many(client: str) -> bool:
    return cache.get(_key(client), 0) >= WRONG_CODES


def count_wrong(client: str) -> None:
    key = _key(client)
    cache.add(key, 0, SECONDS)
    cache.incr(key)


def _key(client: str) -> str:
    return f"wrong-certificate-code:{client}:{int(timezone.now().timestamp()) // SECONDS}"
