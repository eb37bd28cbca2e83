"""Which method fits which meeting, the cards on paper and in the editors' admin, and what ships with the site."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from cms.actions.site import methods_ensure, site_ensure
from parties.actions.roles import role_grant
from parties.models import Person
from sessions.methods import Fit, advice, kick_off, with_frame
from sessions.models import Conversation, GroupMember, IntervisionGroup, IntervisionMethod, Meeting
from tests.factories import OrganisationFactory, PartyFactory, PersonFactory, RoleFactory
from tests.sessions.factories import at


@dataclass(frozen=True)
class Card:
    key: str
    position: int
    not_before: int = 1
    fits_last: bool = False
    smallest: int = 4
    largest: int = 8


INCIDENT, FIVE, SOCRATIC = Card("incident", 1, smallest=5), Card("five", 2), Card("socratic", 3)
GOSSIP, SUCCESS = Card("gossip", 4, not_before=3, smallest=5, largest=7), Card("success", 5, fits_last=True)
CARDS = [SUCCESS, GOSSIP, INCIDENT, FIVE, SOCRATIC]


def fits(number: int, total: int = 6, people: int = 6) -> list[str]:
    found = advice(CARDS, number=number, total=total, people=people)
    return [key for key, one in found.items() if one.fit == Fit.FITS]


def test_a_method_fits_by_its_place_in_the_order_and_the_last_meeting_ends_with_successes() -> None:
    assert [fits(number) for number in range(1, 7)] == [
        ["incident"],  # the practice case of the kick-off
        ["incident"],
        ["five"],
        ["socratic"],
        ["gossip"],
        ["success"],
    ]


def test_longer_trajectories_begin_the_order_again() -> None:
    assert [fits(number, total=9) for number in (6, 7, 9)] == [["incident"], ["five"], ["success"]]


def test_what_waits_gives_its_turn_to_the_next() -> None:
    assert fits(2, people=4) == ["five"]
    assert fits(1, total=1) == ["incident"]
    assert fits(5, people=8) == ["incident"]
    assert fits(2, people=3) == []
    assert advice([], number=1, total=1, people=5) == {}


def test_why_a_method_waits() -> None:
    early = advice(CARDS, number=2, total=6, people=6)["gossip"]
    assert (early.fit, early.needs_trust) == (Fit.WAITS, True)
    assert early.reason == gettext("This one asks for trust: from meeting %(number)s.") % {"number": 3}
    few = advice(CARDS, number=3, total=6, people=4)["gossip"]
    sizes = {"smallest": 5, "largest": 7, "people": 4}
    assert few.reason == gettext("For %(smallest)s to %(largest)s people; your group has %(people)s members.") % sizes
    assert (few.fit, few.needs_trust) == (Fit.WAITS, False)
    assert advice(CARDS, number=3, total=6, people=6)["gossip"].fit == Fit.POSSIBLE


def test_every_meeting_begins_with_looking_back_and_ends_with_the_harvest() -> None:
    assert [(step.minutes, step.turn) for step in with_frame([])] == [(5, "all"), (5, "all")]
    assert sum(step.minutes for step in kick_off()) == 45


#: Key, minutes of the steps, group and first meeting, from domain.md, part D.
METHODS = [
    ("incidentmethode", [5, 10, 5, 15, 10, 10, 10], (5, 8), 1),
    ("vijfstappenmethode", [5, 15, 10, 15, 5], (4, 8), 1),
    ("socratisch", [5, 10, 5, 10, 5, 10, 5], (5, 8), 2),
    ("balint", [5, 5, 10, 5, 10, 5, 15, 5, 5], (5, 8), 3),
    ("roddelmethode", [5, 10, 15, 8, 7], (5, 7), 3),
    ("leren-van-successen", [3, 5, 10, 10, 10, 5, 5], (4, 8), 1),
]


@pytest.mark.django_db
def test_the_six_methods_ship_with_the_minutes_of_the_domain() -> None:
    methods_ensure()
    shipped = [
        (one.key, [step.value["minutes"] for step in one.steps], (one.smallest, one.largest), one.not_before)
        for one in IntervisionMethod.objects.all()
    ]
    assert shipped == METHODS
    incident = IntervisionMethod.objects.get(key="incidentmethode")
    assert (incident.minutes, len(incident.walk)) == (75, 9)
    assert 45 + incident.minutes == 120  # the kick-off with its practice case
    for method in IntervisionMethod.objects.all():
        assert method.source
        assert all(step.starters for step in method.walk)
    assert [method.key for method in IntervisionMethod.objects.filter(fits_last=True)] == ["leren-van-successen"]


@pytest.mark.django_db
def test_a_number_on_a_card_needs_its_source() -> None:
    methods_ensure()
    call_command("check_content", stdout=StringIO())
    method = IntervisionMethod.objects.get(key="balint")
    method.steps[0].value["text"] = "In 40% van de gesprekken lukt dit."
    method.save()
    complaints = StringIO()
    with pytest.raises(CommandError):
        call_command("check_content", stdout=StringIO(), stderr=complaints)
    assert "/intervisie/methodes/#methode-balint" in complaints.getvalue()


@pytest.mark.django_db
def test_loading_again_leaves_what_editors_made_of_it() -> None:
    methods_ensure()
    IntervisionMethod.objects.filter(key="balint").delete()
    IntervisionMethod.objects.filter(key="socratisch").update(name="Vragen van Socrates")
    methods_ensure()
    names = {one.key: one.name for one in IntervisionMethod.objects.all()}
    assert (names["socratisch"], "balint" in names, len(names)) == ("Vragen van Socrates", False, 5)


@pytest.fixture
def methods(db: None) -> None:
    methods_ensure()


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("who", ["facilitator", "member", "leads without the role"])
def test_the_cards_are_for_who_does_intervision(methods: None, who: str) -> None:
    if who == "facilitator":
        person = RoleFactory(kind="facilitator").person
    else:
        person = PersonFactory()
        group = IntervisionGroup.objects.create(
            name="Groep", facilitator=person if who == "leads without the role" else PersonFactory()
        )
        if who == "member":
            GroupMember.objects.create(group=group, person=person, side="school")
    answer = client_of(person).get("/intervisie/methodes/")
    assert answer.status_code == 200
    assert len(answer.context["methods"]) == 6
    assert answer.text.count(gettext("“I pass” and “stop” are always allowed. Nobody asks why.")) == 6


SCOPES: dict[str, dict] = {
    "hr": {"organisation": OrganisationFactory},
    "coordinator": {"party": PartyFactory},
}


def asked_as(kind: str) -> Person:
    return RoleFactory(kind=kind, **{name: make() for name, make in SCOPES.get(kind, {}).items()}).person


@pytest.mark.parametrize("kind", ["", "administrator", "hr", "coordinator", "network", "trainer", "editor"])
def test_for_others_the_cards_are_not_there(methods: None, kind: str) -> None:
    person = asked_as(kind) if kind else PersonFactory()
    assert client_of(person).get("/intervisie/methodes/").status_code == 404


def test_not_signed_in_comes_the_sign_in_page(methods: None, client: Client) -> None:
    answer = client.get("/intervisie/methodes/")
    assert (answer.status_code, answer["Location"]) == (302, "/inloggen/?next=/intervisie/methodes/")


def test_the_cards_cost_the_same_whatever_their_number(methods: None, django_assert_num_queries: Callable) -> None:
    client = client_of(RoleFactory(kind="facilitator").person)
    for count in (6, 1):
        # visit, person, roles; methods
        with django_assert_num_queries(4):
            assert len(client.get("/intervisie/methodes/").context["methods"]) == count
        IntervisionMethod.objects.exclude(key="balint").delete()


@pytest.fixture
def editor(db: None) -> Client:
    site_ensure()
    person = PersonFactory()
    role_grant(person=person, kind="editor")
    return client_of(person)


def used_method() -> IntervisionMethod:
    method = IntervisionMethod.objects.get(key="balint")
    group = IntervisionGroup.objects.create(name="Groep Laak", facilitator=PersonFactory())
    meeting = Meeting.objects.create(group=group, starts_at=at(14, 15), ends_at=at(14, 16))
    Conversation.objects.create(meeting=meeting, method=method, minutes=60)
    return method


def test_an_editor_changes_a_method_and_sees_the_card_beforehand(editor: Client) -> None:
    method = IntervisionMethod.objects.get(key="balint")
    names = method.snippet_viewset
    page = editor.get(reverse(names.get_url_name("edit"), args=[method.pk]))
    assert page.status_code == 200
    preview = reverse(names.get_url_name("preview_on_edit"), args=[method.pk])
    assert json.loads(editor.post(preview, {}).content)["is_valid"] is False
    card = method.make_preview_request()
    assert card.status_code == 200
    assert method.name in card.content.decode()


def test_a_method_in_use_is_not_deleted_and_the_refusal_tells_nobody_which_group(editor: Client) -> None:
    method = used_method()
    names = method.snippet_viewset
    delete = reverse(names.get_url_name("delete"), args=[method.pk])
    bulk = f"/cms/bulk/meetings/intervisionmethod/delete/?id={method.pk}"
    words = gettext("Groups used this method, and their meetings name it. You can change it, but not delete it.")
    administrator = role_grant(person=PersonFactory(), kind="administrator").person
    for client, address in ((editor, delete), (client_of(administrator), bulk)):
        answer = client.post(address, follow=True)
        assert words in answer.text
        assert "Groep Laak" not in answer.text
    assert IntervisionMethod.objects.filter(pk=method.pk).exists()
    usage = editor.get(reverse(names.get_url_name("usage"), args=[method.pk]))
    assert (usage.status_code, str(method.conversations.get()) in usage.text) == (200, False)
    other = IntervisionMethod.objects.get(key="socratisch")
    editor.post(reverse(names.get_url_name("delete"), args=[other.pk]))
    assert not IntervisionMethod.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("kind", ["hr", "facilitator", "trainer"])
def test_others_do_not_come_into_the_methods_of_the_editors(methods: None, kind: str) -> None:
    client = client_of(asked_as(kind))
    assert client.get(reverse(IntervisionMethod.snippet_viewset.get_url_name("list"))).status_code in (302, 404)
