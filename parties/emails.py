"""What the mails about signing in and workplaces say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from parties.mail import Mail, render_mail
from parties.models import Membership, Organisation, Person

CODE = "code"


def _mail(kind: str, template: str, person: Person, **context: Any) -> Mail:
    rendered = render_mail(f"parties/mail/{template}", language=person.language, context={"person": person, **context})
    return Mail(
        kind=kind,
        to=person.email or "",
        person=person,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
    )


def confirmation_asked(membership: Membership) -> Iterator[Mail]:
    """To who may confirm where somebody works. No name in the mail: it stands behind the sign-in."""
    organisation = membership.organisation
    for person in Person.objects.may_confirm(membership).exclude(email=None):
        yield _mail("confirmation-asked", "confirmation_asked", person, organisation=organisation)


def membership_answered(membership: Membership) -> Iterator[Mail]:
    """To the person: their workplace was confirmed, or it was not."""
    if membership.person.email:
        yield _mail(
            "membership-answered",
            "membership_answered",
            membership.person,
            organisation=membership.organisation,
            confirmed=membership.state == Membership.State.CONFIRMED,
        )


def come_in(*, organisation: Organisation, people: Iterable[Person]) -> Iterator[Mail]:
    """To who is new on a list. The same text for all of a language, hence rendered once for each."""
    rendered: dict[str, Mail] = {}
    for person in people:
        if person.language not in rendered:
            rendered[person.language] = _mail("come-in", "come_in", person, organisation=organisation)
        yield replace(rendered[person.language], to=person.email or "", person=person)


def hr_contact_invited(*, organisation: Organisation, person: Person) -> Mail:
    return _mail("hr-contact", "hr_contact", person, organisation=organisation)


def code(*, address: str, code: str, language: str, purpose: str) -> Mail:
    """The same to a known and to an unknown address. The code stands in the body only."""
    rendered = render_mail("parties/mail/code", language=language, context={"code": code, "purpose": purpose})
    return Mail(kind=CODE, to=address, subject=rendered.subject, text=rendered.text, html=rendered.html)
