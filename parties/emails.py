"""What the mails about coming in and workplaces say."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from parties.mail import Mail, render_mail
from parties.models import Membership, Person


def confirmation_asked(membership: Membership) -> Iterator[Mail]:
    """To who may confirm where somebody works. No name in the mail: it stands behind the sign-in."""
    organisation = membership.organisation
    path = reverse("parties:confirm", args=[organisation.slug])
    for person in Person.objects.may_confirm(membership).exclude(email=None):
        mail = render_mail(
            "parties/mail/confirmation_asked",
            language=person.language,
            context={"person": person, "organisation": organisation, "path": path},
        )
        yield Mail(
            kind="confirmation-asked",
            to=person.email,
            person=person,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
        )
