"""What participants are asked after a training: once, without their names in the answers, and shown of five or more."""

import datetime as dt
import re
from collections.abc import Iterable
from itertools import product

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cms.actions.site import editors_ensure, evaluation_form_ensure
from cms.models import HomePage
from parties.actions.due import due_run
from parties.actions.merging import people_merge
from parties.models import OutboxMessage, Person
from sessions import survey
from sessions.actions.attendance import attendance_correct, attendance_mark
from sessions.actions.trainings import training_close
from sessions.models import EvaluationForm, Registration, Respondent, Response, Survey, Training
from sessions.survey import Question
from tests.english import unmarked_dutch
from tests.factories import PersonFactory, RoleFactory
from tests.sessions.factories import at, published, registered, trainer

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
END = at(14, 16)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _form() -> None:
    evaluation_form_ensure()


def given_by(by: Person, people: int, *, language: str = "en", absent: int = 0, first: str = "p") -> Training:
    """Given on 14 January 2027 and closed at its end."""
    with time_machine.travel(NOW, tick=False):
        training = published(by=by, seats_school=people + absent, seats_workplace=1)
        rows = [
            registered(
                training, person=PersonFactory(name=f"{first}{n}", email=f"{first}{n}@example.org", language=language)
            )
            for n in range(people + absent)
        ]
    with time_machine.travel(END, tick=False):
        for row in rows[:people]:
            attendance_mark(meeting=training.meetings.get(), person=row.person, state="present", by=by)
        training_close(training=training, by=by)
    return training


def due_at(moment: dt.datetime) -> list[OutboxMessage]:
    """What this moment mails; asked three times, since everything may run twice."""
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    with time_machine.travel(moment, tick=False):
        for _ in range(3):
            assert due_run() == []
    return list(OutboxMessage.objects.exclude(pk__in=before).order_by("pk"))


def links(kind: str = "evaluation") -> list[str]:
    """The address in each mail, as somebody would press it."""
    texts = OutboxMessage.objects.filter(kind=f"survey-{kind}").order_by("pk").values_list("text", flat=True)
    return [re.search(r"http://127\.0\.0\.1:8000(\S*/vragen/\S+/)", text)[1] for text in texts]  # type: ignore[index]


def fill_in(
    url: str, moment: dt.datetime = END + DAY, client: Client | None = None, **answers: object
) -> tuple[Client, str]:
    """Somebody in a browser of their own looks, and sends."""
    client = client or Client()
    with time_machine.travel(moment, tick=False):
        client.get(url)
        page = client.post(url, answers, follow=True)
    assert page.status_code == 200
    return client, page.content.decode()


def afterwards(training: Training, by: Person, moment: dt.datetime = END + 4 * WEEK) -> str:
    client = Client()
    with time_machine.travel(moment, tick=False):
        client.force_login(by)
        page = client.get(f"/en/trainingen/{training.pk}/na-afloop/")
    assert page.status_code == 200
    return page.content.decode()


def test_everybody_who_was_there_is_asked_once() -> None:
    training = given_by(trainer(), 3, absent=1)
    asked = due_at(END + DAY)
    assert [(mail.kind, mail.to_address, mail.reply_to) for mail in asked] == [
        ("survey-evaluation", f"p{n}@example.org", "trainer@example.org") for n in range(3)
    ]
    assert due_at(END + 2 * DAY) == []
    assert training.surveys.get().closes_at == at(6, 0, month=2)


def test_who_is_corrected_to_present_is_asked_too_and_who_is_late_for_it_is_not() -> None:
    by = trainer()
    training = given_by(by, 1, absent=1)
    due_at(END + DAY)
    late = Person.objects.get(name="p1")
    with time_machine.travel(END + 2 * DAY, tick=False):
        attendance_correct(meeting=training.meetings.get(), person=late, state="present", by=by)
    assert [mail.to_address for mail in due_at(END + 3 * DAY)] == ["p1@example.org"]
    assert due_at(END + 5 * WEEK) == []


def test_a_training_of_long_ago_is_not_asked_about() -> None:
    given_by(trainer(), 1)
    assert due_at(END + 3 * WEEK) == []


def test_the_practice_question_comes_once_after_six_weeks() -> None:
    given_by(trainer(), 2)
    due_at(END + DAY)
    assert due_at(END + 6 * WEEK - DAY) == []
    asked = due_at(END + 6 * WEEK)
    assert [(mail.kind, mail.to_address) for mail in asked] == [
        ("survey-practice", "p0@example.org"),
        ("survey-practice", "p1@example.org"),
    ]
    assert "What did you do differently in practice?" in asked[0].text
    assert due_at(END + 6 * WEEK + DAY) == []
    assert due_at(END + 11 * WEEK) == []


