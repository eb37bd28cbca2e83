"""Who is in an intervision group cannot be told: whatever others open is the same whether one person is in it or another.

Two worlds that differ in nothing else: in one Sevgi is in the group, in the other Bram. Every kind of page that a role can
reach by links is opened in both, with what people search, complete, subscribe to and download.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from cms.actions.site import site_ensure
from parties.models import Membership, OutboxMessage, Person
from sessions.actions.forming import candidate_invite, candidate_say_yes, member_leave, place_ask
from sessions.actions.trajectory import group_meeting_change, trajectory_plan
from sessions.feeds import feed_address
from sessions.models import IntervisionGroup
from sessions.plan import MeetingPlan
from tests.cms.conftest import search_index
from tests.factories import AffiliationFactory, MembershipFactory, OrganisationFactory, RoleFactory

__all__ = ["search_index"]

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
MOST_OF_A_KIND = 1
ENOUGH = 12
#: Who sees most of people, and who sees nothing of them but could be curious.
PRYING = ("hr", "administrator", "facilitator", "colleague")
MOST_PAGES = 120
LINK = re.compile(r'(?:href|src|hx-get|action|data-url)="([^"#]+)')
#: Another language, files, and what is about no person: lessons (in a random order) and the editor of pages.
LEFT_OUT = re.compile(r"^/(en/|static/|media/|uitloggen/|stijl/|modules/|beheer/(logout|jsi18n)|cms/(?!reports/|$))")
#: What differs from one answer to the next, whoever asks.
PASSING = re.compile(r"\b\w{64}\b|nonce=\"[^\"]+\"")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site(search_index: None) -> None:
    site_ensure()


#: Status, where it leads, and what it says.
Answer = tuple[int, str, object]


class World:
    """An organisation of a party, with two people who could be in the group, and everybody who looks."""

    def __init__(self) -> None:
        self.organisation = OrganisationFactory(slug="roc-laak", name="ROC Laak")
        self.affiliation = AffiliationFactory(organisation=self.organisation, since=dt.date(2024, 1, 1))
        self.group = IntervisionGroup.objects.create(
            name="Groep Zonnebloem", facilitator=RoleFactory(kind="facilitator").person, is_open=True
        )
        self.sevgi, self.bram, self.fellow = (
            MembershipFactory(organisation=self.organisation, person__name=name, side="school")
            for name in ("Sevgi de Wit", "Bram Vos", "Fleur Smit")
        )
        scope = {
            "hr": {"organisation": self.organisation},
            "coordinator": {"party": self.affiliation.party},
        }
        self.people = {
            kind: RoleFactory(kind=kind, **scope.get(kind, {})).person
            for kind in ("hr", "coordinator", "network", "trainer", "editor", "facilitator", "administrator")
        }
        self.people["colleague"] = MembershipFactory(organisation=self.organisation, side="school").person

    def in_group(self, membership: Membership) -> None:
        for one in (membership, self.fellow):
            candidate = candidate_invite(group=self.group, address=one.person.email)
            assert candidate_say_yes(candidate=candidate, membership=one)
        starts = NOW + dt.timedelta(days=7)
        plan = MeetingPlan(starts_at=starts, ends_at=starts + dt.timedelta(minutes=90), place="Buurthuis De Brug")
        trajectory_plan(group=self.group, meetings=[plan])

    def asks(self, membership: Membership) -> None:
        place_ask(group=self.group, membership=membership)


@pytest.fixture
def world(site: None) -> World:
    return World()


def starts(world: World, looker: Person) -> list[str]:
    people = [world.sevgi.person, world.bram.person]
    return [
        "/",
        "/mijn/",
        "/intervisie/",
        "/intervisie/meedoen/",
        "/intervisie/wachtenden/",
        f"/intervisie/{world.group.pk}/",
        f"/intervisie/{world.group.pk}/leden/",
        "/zoeken/?zoek=Zonnebloem",
        "/zoeken/?zoek=Sevgi",
        "/voortgang/",
        "/voortgang.json",
        "/partijen/",
        "/organisaties/roc-laak/",
        "/beheer/",
        "/cms/",
        *(f"/beheer/parties/person/{person.pk}/change/" for person in people),
        *(f"/beheer/parties/person/?q={person.name.split()[0]}" for person in people),
        *(f"/beheer/search/?s={word}" for word in ("Zonnebloem", "Sevgi", "Bram")),
        *(
            f"/beheer/autocomplete/?app_label={app}&model_name={model}&field_name={field}&term={word}"
            for app, model, field in (
                ("parties", "membership", "person"),
                ("parties", "role", "person"),
            )
            for word in ("Sevgi", "Bram", "Zonnebloem")
        ),
        "/cms/reports/site-history/",
        urlsplit(feed_address(looker)).path,
    ]


def kind_of(address: str) -> str:
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    return match.view_name or match.route


def seen_by(person: Person, world: World) -> dict[str, Answer]:
    """What each address answers, of so many of each kind as suffice."""
    client = Client()
    client.force_login(Person.objects.get(pk=person.pk))  # what an earlier sign-in left on the object is undone
    cache.clear()
    found: dict[str, Answer] = {}
    kinds: Counter[str] = Counter()
    first = starts(world, person)
    queue = deque(first)
    while queue and len(found) < MOST_PAGES:
        address = queue.popleft()
        kind = kind_of(address)
        if address in found or LEFT_OUT.match(address) or not kind:
            continue
        if address not in first:
            if kinds[kind] >= MOST_OF_A_KIND:
                continue
            kinds[kind] += 1
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = (answer.status_code, answer.headers.get("Location", ""), said(body))
        if answer.status_code == 302:
            queue.append(urljoin(address, answer.headers["Location"]))
        elif "html" in answer.headers.get("Content-Type", ""):
            for link in LINK.findall(body.decode()):
                link = urljoin(address, link.replace("&amp;", "&"))
                if link.startswith("/"):
                    queue.append(link)
    return found


def said(body: bytes) -> object:
    """Words of an answer; of a workbook its parts."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return {name: book.read(name) for name in book.namelist()}
    if body[:4] == b"%PDF":
        return len(body) > 0
    return PASSING.sub("", body.decode(errors="replace"))


