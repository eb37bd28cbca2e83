"""The word in the link of an offer: signed over the registration, so it cannot be guessed. One registration, one offer."""

from django.core.signing import BadSignature, Signer

_signer = Signer(salt="sessions.offer", sep=".")


def token_of(registration_pk: int) -> str:
    return _signer.sign(str(registration_pk))


def registration_of(token: str) -> int | None:
    """The key of the registration, or None for a word that we did not make."""
    try:
        return int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
