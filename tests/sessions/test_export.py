"""The list of a training as a file: it opens right in Excel, and no cell of it is a formula."""

import csv
import io

import openpyxl
import pytest
import time_machine
from django.test import Client

from parties.models import AuditEntry, Person
from parties.spreadsheet import Sheet, csv_file
from sessions.actions.attendance import attendance_mark
from sessions.actions.trainings import training_close
from sessions.models import Training
from tests.factories import OrganisationFactory, PersonFactory
from tests.sessions.factories import at, meeting, published, registered, trainer
from tests.sessions.test_evaluation import NOW

pytestmark = pytest.mark.django_db

ROWS = [
    ['=HYPERLINK("http://x")', "School", "007 School", "Present", 180, "Late", 100, 280],
    ["Zoë", "Workplace", "+31 Zorg", "Absent", 0, "Absent", 0, 0],
]
HEADINGS = [
    "Name",
    "Side",
    "Organisation",
    "Presence 14-01-2027 13:00",
    "Minutes 14-01-2027 13:00",
    "Presence 21-01-2027 13:00",
    "Minutes 21-01-2027 13:00",
    "Minutes in all",
]


@pytest.fixture
def by() -> Person:
    return trainer()


@pytest.fixture
def training(by: Person) -> Training:
    with time_machine.travel(NOW, tick=False):
        training = published(by=by, meetings=(meeting(day=14), meeting(day=21)))
        nasty = registered(
            training, person=PersonFactory(name=ROWS[0][0]), organisation=OrganisationFactory(name="007 School")
        )
        registered(
            training, "workplace", person=PersonFactory(name="Zoë"), organisation=OrganisationFactory(name="+31 Zorg")
        )
    first, second = training.meetings.all()
    with time_machine.travel(at(21, 16), tick=False):
        attendance_mark(meeting=first, person=nasty.person, state="present", by=by)
        attendance_mark(meeting=second, person=nasty.person, state="late", minutes=100, by=by)
        training_close(training=training, by=by)
    return training


def file_of(training: Training, by: Person, ending: str) -> bytes:
    client = Client()
    client.force_login(by)
    answer = client.get(f"/en/trainingen/{training.pk}/na-afloop/deelnemers.{ending}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="training-{training.pk}-deelnemers.{ending}"'
    return answer.content


def test_xlsx(training: Training, by: Person) -> None:
    book = openpyxl.load_workbook(io.BytesIO(file_of(training, by, "xlsx")))
    cells = list(book.active.iter_rows())
    assert [[cell.value for cell in row] for row in cells] == [HEADINGS, *ROWS]
    assert {cell.data_type for row in cells for cell in row} == {"s", "n"}
    assert all(cell.quotePrefix for row in cells for cell in row if cell.data_type == "s")


def test_csv(training: Training, by: Person) -> None:
    content = file_of(training, by, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [
        HEADINGS,
        ['\'=HYPERLINK("http://x")', "School", "007 School", "Present", "180", "Late", "100", "280"],
        ["Zoë", "Workplace", "'+31 Zorg", "Absent", "0", "Absent", "0", "0"],
    ]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1", "\n@a", "＝1", '";=1', "x"])
def test_no_text_of_a_csv_file_is_a_formula(text: str) -> None:
    content = csv_file(Sheet("x", ["h"], [[text]])).decode("utf-8-sig")
    [_, [cell]] = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    assert cell == (text if text in ('";=1', "x") else f"'{text}")


def test_taking_the_file_is_written_down(training: Training, by: Person) -> None:
    file_of(training, by, "csv")
    entry = AuditEntry.objects.get(verb="training.export")
    assert (entry.actor, entry.target) == (by, f"training:{training.pk}")