def test_the_mail_as_text_and_html() -> None:
    given_by(trainer(), 1, language="en")
    given_by(trainer(), 1, language="nl", first="q")
    english, dutch = due_at(END + DAY)
    [url, url_nl] = links()
    assert url.startswith("/en/vragen/")
    assert url_nl.startswith("/vragen/")
    assert english.subject == "How was the training? Eerlijk begeleiden"
    assert dutch.subject == "Hoe was de training? Eerlijk begeleiden"
    for part in (english.text, english.html):
        assert url in part
        assert "You can answer until Friday 5 February" in part
    for part in (dutch.text, dutch.html):
        assert url_nl in part
        assert "Je kunt antwoorden tot en met vrijdag 5 februari" in part


def test_looking_saves_nothing_and_an_answer_can_be_changed_in_the_same_browser() -> None:
    given_by(trainer(), 1)
    due_at(END + DAY)
    [url] = links()
    with time_machine.travel(END + DAY, tick=False):
        assert [Client().get(url).status_code, Client().head(url).status_code] == [200, 200]
    assert not Response.objects.exists()
    client, page = fill_in(url, q1=5, q4=0, q5="Meer tijd")
    assert "Your answers are kept" in page
    assert "Meer tijd</textarea>" in page
    fill_in(url, client=client, q1=2)
    assert [list(row.values.values()) for row in Response.objects.all()] == [[2]]
    _, other = fill_in(url, q1=1)
    assert "You answered already. You can change your answers only in the browser in which you gave them." in other
    assert [list(row.values.values()) for row in Response.objects.all()] == [[2]]
    with time_machine.travel(END + 2 * DAY, tick=False):
        elsewhere = Client().get(url).content.decode()
    assert "We do not know which answers are yours." in elsewhere
    assert "<textarea" not in elsewhere


def test_sent_twice_is_one_answer_that_can_still_be_changed() -> None:
    given_by(trainer(), 1)
    due_at(END + DAY)
    client, _ = fill_in(links()[0], q1=5)
    _, page = fill_in(links()[0], client=client, q1=5)
    assert Response.objects.count() == 1
    assert "In this browser you can change them" in page


def test_bad_input_gets_a_sentence_and_loses_nothing() -> None:
    given_by(trainer(), 1)
    due_at(END + DAY)
    [url] = links()
    _, nothing = fill_in(url)
    assert "Answer at least one question." in nothing
    _, wrong = fill_in(url, q1="9", q5="Een zin die blijft")
    assert "Choose one of the answers." in wrong
    assert "Een zin die blijft" in wrong
    _, long = fill_in(url, q5="x" * 1001)
    assert "Keep it to 1000 characters; you have 1001." in long
    assert not Response.objects.exists()
    assert not Respondent.objects.filter(has_answered=True).exists()


def test_a_link_that_we_did_not_make_and_one_that_is_over() -> None:
    given_by(trainer(), 1)
    due_at(END + DAY)
    [url] = links()
    assert Client().get(url[:-2] + "x/").status_code == 404
    assert Client().get("/en/vragen/1-1/").status_code == 404
    _, late = fill_in(url, moment=at(6, 0, month=2), q1=5)
    assert "These questions are closed" in late
    due_at(END + 4 * WEEK)
    _, later = fill_in(url, moment=END + 5 * WEEK, q1=5)
    assert "These questions are closed" in later
    assert not Response.objects.exists()


def test_nothing_in_the_database_leads_from_an_answer_to_a_person() -> None:
    given_by(trainer(), 6)
    due_at(END + DAY)
    clients = [fill_in(url, q1=place % 5 + 1, q5=f"zin {place}")[0] for place, url in enumerate(links())]
    assert {field.name for field in Response._meta.get_fields()} == {"key", "survey", "values"}
    assert {field.name for field in Respondent._meta.get_fields()} == {"id", "survey", "person", "has_answered"}
    rows = {row.key: row.values for row in Response.objects.all()}
    assert len(rows) == 6
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM meetings_response ORDER BY " + ("ctid" if connection.vendor == "postgresql" else "rowid")
        )
        assert [key for (key,) in cursor.fetchall()] == sorted(rows)
    respondents = list(Respondent.objects.all())
    # Everything that the platform knows of somebody makes no key; only the code in their browser does.
    for one in respondents:
        known = [str(one.pk), one.person.email, survey.token_of(one.survey_id, one.pk), "", "None"]
        assert not {survey.key_of(one.pk, word) for word in known} & rows.keys()
    cookies = [client.cookies[f"antwoorden_{one.pk}"].value for client, one in zip(clients, respondents, strict=True)]
    assert {survey.key_of(one.pk, code) for one, code in zip(respondents, cookies, strict=True)} == rows.keys()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # names from the database itself
            everything = str(cursor.fetchall())
            assert not any(code in everything for code in cookies), table
    due_at(END + 4 * WEEK)
    assert (Respondent.objects.count(), Response.objects.count()) == (0, 6)


