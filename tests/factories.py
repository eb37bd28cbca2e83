"""People and parties for tests. One factory a noun; each makes the least that is valid."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from parties.models import Affiliation, Department, Membership, Organisation, Party, Person, Role

SINCE = dt.date(2026, 1, 1)


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    name = factory.Sequence(lambda n: f"Partij {n}")
    slug = factory.Sequence(lambda n: f"partij-{n}")
    position = factory.Sequence(lambda n: n + 100)
    kind = "employer"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisatie {n}")
    slug = factory.Sequence(lambda n: f"organisatie-{n}")
    default_side = "workplace"


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Afdeling {n}")


class AffiliationFactory(DjangoModelFactory):
    class Meta:
        model = Affiliation

    organisation = factory.SubFactory(OrganisationFactory)
    party = factory.SubFactory(PartyFactory)
    since = SINCE


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Persoon {n}")
    email = factory.Sequence(lambda n: f"persoon{n}@example.org")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    side = factory.SelfAttribute("organisation.default_side")
    since = SINCE
    origin = "roster"
    state = "confirmed"


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    person = factory.SubFactory(PersonFactory)
    since = SINCE
