"""Answers, notes and reflections are for who gave them. Everybody else, whatever their role, finds nothing of them."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.snippets.models import get_snippet_models

from cms.actions.site import editors_ensure
from cms.models import HomePage
from courses.actions.learning import answer_save, enrolment_start
from courses.actions.notes import note_save
from courses.models import Answer, Enrolment, LessonProgress, Note
from parties.actions.roles import role_grant
from parties.models import Membership, Person
from sessions.models import Training
from tests.courses.conftest import CHOICE, STORY, lesson, scenario, single_choice
from tests.courses.kinds import THOUGHT, reflection
from tests.factories import AffiliationFactory, MembershipFactory, PersonFactory
from tests.sessions.factories import published

pytestmark = pytest.mark.django_db

OWN_APPS = ("parties", "courses", "sessions", "certificates", "commitments", "cms")
ROLES = ["learner", "hr", "trainer", "facilitator", "coordinator", "network", "editor", "administrator"]
NOTE, THOUGHTS, CHOSEN = "Geheim van de notitie", "Geheim van de gedachte", "Doorgeven telt ook."
PRIVATE = [Answer, Enrolment, LessonProgress, Note]


class World:
    """Somebody who wrote and answered, in a training and at an organisation of a party; and who has a role over them."""

    def __init__(self, course_page: Any) -> None:
        self.page = lesson(course_page, "Een", single_choice(), scenario(), reflection())
        self.membership: Membership = MembershipFactory(side="school")
        self.owner: Person = self.membership.person
        AffiliationFactory(organisation=self.membership.organisation)
        self.party = self.membership.organisation.parties.get()
        self.training: Training = published()
        enrolment = enrolment_start(person=self.owner, course=course_page.own_course)

        def answer(block_id: uuid.UUID, **value: Any) -> Answer:
            return answer_save(enrolment=enrolment, lesson=self.page, block_id=block_id, value=value)

        answer(CHOICE, choice="b")
        answer(STORY, path=["b", "y"])
        self.thought = answer(THOUGHT, text=THOUGHTS)
        note_save(enrolment=enrolment, lesson=self.page, text=NOTE)
        self.note = Note.objects.get()
        self.enrolment = enrolment

    def person(self, role: str) -> Person:
        if role == "trainer":
            return self.training.trainers.get()
        person = PersonFactory()
        scope = {"hr": {"organisation": self.membership.organisation}, "coordinator": {"party": self.party}}
        if role != "learner":
            role_grant(person=person, kind=role, **scope.get(role, {}))
        else:
            MembershipFactory(person=person, organisation=self.membership.organisation, side="school")
        return Person.objects.get(pk=person.pk)

    def guesses(self, converter: str, name: str) -> list[Any]:
        """What somebody who guesses puts in an address: the keys of what is private, and of all around it."""
        if converter == "uuid":
            return [self.thought.uuid, self.page.translation_key, THOUGHT]
        if converter == "int":
            keys = {
                self.note.pk,
                self.thought.pk,
                self.enrolment.pk,
                self.owner.pk,
                self.training.pk,
                self.membership.pk,
            }
            return sorted(keys)
        slugs = {
            "module": [self.page.course_page.slug],
            "lesson": [self.page.slug],
            "organisation": [self.membership.organisation.slug],
            "slug": [self.membership.organisation.slug, self.party.slug],
        }
        return slugs.get(name, ["x"])


@pytest.fixture
def world(course_page: Any) -> World:
    return World(course_page)


def own_routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address of our own, as a route and its converters."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from own_routes(entry, route)
        elif isinstance(entry, URLPattern) and entry.lookup_str.split(".")[0] in OWN_APPS:
            yield route, entry.pattern.converters


def addresses(world: World) -> set[str]:
    """Every address of our own with every guess in it."""
    found = set()
    for route, converters in own_routes(get_resolver()):
        if "beheer/" in route or route.startswith("^"):
            continue
        made = [f"/{route}"]
        for name, converter in converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            made = [
                re.sub(rf"<(\w+:)?{name}>", str(guess), address)
                for address in made
                for guess in world.guesses({"int": "int", "uuid": "uuid"}.get(kind, kind), name)
            ]
        found.update(made)
    return found


def text(response: Any) -> str:
    return response.getvalue().decode(errors="replace")


def test_the_owner_finds_everything_again(client: Client, world: World) -> None:
    """So that there is something to see in all that follows."""
    client.force_login(world.owner)
    assert [words in text(client.get(world.page.address)) for words in (NOTE, THOUGHTS, CHOSEN)] == [True] * 3
    assert [words in text(client.get("/mijn/aantekeningen/")) for words in (NOTE, THOUGHTS)] == [True] * 2


@pytest.mark.parametrize("role", ROLES)
def test_no_address_shows_them_to_anybody_else(client: Client, world: World, role: str) -> None:
    tried = addresses(world)
    assert {
        "/mijn/aantekeningen/",
        world.page.address,
        f"/organisaties/{world.membership.organisation.slug}/",
        f"/trainingen/{world.training.pk}/deelnemers/",
        f"/mijn/aantekeningen/{world.note.pk}/wissen/",
        f"/mijn/aantekeningen/{world.thought.uuid}/wissen/",
    } <= tried
    client.force_login(world.person(role))
    on_paper = f"{world.page.course_page.address}afdrukken/"  # every explanation stands there, for everyone
    shown = {}
    for address in sorted(tried):
        response = client.get(address)
        private = (NOTE, THOUGHTS) if address == on_paper else (NOTE, THOUGHTS, CHOSEN)
        if any(words in text(response) for words in private):
            shown[address] = response.status_code
    assert shown == {}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_else_can_change_or_delete_them(client: Client, world: World, role: str) -> None:
    client.force_login(world.person(role))
    before = rows(world.owner)
    for key in (world.note.pk, world.thought.uuid):
        assert client.post(f"/mijn/aantekeningen/{key}/wissen/").status_code == 404
    # Under one's own name anybody may write in a lesson; the owner's rows stay as they are.
    client.post(f"{world.page.address}aantekening/", {"doe": "delete", "note": world.note.pk, "person": world.owner.pk})
    client.post(f"{world.page.address}antwoord/{THOUGHT}/", {"doe": "delete", "enrolment": world.enrolment.pk})
    assert rows(world.owner) == before


def rows(owner: Person) -> list[Any]:
    return [
        list(Answer.objects.of(owner).order_by("pk").values_list("block_id", "value")),
        list(Note.objects.of(owner).values_list("text", flat=True)),
    ]


def test_the_admin_sites_have_no_screen_for_them() -> None:
    assert [model for model in PRIVATE if model in admin.site._registry] == []
    assert [model for model in PRIVATE if model in get_snippet_models()] == []
    assert set(apps.get_app_config("courses").get_models()) & set(admin.site._registry) == set()
    inlines = {inline.model for site in admin.site._registry.values() for inline in site.inlines}
    assert inlines & set(PRIVATE) == set()


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_the_admin_sites_do_not_show_them_under_a_guessed_address(client: Client, world: World, role: str) -> None:
    editors_ensure(HomePage.objects.get())
    client.force_login(world.person(role))
    page, course, owner = world.page.pk, world.page.course.pk, world.owner.pk
    missing = []
    for model in ("answer", "note", "enrolment", "lessonprogress"):
        missing += [
            f"/beheer/courses/{model}/",
            f"/beheer/courses/{model}/1/change/",
            f"/cms/snippets/courses/{model}/",
        ]
    assert {url: client.get(url).status_code for url in missing} == dict.fromkeys(missing, 404)

    shown = [
        f"/cms/pages/{page}/edit/",
        f"/cms/pages/{page}/history/",
        f"/cms/pages/{page}/usage/",
        f"/cms/snippets/courses/course/usage/{course}/",
        f"/cms/snippets/courses/course/inspect/{course}/",
        "/cms/snippets/courses/course/?export=csv",
        "/cms/reports/site-history/",
        "/cms/reports/site-history/?export=csv",
    ]
    if role == "administrator":
        shown += [f"/beheer/parties/person/{owner}/change/", f"/beheer/parties/person/{owner}/history/"]
        shown += ["/beheer/parties/person/", "/beheer/parties/auditentry/"]
    answers = {url: client.get(url) for url in shown}
    assert {url: answer.status_code for url, answer in answers.items() if answer.status_code not in (200, 404)} == {}
    private = (NOTE, THOUGHTS, str(world.thought.uuid), f"{world.owner} – {world.page.course}")
    assert {url for url, answer in answers.items() if any(words in text(answer) for words in private)} == set()
    assert {url for url, answer in answers.items() if answer.status_code == 200} >= {shown[0], shown[4], shown[6]}