def test_results_are_shown_of_five_and_only_when_nobody_can_add_one() -> None:
    by = trainer()
    training = given_by(by, 7)
    due_at(END + DAY)
    urls = links()
    for place, url in enumerate(urls[:5]):
        fill_in(url, q1=4, q4=0, **({"q5": f"Zin {place}"} if place else {}))
    before = afterwards(training, by, END + 2 * DAY)
    fill_in(urls[5], q1=1, q4=2)
    one_more = afterwards(training, by, END + 2 * DAY)
    assert "People can answer until 5 February" in before
    assert "Zin 3" not in before
    assert main(before) == main(one_more)
    due_at(END + 4 * WEEK)
    after = afterwards(training, by)
    assert "On average 3.5 of 5, from 5 answers or a few more" in after
    assert re.findall(r"<dd>\s*((?:Yes|No)[^<]*?)\s*</dd>", after) == [
        "Yes, I know what already: 5",
        "Yes, but I do not know what yet: fewer than 5",
        "No: fewer than 5",
    ]
    assert "Zin 3" not in after  # four texts
    assert after.count("Fewer than five answers, so nothing is shown.") == 3
    assert unmarked_dutch(after) == []


def test_four_answers_are_never_read_and_not_kept() -> None:
    by = trainer()
    training = given_by(by, 5)
    due_at(END + DAY)
    for url in links()[:4]:
        fill_in(url, q5="Een zin")
    assert Response.objects.count() == 4
    due_at(END + 4 * WEEK)
    assert not Response.objects.exists()
    after = afterwards(training, by)
    assert after.count("Fewer than five answers, so nothing is shown.") == 5
    assert "Een zin" not in after


def test_sums_count_only_trainings_that_are_shown_by_themselves() -> None:
    by = trainer()
    trainings = [given_by(by, people, first=first) for people, first in ((5, "a"), (6, "b"), (4, "c"))]
    due_at(END + DAY)
    for url, number in zip(links(), [5] * 5 + [3] * 6 + [1] * 4, strict=True):
        fill_in(url, q1=number)
    due_at(END + 4 * WEEK)
    assert "In your 2 trainings with this question: 4.0 of 5" in afterwards(trainings[0], by)
    assert "In your" not in afterwards(trainings[2], by)


def test_a_training_keeps_the_words_that_its_participants_answered() -> None:
    by = trainer()
    training = given_by(by, 1)
    due_at(END + DAY)
    form = EvaluationForm.objects.get()
    form.questions[0].value["en"] = "Something else"
    form.save()
    _, page = fill_in(links()[0], q1=5)
    assert "How well does this training fit" in page
    assert "Something else" not in page
    later = given_by(by, 1, first="later")
    due_at(END + 2 * DAY)
    assert later.surveys.get().questions[0]["text"]["en"] == "Something else"
    assert training.surveys.get().questions[0]["text"]["en"] != "Something else"


def editor(kind: str = "editor") -> Client:
    editors_ensure(HomePage.objects.order_by("pk").first())
    role = RoleFactory(kind=kind)
    from parties.actions.roles import admin_rights_follow

    admin_rights_follow(person=role.person)
    client = Client()
    client.force_login(role.person)
    return client


def form_data(form: EvaluationForm, *, questions: int = 5, **changes: str) -> dict[str, str]:
    """What the editor's page of the form sends."""
    data = {"practice_nl": form.practice_nl, "practice_en": form.practice_en, "questions-count": str(questions)}
    for place, block in enumerate(list(form.questions)[:questions]):
        start = f"questions-{place}"
        data |= {f"{start}-type": block.block_type, f"{start}-id": block.id, f"{start}-order": str(place)}
        data |= {f"{start}-deleted": "", f"{start}-value-nl": block.value["nl"], f"{start}-value-en": block.value["en"]}
        choices = block.value.get("choices", ())
        if block.block_type == "choice":
            data[f"{start}-value-choices-count"] = str(len(choices))
        for number, choice in enumerate(choices):
            row = f"{start}-value-choices-{number}"
            data |= {f"{row}-deleted": "", f"{row}-order": str(number), f"{row}-id": ""}
            data |= {f"{row}-value-nl": choice["nl"], f"{row}-value-en": choice["en"]}
    return data | changes


