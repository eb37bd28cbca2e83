"""What editors see of learning in Wagtail's admin: how many, never who, and nothing about fewer than five."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import openpyxl
import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from wagtail.users.models import UserProfile

from cms.actions.site import editors_ensure
from cms.lesson_reports import HELD_BACK, Cell, Exercise, LessonReport
from cms.models import HomePage
from courses.models import Answer, CoursePage, Enrolment, LessonPage, LessonProgress
from parties.actions.roles import role_grant
from parties.middleware import GATES
from parties.models import Person
from sessions.actions.attendance import attendance_mark
from sessions.actions.registrations import registration_create
from sessions.actions.trainings import training_close
from sessions.models import Training
from tests.courses.conftest import CHOICE, STORY, block, items, lesson
from tests.courses.kinds import CLAIM, MANY, MATCH, ORDER, POLL, THOUGHT, every_kind
from tests.factories import MembershipFactory, OrganisationFactory, PartyFactory, PersonFactory
from tests.sessions.factories import at, meeting, published, trainer

pytestmark = pytest.mark.django_db

SECRET = "Toen ik niets zei"
Values = Mapping[UUID, dict[str, Any]]


@pytest.fixture
def full(course_page: CoursePage) -> LessonPage:
    return lesson(course_page, "Alles", *every_kind())


@pytest.fixture
def editor(client: Client, course_page: CoursePage) -> Client:
    editors_ensure(HomePage.objects.get())
    client.force_login(with_role("editor"))
    return client


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def with_role(kind: str, **scope: Any) -> Person:
    person = PersonFactory()
    role_grant(person=person, kind=kind, **scope)
    UserProfile.objects.create(user=person, preferred_language="en")  # of Wagtail's own screens
    return person


def learners(
    full: LessonPage,
    number: int,
    last: Values,
    *,
    first: Values | None = None,
    revision: int = 1,
    minutes: int | None = None,
    last_block: UUID | None = None,
) -> list[Person]:
    """People who answered this lesson; they finished it when they have ``minutes``."""
    people = PersonFactory.create_batch(number)
    now = timezone.now()
    finished = {"seconds": minutes * 60, "completed_at": now, "completed_revision": revision} if minutes else {}
    for person in people:
        enrolment = Enrolment.objects.create(person=person, course=full.course)
        LessonProgress.objects.create(
            enrolment=enrolment, lesson_key=full.translation_key, last_block=last_block, **finished
        )
        Answer.objects.bulk_create(
            Answer(
                enrolment=enrolment,
                lesson_key=full.translation_key,
                block_id=block_id,
                value=value,
                first_value=None if block_id == THOUGHT else (first or last)[block_id],
                answered=True,
                revision=revision,
            )
            for block_id, value in last.items()
        )
    return people


def report(editor: Client, full: LessonPage, query: str = "") -> LessonReport:
    response = editor.get(f"/cms/cijfers/les/{full.pk}/{query}")
    assert response.status_code == 200
    return response.context["report"]


def table(exercise: Exercise) -> list[tuple[str, list[tuple[str, list[object]]]]]:
    """What stands in an exercise: for each part its choices, each with a count for each column."""
    return [
        (part.key, [(row.label, [cell.count for cell in row.cells]) for row in part.rows] or [("", list(part.people))])
        for part in exercise.parts
    ]


def exercise(editor: Client, full: LessonPage, number: int = 1, query: str = "") -> Exercise:
    return next(one for one in report(editor, full, query).exercises if one.number == number)


def choice(key: str) -> dict[str, Any]:
    return {"choice": key}


def test_every_kind_of_exercise_has_its_spread(editor: Client, full: LessonPage) -> None:
    one = {
        CHOICE: choice("a"),
        MANY: {"choices": ["a", "b"]},
        CLAIM: choice("true"),
        ORDER: {"order": ["b", "a", "c"]},
        MATCH: {"pairs": {"a": "b", "b": "b", "c": "c"}},
        THOUGHT: {"text": SECRET},
        POLL: choice("c"),
        STORY: {"path": ["b", "y"], "done": True, "skipped": False},
    }
    other = {
        CHOICE: choice("b"),
        MANY: {"choices": ["a", "c"]},
        CLAIM: choice("false"),
        ORDER: {"order": ["a", "b", "c"]},
        MATCH: {"pairs": {"a": "a", "b": "b", "c": "c"}},
        THOUGHT: {"text": ""},
        POLL: choice("a"),
        STORY: {"path": [], "done": False, "skipped": True},
    }
    learners(full, 7, one)
    learners(full, 11, other, first=one)
    found = report(editor, full)
    assert found.columns == ("First choice", "Last choice")
    assert [table(one) for one in found.exercises] == [
        [("", [("Alleen de klant.", [15, 5]), ("Jullie allebei.", ["<5", 10])])],
        [
            (
                "",
                [
                    ("Je kunt een rooster lezen.", [15, 15]),
                    ("Je past bij ons.", [15, 5]),
                    ("Je begint om zeven uur.", ["<5", 10]),
                ],
            )
        ],
        [("", [("True", [15, 5]), ("Not true", ["<5", 10])])],
        [
            ("a", [("Place 1", ["<5", 10]), ("Place 2", [15, 5]), ("Place 3", ["<5", "<5"])]),
            ("b", [("Place 1", [15, 5]), ("Place 2", ["<5", 10]), ("Place 3", ["<5", "<5"])]),
            ("c", [("Place 1", ["<5", "<5"]), ("Place 2", ["<5", "<5"]), ("Place 3", [15, 15])]),
        ],
        [
            ("a", [("Direct", ["<5", 10]), ("Indirect", [15, 5]), ("Een eis over het werk", ["<5", "<5"])]),
            ("b", [("Direct", ["<5", "<5"]), ("Indirect", [15, 15]), ("Een eis over het werk", ["<5", "<5"])]),
            ("c", [("Direct", ["<5", "<5"]), ("Indirect", ["<5", "<5"]), ("Een eis over het werk", [15, 15])]),
        ],
        [("", [("Vaak", ["<5", 10]), ("Soms", ["<5", "<5"]), ("Nooit", [15, 5])])],
        [
            ("", [("Went through the story", [15, 5]), ("Skipped the story", ["<5", 10])]),
            ("n1", [("Kies a", ["<5", "<5"]), ("Kies b", [15, 5])]),
            ("n2", [("Kies x", ["<5", "<5"]), ("Kies y", [15, 5])]),
            ("end", [("", ["<5", "<5"])]),
            ("good", [("", [15, 5])]),
        ],
    ]
    assert [row.right for row in found.exercises[0].parts[0].rows] == [False, True]


def test_the_page_has_bars_with_numbers_and_no_bar_for_what_is_hidden(editor: Client, full: LessonPage) -> None:
    learners(full, 15, {CHOICE: choice("a")})
    learners(full, 5, {CHOICE: choice("b")})
    learners(full, 2, {POLL: choice("b")})
    response = editor.get(f"/cms/cijfers/les/{full.pk}/")
    words = " ".join(response.content.decode().split())
    assert "15 of 20" in words
    assert "5 of 20" in words
    assert words.count('<rect width="75" height="8" class="heat__fill"') == 2
    assert words.count('<rect width="25" height="8" class="heat__fill"') == 2
    assert words.count('<rect width="100" height="8" class="heat__fill"') == 1  # nobody finished
    assert words.count("heat__fill") == 5
    assert words.count("Fewer than five people did this exercise.") == 6
    assert Cell("<5", 20).share is None
    assert [Cell(count, 1000).heat for count in (5, 200, 210, 1000)] == [1, 1, 2, 5]


def test_a_group_of_four_is_hidden_and_the_fifth_brings_it_out(editor: Client, full: LessonPage) -> None:
    values = {CHOICE: choice("a")}
    learners(full, 10, {CHOICE: choice("b")})
    learners(full, 4, values)
    assert Answer.objects.filter(value=values[CHOICE]).count() == 4  # there is something to hide
    row = exercise(editor, full).parts[0].rows[0]
    assert row.cells == (Cell("<5", 10), Cell("<5", 10))
    learners(full, 1, values)
    row = exercise(editor, full).parts[0].rows[0]
    assert row.cells == (Cell(5, 15), Cell(5, 15))


def test_fewer_than_five_people_show_nothing_at_all(editor: Client, full: LessonPage) -> None:
    learners(full, 4, {CHOICE: choice("a")}, minutes=7)
    found = report(editor, full)
    assert (found.line.began, found.line.finished, found.line.minutes) == ("<5", "<5", None)
    assert found.exercises[0].is_hidden
    learners(full, 1, {CHOICE: choice("a")}, minutes=9)
    found = report(editor, full)
    assert (found.line.began, found.line.finished, found.line.minutes) == (5, 5, (7, 7, 7))


def test_numbers_that_together_tell_a_small_group_are_held_back(editor: Client, course_page: CoursePage) -> None:
    choices = items(*({"key": key, "text": key} for key in "abcde"))
    question = {"question": "Hoe vaak?", "choices": choices, "feedback": ""}
    full = lesson(course_page, "Vraag", block("poll", POLL, question))
    for key in "abcde":
        learners(full, 4, {POLL: choice(key)})
    assert Answer.objects.count() == 20
    assert table(exercise(editor, full)) == [("", [(key, [HELD_BACK] * 2) for key in "abcde"])]
    assert "held back" in editor.get(f"/cms/cijfers/les/{full.pk}/").content.decode()
    learners(full, 1, {POLL: choice("a")})
    assert table(exercise(editor, full))[0][1][0] == ("a", [5, 5])


def test_where_people_stopped(editor: Client, full: LessonPage) -> None:
    learners(full, 6, {}, last_block=CHOICE)
    learners(full, 12, {}, last_block=STORY)
    learners(full, 3, {}, last_block=POLL)
    learners(full, 5, {}, last_block=UUID(int=99))
    learners(full, 10, {})
    learners(full, 9, {}, minutes=10, last_block=STORY)
    found = report(editor, full)
    assert (found.line.began, found.line.finished, found.unfinished) == (45, 5, 35)
    assert [(row.label, row.cells) for row in found.stops] == [
        ("At the beginning", (Cell(10, 35),)),
        ("1. Single choice: Wie maakt onderscheid?", (Cell(5, 35),)),
        ("8. Story with choices: Iets neutraals", (Cell(10, 35),)),
        ("At a part that is not there any more", (Cell(5, 35),)),
    ]


def test_time_is_that_of_who_finished(editor: Client, full: LessonPage) -> None:
    for minutes in (4, 8, 8, 12, 40):
        learners(full, 1, {}, minutes=minutes)
    learners(full, 20, {}, last_block=CHOICE)
    LessonProgress.objects.filter(completed_at=None).update(seconds=6000)
    assert report(editor, full).line.minutes == (8, 8, 12)


def test_one_revision_and_all_together(editor: Client, full: LessonPage) -> None:
    learners(full, 6, {CHOICE: choice("a")}, revision=1, minutes=5)
    learners(full, 8, {CHOICE: choice("b")}, revision=2)
    learners(full, 4, {CHOICE: choice("b")}, revision=3)
    response = editor.get(f"/cms/cijfers/les/{full.pk}/")
    assert response.context["revisions"] == [(2, 2), (1, 1)]
    shown = {
        query: (found.line.began, found.line.finished, [row.cells[1].count for row in found.exercises[0].parts[0].rows])
        for query in ("", "?revision=1", "?revision=2")
        for found in [report(editor, full, query)]
    }
    assert shown == {"": (15, 5, [5, 10]), "?revision=1": (5, 5, [5, "<5"]), "?revision=2": (5, "<5", ["<5", 5])}
    module = f"/cms/cijfers/module/{full.course_page.pk}/"
    for query, began in {"": 15, "?revision=1": 5, "?revision=2": 5}.items():
        assert [line.began for line in editor.get(module + query).context["lines"]] == [began]
    for address in (module, f"/cms/cijfers/les/{full.pk}/"):
        for query in ("?revision=3", "?revision=9", "?revision=0", "?revision=x", "?revision=-1"):
            assert editor.get(address + query).status_code == 404


def trained(people: Iterable[Person], **fields: Any) -> Training:
    """A training on 14 January that these people attended, the first half from school."""
    people = list(people)
    by = trainer()
    with time_machine.travel(at(1, 9)):
        training = published(by=by, seats_school=20, seats_workplace=20, meetings=(meeting(),), **fields)
        for place, person in enumerate(people):
            side = "school" if place < len(people) / 2 else "workplace"
            membership = MembershipFactory(person=person, side=side)
            registration_create(training=training, membership=membership, by=person)
    with time_machine.travel(at(14, 16, 30)):
        for person in people:
            attendance_mark(meeting=training.meetings.get(), person=person, state="present", by=by)
        return training_close(training=training, by=by)


def test_before_and_after_a_joint_training(editor: Client, full: LessonPage) -> None:
    changed = {"first": {CHOICE: choice("a")}}
    with time_machine.travel(at(4, 12)):
        redone = learners(full, 7, {CHOICE: choice("b")}, **changed)
        learners(full, 6, {CHOICE: choice("a")})  # never at a training
    with time_machine.travel(at(20, 12)):
        Answer.objects.filter(enrolment__person__in=redone).update(last_at=timezone.now())
        later = learners(full, 5, {CHOICE: choice("b")})
        learners(full, 5, {CHOICE: choice("b")})  # late, and never at a training
    trained([*redone, *later])
    assert table(exercise(editor, full)) == [("", [("Alleen de klant.", [10, 5]), ("Jullie allebei.", [10, 15])])]
    found = report(editor, full, "?training=1")
    assert found.columns == (
        "First choice, before a training",
        "First choice, after a training",
        "Last choice, before a training",
        "Last choice, after a training",
    )
    assert table(found.exercises[0]) == [
        ("", [("Alleen de klant.", [10, "<5", 5, "<5"]), ("Jullie allebei.", [5, 5, 5, 10])])
    ]


def test_a_training_for_one_side_is_no_joint_training(editor: Client, full: LessonPage) -> None:
    with time_machine.travel(at(4, 12)):
        people = learners(full, 6, {CHOICE: choice("a")})
    with time_machine.travel(at(20, 12)):
        Answer.objects.update(first_at=timezone.now(), last_at=timezone.now())
    training = trained(people)
    after = [("Alleen de klant.", ["<5", 5, "<5", 5]), ("Jullie allebei.", ["<5"] * 4)]
    assert table(exercise(editor, full, query="?training=1")) == [("", after)]
    training.registrations.update(side="school")
    before = [("Alleen de klant.", [5, "<5", 5, "<5"]), ("Jullie allebei.", ["<5"] * 4)]
    assert table(exercise(editor, full, query="?training=1")) == [("", before)]


def test_modules_and_lessons_are_listed(editor: Client, course_page: CoursePage, full: LessonPage) -> None:
    second = lesson(course_page, "Terugblik")
    second.unpublish()
    people = learners(full, 11, {}, minutes=6)
    Enrolment.objects.filter(person__in=people[:7]).update(completed_at=timezone.now())
    lines = editor.get("/cms/cijfers/").context["lines"]
    assert [(line.page, line.began, line.finished) for line in lines] == [(course_page, 10, 5)]
    response = editor.get(f"/cms/cijfers/module/{course_page.pk}/")
    assert [(line.page, line.began, line.minutes) for line in response.context["lines"]] == [
        (full, 10, (6, 6, 6)),
        (second, "<5", None),
    ]
    assert f'href="/cms/cijfers/les/{full.pk}/"' in response.content.decode()
    assert "(offline)" in response.content.decode()


def sheets(response: Any) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_the_export_says_what_the_screen_says(editor: Client, full: LessonPage) -> None:
    story = {STORY: {"path": ["b", "y"], "done": True, "skipped": False}}
    learners(full, 6, {CHOICE: choice("a"), **story}, minutes=8)
    learners(full, 5, {CHOICE: choice("b")}, last_block=CHOICE)
    response = editor.get(f"/cms/cijfers/les/{full.pk}/?export=xlsx")
    assert response.headers["Content-Disposition"] == 'attachment; filename="cijfers-alles.xlsx"'
    found = sheets(response)
    few = "fewer than 5"
    took = [f"{part} took at most (minutes)" for part in ("A quarter", "Half", "Three quarters")]
    assert found["Lessons"] == [["Lesson", "Began", "Finished", *took], ["Alles", 10, 5, 8, 8, 8]]
    assert found["Stopped"] == [
        ["Where people stopped", "People", "Of who did not finish"],
        ["1. Single choice: Wie maakt onderscheid?", 5, 5],
    ]
    heads = ["First choice", "First choice: of", "Last choice", "Last choice: of"]
    assert found["Choices"][0] == ["Number", "Kind", "Exercise", "Part", "Choice", "Right answer", *heads]
    of_choice = [1, "Single choice", "Wie maakt onderscheid?", None]
    assert found["Choices"][1:3] == [
        [*of_choice, "Alleen de klant.", "no", 5, 10, 5, 10],
        [*of_choice, "Jullie allebei.", "yes", 5, 10, 5, 10],
    ]
    of_story = [8, "Story with choices", "Iets neutraals"]
    assert found["Choices"][-8:] == [
        [*of_story, None, "Went through the story", None, 5, 5, 5, 5],
        [*of_story, None, "Skipped the story", None, few, 5, few, 5],
        [*of_story, "n1: De manager belt.", "Kies a", None, few, 5, few, 5],
        [*of_story, "n1: De manager belt.", "Kies b", None, 5, 5, 5, 5],
        [*of_story, "n2: Er is geen regel.", "Kies x", None, few, 5, few, 5],
        [*of_story, "n2: Er is geen regel.", "Kies y", None, 5, 5, 5, 5],
        [*of_story, "end: De plek is weg.", "The end", None, few, few, few, few],
        [*of_story, "good: Samira beslist zelf.", "The end", None, 5, 5, 5, 5],
    ]
    shown = report(editor, full)
    rows = [row for one in shown.exercises for part in one.parts for row in part.rows]
    exported = {(line[2], line[3], line[4]): line[6:] for line in found["Choices"][1:]}
    assert len(exported) == len(rows) + 2  # two ends
    module = editor.get(f"/cms/cijfers/module/{full.course_page.pk}/?export=xlsx")
    assert sheets(module) == {"Lessons": found["Lessons"]}


def test_a_text_is_no_formula_in_the_export(editor: Client, course_page: CoursePage) -> None:
    texts = ['=HYPERLINK("https://example.org")', "+1", "-1", "@SUM(A1)", "\x0bgewoon"]
    choices = items(*({"key": str(place), "text": text} for place, text in enumerate(texts)))
    full = lesson(course_page, "Som", block("poll", POLL, {"question": "=2+2", "choices": choices, "feedback": ""}))
    LessonPage.objects.filter(pk=full.pk).update(title="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(editor.get(f"/cms/cijfers/les/{full.pk}/?export=xlsx").content))
    cells = [row[4] for row in book["Choices"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [*texts[:4], "gewoon"]
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {"=1+1", "=2+2"} < {cell.value for cell in every}
    assert {(cell.data_type, cell.quotePrefix) for cell in every} == {("s", True)}


def test_no_person_and_no_reflection_is_in_the_figures(editor: Client, full: LessonPage) -> None:
    people = learners(full, 9, {THOUGHT: {"text": SECRET}, CHOICE: choice("a")}, last_block=THOUGHT)
    assert Answer.objects.filter(value={"text": SECRET}).count() == 9  # there is something to hide
    for address in ["", "?training=1", "?export=xlsx", "?training=1&export=xlsx"]:
        with CaptureQueriesContext(connection) as asked:
            response = editor.get(f"/cms/cijfers/les/{full.pk}/{address}")
        content = json.dumps(sheets(response)) if "export" in address else response.content.decode()
        assert "Wie maakt onderscheid?" in content
        assert SECRET not in content
        assert not [person for person in people if person.name in content or person.email in content]
        on_answers = [query["sql"] for query in asked if "courses_answer" in query["sql"] and "value" in query["sql"]]
        assert on_answers
        assert not [query for query in on_answers if THOUGHT.hex in query]
    stops = report(editor, full).stops
    assert [row.label for row in stops] == ["6. Reflection: Wanneer zei jij niets?"]


@pytest.mark.parametrize("kind", ["trainer", "facilitator", "hr", "coordinator", "network", "nobody", "stranger"])
def test_the_figures_are_there_for_editors_only(client: Client, full: LessonPage, kind: str) -> None:
    learners(full, 30, {CHOICE: choice("a")}, minutes=8)
    scope = {"hr": {"organisation": OrganisationFactory()}, "coordinator": {"party": PartyFactory()}}.get(kind, {})
    if kind == "nobody":
        client.force_login(PersonFactory())
    elif kind != "stranger":
        client.force_login(with_role(kind, **scope))
    addresses = ["/cms/cijfers/", f"/cms/cijfers/module/{full.course_page.pk}/", f"/cms/cijfers/les/{full.pk}/"]
    for address in [*addresses, f"{addresses[2]}?export=xlsx"]:
        response = client.get(address)
        if kind == "stranger":
            assert (response.status_code, response.url[:15]) == (302, "/inloggen/?next")
        else:
            assert response.status_code == 404
    client.force_login(with_role("administrator"))
    assert [client.get(address).status_code for address in addresses] == [200] * 3
    assert "30 of 30" in client.get(addresses[2]).content.decode()


def test_whom_the_gate_lets_in_for_something_else_finds_no_figures(
    client: Client, full: LessonPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GATES, "/cms/", lambda person: True)
    person = PersonFactory()
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(person)
    assert "/cms/cijfers/" not in client.get("/cms/").content.decode()
    for address in ["", f"module/{full.course_page.pk}/", f"les/{full.pk}/"]:
        assert client.get(f"/cms/cijfers/{address}").status_code == 404


def test_editors_find_the_figures(editor: Client, full: LessonPage) -> None:
    home = editor.get("/cms/").content.decode()
    assert '"url": "/cms/cijfers/"' in home
    links = {
        number: re.findall(r"/cms/cijfers/\w+/\d+/", editor.get(f"/cms/pages/{number}/edit/").content.decode())
        for number in (full.pk, full.course_page.pk, HomePage.objects.get().pk)
    }
    assert list(links.values()) == [
        [f"/cms/cijfers/les/{full.pk}/"],
        [f"/cms/cijfers/module/{full.course_page.pk}/"],
        [],
    ]


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        pytest.param("/cms/cijfers/", 12, id="modules"),
        pytest.param("/cms/cijfers/module/{module}/?revision=1", 14, id="module"),
        pytest.param("/cms/cijfers/les/{lesson}/?revision=1", 17, id="lesson"),
        pytest.param("/cms/cijfers/les/{lesson}/?training=1", 19, id="lesson by training"),
        pytest.param("/cms/cijfers/les/{lesson}/?training=1&export=xlsx", 14, id="export"),
    ],
)
def test_a_page_costs_the_same_whatever_the_number_of_learners(
    editor: Client, full: LessonPage, address: str, queries: int
) -> None:
    url = address.format(module=full.course_page.pk, lesson=full.pk)
    values = {CHOICE: choice("a"), POLL: choice("b"), ORDER: {"order": ["b", "a", "c"]}}
    trained(learners(full, 6, values, minutes=4))
    editor.get(url)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert editor.get(url).status_code == 200
        counts.append(len(asked))
        learners(full, 40, {**values, CHOICE: choice("b")}, minutes=9)
    assert counts == [queries, queries]