def seen_in_both(world: World, change: Callable[[Membership], None], looker: Person) -> list[dict[str, Answer]]:
    """What ``looker`` sees after ``change`` of Sevgi, and after that of Bram; each is undone."""
    seen = []
    for one in (world.sevgi, world.bram):
        with transaction.atomic():
            change(one)
            seen.append(seen_by(looker, world))
            transaction.set_rollback(True)
    return seen


def test_who_is_in_a_group_or_asks_for_a_place_cannot_be_told(world: World, subtests: pytest.Subtests) -> None:
    for who, looker in world.people.items():
        for change in (world.in_group, world.asks) if who in PRYING else (world.in_group,):
            with subtests.test(who=who, change=change.__name__):
                one, other = seen_in_both(world, change, looker)
                assert one.keys() == other.keys()
                assert [address for address in one if one[address] != other[address]] == []
                opened = [address for address, (status, _to, _words) in one.items() if status == 200]
                assert len(opened) > ENOUGH
                if who in ("hr", "administrator"):
                    assert any("Sevgi de Wit" in str(one[address]) for address in opened)


def test_there_is_something_to_tell(world: World) -> None:
    """The same look shows the difference to those who may see it, in their feed too."""
    for looker in (world.sevgi.person, world.fellow.person, world.group.facilitator):
        one, other = seen_in_both(world, world.in_group, looker)
        different = {key for key in one if one[key] != other.get(key)}
        assert f"/intervisie/{world.group.pk}/" in different
        assert looker != world.sevgi.person or urlsplit(feed_address(looker)).path in different


def test_nobody_else_gets_a_mail_of_it(world: World) -> None:
    world.in_group(world.sevgi)
    world.asks(world.bram)
    meeting = world.group.meetings.get()
    later = meeting.starts_at + dt.timedelta(days=1)
    plan = MeetingPlan(starts_at=later, ends_at=later + dt.timedelta(minutes=90), place=meeting.place)
    group_meeting_change(meeting=meeting, planned=plan)
    member_leave(member=world.group.members.get(person=world.sevgi.person))
    mails = OutboxMessage.objects.all()
    assert len(mails) > 5
    concerned = [world.sevgi.person, world.bram.person, world.fellow.person, world.group.facilitator]
    assert {mail.to_address for mail in mails} <= {person.email for person in concerned}
    of_others = [(world.sevgi, mails.exclude(person=world.sevgi.person).exclude(person=world.group.facilitator))]
    of_others += [(world.bram, mails.exclude(person__in=[world.bram.person, world.group.facilitator]))]
    for one, seen in of_others:
        assert [mail.subject for mail in seen if one.person.name in f"{mail.subject}{mail.text}{mail.html}"] == []
