import datetime as dt

import pytest

from parties.rules import is_coordinator_of, is_hr_of, is_trainer, roles_of
from tests.factories import OrganisationFactory, PartyFactory, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db


def test_a_role_counts_from_its_first_day_until_its_last():
    person = PersonFactory()
    RoleFactory(person=person, kind="trainer", since=dt.date(2020, 1, 1), until=dt.date(2020, 2, 1))
    assert not is_trainer(person)
    RoleFactory(person=person, kind="trainer")
    assert is_trainer(type(person).objects.get(pk=person.pk))


def test_authority_reaches_only_its_own_scope():
    person, own, other = PersonFactory(), OrganisationFactory(), OrganisationFactory()
    party, stranger = PartyFactory(), PartyFactory()
    RoleFactory(person=person, kind="hr", organisation=own)
    RoleFactory(person=person, kind="coordinator", party=party)
    assert [is_hr_of(person, own), is_hr_of(person, other)] == [True, False]
    assert [is_coordinator_of(person, party), is_coordinator_of(person, stranger)] == [True, False]


def test_all_roles_take_one_query(django_assert_num_queries):
    person = PersonFactory()
    RoleFactory(person=person, kind="hr", organisation=OrganisationFactory())
    RoleFactory(person=person, kind="editor")
    with django_assert_num_queries(1):
        roles_of(person)
        roles_of(person)