def test_editors_change_the_questions_and_keep_five(site: HomePage) -> None:
    client, form = editor(), EvaluationForm.objects.get()
    url = reverse(form.snippet_viewset.get_url_name("edit"), args=[form.pk])  # type: ignore[attr-defined]
    assert client.get(url).status_code == 200
    four = client.post(url, form_data(form, questions=4))
    assert "The minimum number of items is 5" in four.content.decode() or four.status_code == 200
    assert len(EvaluationForm.objects.get().questions) == 5
    empty = client.post(url, form_data(form, **{"questions-0-value-en": ""}))
    assert empty.status_code == 200
    changed = client.post(url, form_data(form, **{"questions-0-value-en": "How was it?", "practice_en": "And now?"}))
    assert changed.status_code == 302
    saved = EvaluationForm.objects.get()
    assert (saved.questions[0].value["en"], saved.practice_en) == ("How was it?", "And now?")
    add = reverse(form.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
    assert client.get(add).status_code == 302
    assert editor("expert").get(url).status_code == 302


@pytest.fixture
def site() -> HomePage:
    from cms.actions.site import site_ensure

    return site_ensure()


def test_two_records_of_one_person_are_asked_once() -> None:
    given_by(trainer(), 2)
    due_at(END + DAY)
    kept, merged = Person.objects.filter(name__in=["p0", "p1"]).order_by("name")
    with time_machine.travel(END + 2 * DAY, tick=False):
        people_merge(kept=kept, merged=merged, by=trainer())
    assert Respondent.objects.filter(person=kept).count() == 1
    assert not Respondent.objects.filter(person=merged).exists()


def test_the_page_needs_no_more_queries_for_more_people() -> None:
    by = trainer()
    numbers = []
    for people, first in ((1, "a"), (6, "b")):
        training = given_by(by, people, first=first)
        due_at(END + DAY)
        client = Client()
        with time_machine.travel(END + DAY, tick=False):
            client.force_login(by)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/en/trainingen/{training.pk}/na-afloop/").status_code == 200
        numbers.append(len(queries))
    assert numbers == [10, 10]
    with CaptureQueriesContext(connection) as queries, time_machine.travel(END + DAY, tick=False):
        assert Client().get(links()[-1]).status_code == 200
    assert len(queries) == 4


def test_only_its_trainers_see_the_page() -> None:
    by = trainer()
    training = given_by(by, 5)
    url = f"/en/trainingen/{training.pk}/na-afloop/"
    participant = Registration.objects.filter(training=training)[0].person
    for person in (participant, trainer(), RoleFactory(kind="administrator").person):
        client = Client()
        client.force_login(person)
        for address in (url, f"{url}deelnemers.xlsx", f"{url}deelnemers.csv"):
            assert client.get(address).status_code == 404, (person, address)
    assert Client().get(url).status_code == 302
    assert "p3" in afterwards(training, by)


def main(html: str) -> str:
    """What stands on the page, without what differs at every look."""
    return re.sub(
        r'csrfmiddlewaretoken" value="\w+"|nonce-?[\w=]*"[^"]*"', "", html.split("<main")[1].split("</main>")[0]
    )


SCALE = Question("a", "scale", {"nl": "?"})


@given(st.lists(st.integers(1, 5), max_size=12))
def test_no_mean_says_what_everybody_gave(numbers: Iterable[int]) -> None:
    """For each mean that is shown at least two different sums lead to it."""
    values = [{"a": number} for number in numbers]
    [result] = survey.results([SCALE], values)
    if len(values) < 5:
        assert (result.count, result.mean) == ("<5", None)
    else:
        sums = range(len(values), 5 * len(values) + 1)
        leading = {total for total in sums if survey.mean([total / len(values)] * len(values)) == result.mean}  # type: ignore[list-item]
        assert len(leading) > 1


def test_a_choice_of_less_than_five_is_hidden_and_nearly_all_fours_are_held_back() -> None:
    question = Question("a", "choice", {"nl": "?"}, [{"nl": str(n)} for n in range(5)])
    [some] = survey.results([question], [{"a": 0}] * 9 + [{"a": 1}] * 2)
    assert (some.count, list(some.parts)) == (10, [5, "<5", "<5", "<5", "<5"])
    [fours] = survey.results([question], [{"a": place} for place, _ in product(range(5), range(4))])
    assert set(fours.parts) == {"…"}


def test_survey_is_unique_a_training_and_kind() -> None:
    training = given_by(trainer(), 1)
    due_at(END + DAY)
    with override("en"), pytest.raises(IntegrityError, match=r"(?i)unique"):
        Survey.objects.create(training=training, kind="evaluation", questions=[], closes_at=END)
