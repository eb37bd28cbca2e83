"""What mails about certificates say. A holder without an address gets none."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from certificates.models import Certificate
from parties.mail import Mail, render_mail


def awarded_mail(certificate: Certificate) -> list[Mail]:
    return _mail("awarded", certificate)


def reissued_mail(certificate: Certificate) -> list[Mail]:
    return _mail("reissued", certificate)


def revoked_mail(certificate: Certificate) -> list[Mail]:
    return _mail("revoked", certificate)


def _mail(name: str, certificate: Certificate) -> list[Mail]:
    person = certificate.award.person
    if not person.email:
        return []
    with override(person.language):
        context = {
            "certificate": certificate,
            "last_day": certificate.last_day,
            "mine_url": settings.SITE_URL + reverse("certificates:mine"),
            "check_url": settings.SITE_URL + reverse("certificates:check", args=[certificate.code]),
        }
    rendered = render_mail(f"certificates/mail/{name}", language=person.language, context=context)
    return [
        Mail(
            kind=f"certificate-{name}",
            to=person.email,
            person=person,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
        )
    ]
