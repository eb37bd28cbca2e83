"""Who may see whom and answer whom: the lists and the predicates, over the matrix of roles."""

import datetime as dt

import pytest

from parties.models import Membership, Person
from parties.periods import today
from parties.rules import is_hr_of, is_hr_of_all, may_confirm_at, may_see
from tests.factories import (
    AffiliationFactory,
    DepartmentFactory,
    MembershipFactory,
    OrganisationFactory,
    PartyFactory,
    PersonFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db


class World:
    """One organisation with two departments and a party, one beside it, and somebody of each role."""

    def __init__(self) -> None:
        self.own, self.other = OrganisationFactory(), OrganisationFactory()
        self.party, self.stranger = PartyFactory(), PartyFactory()
        AffiliationFactory(organisation=self.own, party=self.party)
        AffiliationFactory(organisation=self.other, party=self.party)
        AffiliationFactory(organisation=self.own, party=self.stranger, until=today())
        care, tech = DepartmentFactory(organisation=self.own), DepartmentFactory(organisation=self.own)
        past = today() - dt.timedelta(days=1)
        self.memberships = {
            "care": MembershipFactory(organisation=self.own, department=care),
            "tech": MembershipFactory(organisation=self.own, department=tech),
            "coming": MembershipFactory(organisation=self.own, since=today() + dt.timedelta(days=9)),
            "left": MembershipFactory(organisation=self.own, until=past),
            "waiting": MembershipFactory(organisation=self.own, origin="declared", state="waiting"),
            "declined": MembershipFactory(organisation=self.own, origin="declared", state="declined"),
            "elsewhere": MembershipFactory(organisation=self.other),
            "elsewhere waiting": MembershipFactory(organisation=self.other, origin="declared", state="waiting"),
        }
        self.viewers = {
            "nobody in particular": PersonFactory(),
            "hr": RoleFactory(kind="hr", organisation=self.own).person,
            "hr of care": RoleFactory(kind="hr", organisation=self.own, department=care).person,
            "hr until today": RoleFactory(kind="hr", organisation=self.own, until=today()).person,
            "hr elsewhere": RoleFactory(kind="hr", organisation=OrganisationFactory()).person,
            "coordinator": RoleFactory(kind="coordinator", party=self.party).person,
            "coordinator of the party it left": RoleFactory(kind="coordinator", party=self.stranger).person,
            **{
                kind: RoleFactory(kind=kind).person
                for kind in ("trainer", "facilitator", "editor", "network", "administrator")
            },
        }

    def named(self, memberships) -> set[str]:
        keys = set(memberships.values_list("pk", flat=True))
        return {name for name, one in self.memberships.items() if one.pk in keys}


@pytest.fixture
def world() -> World:
    return World()


SEES = {"hr": {"care", "tech", "coming"}, "hr of care": {"care"}}
CONFIRMS = {"hr": {"waiting"}, "coordinator": {"elsewhere waiting"}}


def test_hr_sees_memberships_within_its_scope_until_they_end_and_nobody_else_does(world):
    assert Membership.objects.count() == len(world.memberships)
    seen = {name: world.named(Membership.objects.visible_to(viewer)) for name, viewer in world.viewers.items()}
    assert seen == {name: SEES.get(name, set()) for name in world.viewers}


def test_people_are_visible_through_those_memberships_and_everybody_sees_themselves(world):
    for name, viewer in world.viewers.items():
        expected = {viewer.pk} | {world.memberships[one].person_id for one in SEES.get(name, set())}
        assert set(Person.objects.visible_to(viewer).values_list("pk", flat=True)) == expected


def test_the_predicate_says_what_the_list_says(world):
    people = [one.person for one in world.memberships.values()]
    for viewer in world.viewers.values():
        visible = set(Person.objects.visible_to(viewer))
        assert {one for one in people if may_see(viewer, one)} == visible & set(people)


def test_hr_of_the_whole_organisation_confirms_and_a_coordinator_where_there_is_none(world):
    confirms = {name: world.named(Membership.objects.to_confirm_by(viewer)) for name, viewer in world.viewers.items()}
    assert confirms == {name: CONFIRMS.get(name, set()) for name in world.viewers}
    for place, waiting in ((world.own, "waiting"), (world.other, "elsewhere waiting")):
        may = {name for name, viewer in world.viewers.items() if may_confirm_at(viewer, place)}
        assert may == {name for name, whom in CONFIRMS.items() if waiting in whom}
        asked = set(Person.objects.may_confirm(world.memberships[waiting]))
        assert asked == {world.viewers[name] for name in may}


def test_hr_of_a_department_is_hr_but_not_of_all(world):
    assert {name for name, viewer in world.viewers.items() if is_hr_of(viewer, world.own)} == {"hr", "hr of care"}
    assert {name for name, viewer in world.viewers.items() if is_hr_of_all(viewer, world.own)} == {"hr"}


def test_each_list_is_one_query(world, django_assert_num_queries):
    for viewer in world.viewers.values():
        for found in (
            Membership.objects.visible_to(viewer),
            Membership.objects.to_confirm_by(viewer),
            Person.objects.visible_to(viewer),
        ):
            with django_assert_num_queries(1):
                list(found)


PAGES = {
    "/organisaties/{own}/bevestigen/": {"hr"},
    "/organisaties/{other}/bevestigen/": {"coordinator"},
    "/organisaties/{own}/import/": {"hr"},
    "/organisaties/{other}/import/": set(),
    "/partijen/{party}/organisaties/": {"coordinator"},
    "/partijen/{party}/organisaties/nieuw/": {"coordinator"},
    "/partijen/{stranger}/organisaties/": {"coordinator of the party it left"},
    "/mijn/gegevens/": None,
    "/mijn/werkplek/": None,
}


@pytest.mark.parametrize("path", PAGES)
def test_who_may_come_where(world, client, path):
    allowed = PAGES[path] if PAGES[path] is not None else set(world.viewers)
    names = {name: getattr(world, name).slug for name in ("own", "other", "party", "stranger")}
    full = path.format(**names)
    seen = {}
    for name, viewer in world.viewers.items():
        client.force_login(viewer)
        seen[name] = client.get(full).status_code
    assert seen == {name: 200 if name in allowed else 404 for name in world.viewers}
    client.logout()
    not_there = path.format(**dict.fromkeys(names, "bestaat-niet"))
    assert client.get(full).headers["Location"] == f"/inloggen/?next={full}"
    assert client.get(not_there).headers["Location"] == f"/inloggen/?next={not_there}"
