"""The accounts of the demo."""

from parties.actions.memberships import membership_add
from parties.actions.people import person_create
from parties.actions.roles import role_grant
from parties.demo import ACCOUNTS
from parties.models import Organisation, Party, Person

from .world import long_ago

WORKPLACES = {
    "school@demo.example": "roc-mondriaan",
    "werkplek@demo.example": "bakkerij-van-es",
    "trainer@demo.example": "hogeschool-inholland",
    "gespreksleider@demo.example": "de-haagse-hogeschool",
    "hr@demo.example": "roc-mondriaan",
}


def accounts_make() -> dict[str, Person]:
    """The person of each address."""
    return {account.email: person_create(name=account.name, email=account.email) for account in ACCOUNTS}


def accounts_place(people: dict[str, Person]) -> None:
    """Gives the accounts their workplaces and roles."""
    for address, slug in WORKPLACES.items():
        organisation = Organisation.objects.get(slug=slug)
        membership_add(
            person=people[address], organisation=organisation, since=long_ago(), side=organisation.default_side, by=None
        )
    mondriaan = Organisation.objects.get(slug="roc-mondriaan")
    role_grant(person=people["trainer@demo.example"], kind="trainer", since=long_ago())
    role_grant(person=people["gespreksleider@demo.example"], kind="facilitator", since=long_ago())
    role_grant(person=people["hr@demo.example"], kind="hr", organisation=mondriaan, since=long_ago())
    role_grant(
        person=people["coordinator@demo.example"],
        kind="coordinator",
        party=Party.objects.get(slug="roc-mondriaan"),
        since=long_ago(),
    )
    role_grant(person=people["netwerk@demo.example"], kind="network", since=long_ago())
    role_grant(person=people["redactie@demo.example"], kind="editor", since=long_ago())
    role_grant(person=people["deskundige@demo.example"], kind="expert", since=long_ago())
    role_grant(person=people["beheer@demo.example"], kind="administrator", since=long_ago())
