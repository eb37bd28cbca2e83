"""Every kind of exercise on the full: open, refused, answered, changed since; with script and without, by everybody else."""

import json
import re
import uuid
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override
from lxml import html

from courses.actions.learning import answer_save, enrolment_start
from courses.models import Answer, Course, CoursePage, LessonPage
from courses.player import exercise
from courses.states import Choosing, Matching, Ordering, Pair, Place, Reflecting, Share, Stating, Voting
from parties.models import Person
from tests.courses.conftest import lesson, module
from tests.courses.kinds import (
    CHOICE,
    CLAIM,
    GIVEN,
    MANY,
    MATCH,
    ORDER,
    POLL,
    STORY,
    THOUGHT,
    every_kind,
    poll,
)
from tests.factories import OrganisationFactory, PartyFactory, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db

#: What the form of each exercise posts, and words that are only there after it.
POSTED: dict[uuid.UUID, tuple[dict[str, Any], str]] = {
    CHOICE: ({"keuze": "a"}, "Wat ziet de stagiair?"),
    MANY: ({"keuze": ["a", "b"]}, "Bij wie dan?"),
    CLAIM: ({"keuze": "true"}, "Veel mensen denken dit."),
    ORDER: ({"plek-a": "2", "plek-b": "1", "plek-c": "3"}, "Eerst het verhaal."),
    MATCH: ({"paar-a": "b", "paar-b": "b", "paar-c": "c"}, "Let op het kenmerk."),
    POLL: ({"keuze": "c"}, "Wie begint?"),
}


@pytest.fixture
def full(course_page: CoursePage) -> LessonPage:
    return lesson(course_page, "Alles", *every_kind())


