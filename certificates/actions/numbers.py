"""Numbers of certificates: GK-2026-483920. Drawn, not counted up.

Members of one intervision group can get their certificates at the same moment; numbers in a row would tell it.
"""

from secrets import randbelow

from certificates.models import Certificate

A_YEAR = 10**6
AT_ONCE = 500


def numbers_take(*, year: int, count: int = 1) -> list[str]:
    """``count`` different numbers of the year that no certificate has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {f"GK-{year}-{randbelow(A_YEAR):06d}" for _ in range(min(AT_ONCE, count - len(found)))}
        found |= drawn - set(Certificate.objects.filter(number__in=drawn).values_list("number", flat=True))
    return list(found)
