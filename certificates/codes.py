"""The code that stands on a certificate: made, shown, and read back as people type it."""

import re
import secrets

#: No 0 and O, no 1 and I: what is read from paper cannot be mistaken.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
NUMBER = re.compile(r"^GK\d{10}$")


def new_code() -> str:
    """Twelve characters, 60 bits, so that nobody guesses one."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_in_groups(code: str) -> str:
    """As it is printed and read aloud: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_typed(typed: str) -> str:
    """What somebody typed, without spaces, dashes and points, in capitals; at most 40 characters."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", typed).upper()[:40]


def is_code(read: str) -> bool:
    return len(read) == LENGTH and set(read) <= set(ALPHABET)


def is_number(read: str) -> bool:
    """The number of a certificate, which counts up and therefore shows nobody anything."""
    return NUMBER.match(read) is not None