@pytest.fixture
def learner(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def send(client: Client, full: LessonPage, block_id: uuid.UUID, *, htmx: bool = False, **data: Any) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(f"{full.address}antwoord/{block_id}/", data, headers=headers)


def text(response: Any) -> str:
    return response.content.decode()


def states(client: Client, full: LessonPage) -> dict[str, Any]:
    """What stands in each exercise of the full, by its kind."""
    parts = client.get(full.address).context["parts"]
    return {part.exercise.kind: part.exercise.state for part in parts if part.exercise}


def answered_by(number: int, full: LessonPage, block_id: uuid.UUID, **given: Any) -> None:
    for _ in range(number):
        enrolment = enrolment_start(person=PersonFactory(), course=full.course)
        answer_save(enrolment=enrolment, lesson=full, block_id=block_id, value=given)


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("block_id", POSTED)
@pytest.mark.parametrize("account", [True, False])
def test_an_answer_gets_its_feedback_and_stays(
    client: Client, person: Person, full: LessonPage, block_id: uuid.UUID, htmx: bool, account: bool
) -> None:
    if account:
        client.force_login(person)
    data, words = POSTED[block_id]
    assert words not in text(client.get(full.address))
    with override("nl"):
        response = send(client, full, block_id, htmx=htmx, **data)
    if htmx:
        assert words in text(response)
        assert "<html" not in text(response)
        assert f'id="knop-{block_id}" data-hx-swap-oob="true"' in text(response)
    else:
        assert (response.status_code, response.headers["Location"]) == (302, f"{full.address}#blok-{block_id}")
    assert words in text(client.get(full.address))
    assert Answer.objects.filter(block_id=block_id, answered=True).exists() == account


def test_what_stands_there_before_anything_was_done(learner: Client, full: LessonPage) -> None:
    found = states(learner, full)
    assert [state.attempted for kind, state in found.items() if kind != "scenario"] == [False] * 7
    assert [place.number for place in found["ordering"].places] == ["", "", ""]
    assert [place.key for place in found["ordering"].places] != ["a", "b", "c"]
    assert [key for key, _ in found["matching"].options] != ["a", "b", "c"]
    assert found["reflection"] == Reflecting("", attempted=False)


def test_several_choices(learner: Client, full: LessonPage) -> None:
    def after(*keys: str) -> tuple[list[str], bool, bool]:
        send(learner, full, MANY, keuze=list(keys))
        state = states(learner, full)["multiple_choice"]
        assert isinstance(state, Choosing)
        assert [option.key for option in state.options if option.checked] == sorted(keys)
        return [choice["key"] for choice in state.chosen], state.right, state.astray

    assert after("b", "a") == (["a", "b"], False, True)
    assert after("a") == (["a"], False, False)
    assert after("a", "c") == (["a", "c"], True, False)


def test_a_statement_answers_whoever_says_what(learner: Client, full: LessonPage) -> None:
    for said, right, feedback in [
        ("true", False, "Veel mensen denken dit."),
        ("false", True, "Het gaat om wat het doet."),
    ]:
        send(learner, full, CLAIM, keuze=said)
        state = states(learner, full)["statement"]
        assert state == Stating(options=ANY, said=said, right=right, feedback=feedback)
    shown = text(learner.get(full.address))
    assert 'href="https://www.cbs.nl/">CBS, 2025</a>' in shown


@pytest.mark.parametrize(
    ("order", "turns"),
    [
        ("abc", []),
        ("bac", [("Luisteren", "Vragen")]),
        ("cba", [("Vragen", "Afspreken"), ("Luisteren", "Vragen")]),
        ("cab", [("Luisteren", "Afspreken")]),
    ],
)
def test_an_order_is_explained_by_its_neighbours(
    learner: Client, full: LessonPage, order: str, turns: list[tuple[str, str]]
) -> None:
    send(learner, full, ORDER, **{f"plek-{key}": str(place) for place, key in enumerate(order, start=1)})
    names = {"a": "Luisteren", "b": "Vragen", "c": "Afspreken"}
    state = states(learner, full)["ordering"]
    assert state == Ordering(
        places=[Place(key, names[key], str(place)) for place, key in enumerate(order, start=1)],
        attempted=True,
        turns=turns,
        right_order=["Luisteren", "Vragen", "Afspreken"],
    )
    assert state.right == (order == "abc")


def test_pairs_are_explained_one_by_one(learner: Client, full: LessonPage) -> None:
    send(learner, full, MATCH, **{"paar-a": "b", "paar-b": "b", "paar-c": "c"})
    state = states(learner, full)["matching"]
    assert state == Matching(
        pairs=[
            Pair("a", "Liever geen meisjes", "b", "Indirect", "Direct"),
            Pair("b", "Zonder accent", "b", "Indirect", "Indirect"),
            Pair("c", "Op tijd komen", "c", "Een eis over het werk", "Een eis over het werk"),
        ],
        options=ANY,
        attempted=True,
    )
    assert ([pair.right for pair in state.pairs], state.right) == ([False, True, True], False)
    send(learner, full, MATCH, **{"paar-a": "a", "paar-b": "b", "paar-c": "c"})
    assert states(learner, full)["matching"].right


@pytest.mark.parametrize("others", [3, 4])
def test_a_poll_shows_the_spread_from_five_people_on(learner: Client, full: LessonPage, others: int) -> None:
    answered_by(others - 1, full, POLL, choice="a")
    answered_by(1, full, POLL, choice="c")
    assert states(learner, full)["poll"] == Voting(options=ANY, chosen=None, shares=[], total=0)

    send(learner, full, POLL, keuze="c")
    state = states(learner, full)["poll"]
    shares = [Share("Vaak", others - 1, False), Share("Soms", 0, False), Share("Nooit", 2, True)]
    assert state.shares == (shares if others == 4 else [])
    shown = text(learner.get(full.address))
    assert ("<progress" in shown.split("Praten jullie erover?")[1]) == (others == 4)


def test_a_poll_counts_the_answer_that_was_given_last_and_only_what_can_be_chosen(
    learner: Client, full: LessonPage
) -> None:
    answered_by(5, full, POLL, choice="b")
    send(learner, full, POLL, keuze="a")
    send(learner, full, POLL, keuze="b")
    assert [share.count for share in states(learner, full)["poll"].shares] == [0, 6, 0]
    answer = Answer.objects.filter(block_id=POLL).first()
    answer.value = {"choice": "gone"}
    answer.save()
    assert [share.count for share in states(learner, full)["poll"].shares] == [0, 5, 0]


def test_a_poll_of_a_copied_lesson_counts_its_own_people(learner: Client, full: LessonPage) -> None:
    answered_by(5, full, POLL, choice="b")
    copy = lesson(full.course_page, "Kopie", poll())
    send(learner, copy, POLL, keuze="a")
    assert states(learner, copy)["poll"].shares == []


REFUSED = [
    (MANY, {}),
    (ORDER, {"plek-a": "1", "plek-b": "1", "plek-c": "3"}),
    (ORDER, {"plek-a": "", "plek-b": "2", "plek-c": ""}),
    (MATCH, {"paar-a": "c", "paar-b": "", "paar-c": "a"}),
    (THOUGHT, {"tekst": "x" * 2001}),
]


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize(("block_id", "data"), REFUSED)
def test_a_form_that_is_refused_shows_again_what_was_filled_in(
    learner: Client,
    full: LessonPage,
    block_id: uuid.UUID,
    data: dict[str, str],
    before: bool,
) -> None:
    kept = GIVEN[block_id][0]
    if before:
        answer_save(
            enrolment=enrolment_start(person=Person.objects.get(), course=full.course),
            lesson=full,
            block_id=block_id,
            value=kept[0],
        )
    response = send(learner, full, block_id, **data)
    assert response.status_code == 422
    form = html.fromstring(text(response)).get_element_by_id(f"blok-{block_id}")
    assert len(form.find_class("utrecht-form-field-error-message")) == 1
    own = {"les", "keer", "getoond", "wie"}
    shown = {name: value.removeprefix("\n") for name, value in form.form_values() if value and name not in own}
    shown.pop("csrfmiddlewaretoken", None)
    assert shown == {name: value for name, value in data.items() if value}
    assert [answer.value for answer in Answer.objects.all()] == ([kept[1]] if before else [])
    assert f'href="#blok-{block_id}"' in text(response)

    fragment = text(send(learner, full, block_id, htmx=True, **data))
    assert "utrecht-form-field-error-message" in fragment
    assert "<textarea" not in fragment


def test_what_an_editor_changed_since_can_be_done_again_and_stays_done(learner: Client, full: LessonPage) -> None:
    for block_id, (data, _) in POSTED.items():
        send(learner, full, block_id, **data)
    for child in full.body:
        for name in ("choices", "items", "pairs"):
            for row in child.value.get(name, []):
                row["key"] = f"{row['key']}2"
    full.save_revision().publish()

    response = learner.get(full.address)
    shown = {part.exercise.kind: part.exercise for part in response.context["parts"]}
    changed = {"single_choice", "multiple_choice", "ordering", "matching", "poll"}
    assert {kind for kind, one in shown.items() if one.answered and not one.state.attempted} == changed
    with override("nl"):
        from django.utils.translation import gettext as now

        sentence = now("You did this exercise before. It was changed since, so you can choose again.")
    assert text(response).count(escape(sentence)) == len(changed)


def test_a_reflection_is_shown_as_text_to_who_wrote_it(learner: Client, full: LessonPage) -> None:
    send(learner, full, THOUGHT, tekst="Ik <b>zweeg</b>.\r\n<script>x()</script>Toen & nu: 3 < 5 &lt;i&gt;")
    assert Answer.objects.get().value == {"text": "Ik zweeg.\nToen & nu: 3 < 5 <i>"}
    shown = text(learner.get(full.address))
    assert "Ik zweeg.\nToen &amp; nu: 3 &lt; 5 &lt;i&gt;</textarea>" in shown


@pytest.mark.parametrize("account", [True, False])
@pytest.mark.parametrize("htmx", [True, False])
def test_a_reflection_is_deleted_and_stays_done(
    client: Client, person: Person, full: LessonPage, account: bool, htmx: bool
) -> None:
    if account:
        client.force_login(person)
    send(client, full, THOUGHT, tekst="Mijn geheim")
    assert "Mijn geheim" in text(client.get(full.address))

    response = send(client, full, THOUGHT, htmx=htmx, doe="delete", tekst="Mijn geheim")
    if htmx:
        area = html.fragment_fromstring(text(response), create_parent=True).get_element_by_id(f"tekst-{THOUGHT}")
        assert (area.get("data-hx-swap-oob"), area.text.strip()) == ("true", "")
        assert "data-focus" in text(response)
    shown = client.get(full.address)
    assert "Mijn geheim" not in text(shown)
    one = next(part.exercise for part in shown.context["parts"] if part.exercise.kind == "reflection")
    assert (one.answered, one.state) == (True, Reflecting("", attempted=False))
    assert "Mijn geheim" not in json.dumps(dict(client.session))
    if account:
        answer = Answer.objects.get()
        assert (answer.value, answer.answered, answer.first_value) == ({"text": ""}, True, None)


def test_deleting_asks_once_without_script(learner: Client, full: LessonPage) -> None:
    def asked() -> list[str]:
        form = html.fromstring(text(learner.get(full.address))).get_element_by_id(f"blok-{THOUGHT}")
        return [button.get("value") for button in form.iterfind(".//details//button[@name='doe']")]

    assert asked() == []
    send(learner, full, THOUGHT, tekst="Mijn geheim")
    assert asked() == ["delete"]


def test_deleting_what_was_never_written_does_not_make_it_done(learner: Client, full: LessonPage) -> None:
    send(learner, full, THOUGHT, doe="delete")
    assert Answer.objects.filter(answered=True).count() == 0


def test_what_somebody_wrote_is_nowhere_for_anybody_else(
    client: Client, person: Person, full: LessonPage, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(person)
    send(client, full, THOUGHT, tekst="Mijn geheim")
    assert "Mijn geheim" in text(client.get(full.address))
    answer = Answer.objects.get()
    assert (answer.value, answer.first_value) == ({"text": "Mijn geheim"}, None)

    scopes = {"hr": {"organisation": OrganisationFactory()}, "coordinator": {"party": PartyFactory()}}
    for kind in ("hr", "coordinator", "trainer", "facilitator", "network", "editor", "administrator"):
        other = PersonFactory(is_superuser=kind == "administrator")
        RoleFactory(person=other, kind=kind, **scopes.get(kind, {}))
        client.force_login(other)
        for url in (
            full.address,
            full.course_page.address,
            "/mijn/",
            "/modules/",
            f"/cms/pages/{full.pk}/edit/",
            f"{full.address}?person={person.pk}",
            f"{full.address}antwoord/{THOUGHT}/",
        ):
            assert "Mijn geheim" not in text(client.get(url, follow=True))
        send(client, full, THOUGHT, doe="delete")
    answer.refresh_from_db()
    assert answer.value == {"text": "Mijn geheim"}
    assert "Mijn geheim" not in caplog.text


def test_what_was_first_given_and_in_which_revision(person: Person, full: LessonPage) -> None:
    enrolment = enrolment_start(person=person, course=full.course)

    def save(block_id: uuid.UUID, **given: Any) -> tuple[Any, Any, int]:
        answer = answer_save(enrolment=enrolment, lesson=full, block_id=block_id, value=given)
        answer.refresh_from_db()
        return answer.value, answer.first_value, answer.revision

    now = Course.objects.get().revision
    assert save(CHOICE, choice="a") == ({"choice": "a"}, {"choice": "a"}, now)
    full.save_revision().publish()
    assert save(CHOICE, choice="b") == ({"choice": "b"}, {"choice": "a"}, now + 1)
    assert save(STORY, path=["b"])[1] is None
    assert save(STORY, path=["b", "y"])[1] == {"path": ["b", "y"], "done": True, "skipped": False}
    assert save(STORY, skipped=True)[1] == {"path": ["b", "y"], "done": True, "skipped": False}
    assert save(THOUGHT, text="Ik zweeg.")[1] is None


def test_who_may_not_answer_sees_what_is_asked(client: Client, full: LessonPage) -> None:
    other = lesson(module(full.course_page.get_parent().specific, "Erkennen", position=2), "Ook", *every_kind())
    shown = text(client.get(other.address))
    for words in [
        "Welke eisen",
        "Zonder bedoeling",
        "Wat eerst?",
        "Wat is dit?",
        "Wanneer zei jij niets?",
        "Praten jullie",
    ]:
        assert words in shown
    assert "antwoord/" not in shown
    assert 'name="keuze"' not in shown
    lines = [line.text_content() for line in html.fromstring(shown).iterfind(".//li[@class='order__line']/span")]
    assert sorted(lines) == ["Afspreken", "Luisteren", "Vragen"]
    assert lines != ["Luisteren", "Vragen", "Afspreken"]


def test_everything_with_an_id_has_one_of_its_own(learner: Client, full: LessonPage) -> None:
    for block_id, (data, _) in POSTED.items():
        send(learner, full, block_id, **data)
    send(learner, full, THOUGHT, tekst="Ik zweeg.")
    found = re.findall(r'\bid="([^"]+)"', text(learner.get(full.address)))
    assert sorted(found) == sorted(set(found))


def test_a_draft_of_a_block_that_has_no_id_yet_is_shown(full: LessonPage) -> None:
    for child in full.body:
        shown = exercise(child, None, answered=False, may_answer=False, url="", lesson_key="")
        assert shown.heading
        assert child.render().strip()
