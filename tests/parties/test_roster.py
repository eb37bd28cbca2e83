"""Reading a list: what comes out of files as people have them."""

import datetime as dt
import io
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from parties.roster import Roster, RosterRow, read
from tests.parties.rosters import csv_of, xlsx_of

NADIA = ("Nadia el Amrani", "nadia@school.example", "00123", "Zorg")
EXPECTED = RosterRow(2, "Nadia el Amrani", "nadia@school.example", "00123", "Zorg")


def roster(content: bytes) -> Roster:
    return read(io.BytesIO(content), "lijst.csv")


def errors(content: bytes) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.message) for one in roster(content).all_errors()]


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        roster(content)
    return caught.value.messages[0]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_delimiter_and_encoding_of_excel(delimiter, encoding):
    content = csv_of(("Zoë Çelik", "zoe@school.example", "007", "Économie"), delimiter=delimiter, encoding=encoding)
    assert list(roster(content).rows) == [RosterRow(2, "Zoë Çelik", "zoe@school.example", "007", "Économie")]


def test_rows_keep_the_number_that_excel_shows():
    content = b'sep=;\r\n\r\nNaam;E-mail\r\n\r\n;;\r\n"Jan\r\nde Wit";jan@x.example\r\nPiet;piet@x.example\r\n'
    assert [(row.row, row.name) for row in roster(content).rows] == [(5, "Jan de Wit"), (6, "Piet")]


def test_excel_with_a_merged_title_an_empty_sheet_zeros_and_dates():
    content = xlsx_of(
        [],
        [["Alleen een aantekening"]],
        [
            ["Medewerkers 2026", None, None, None, None],
            [],
            ["Naam", "E-mailadres", "Personeelsnr", "In dienst", "t/m"],
            ["Nadia", "nadia@x.example", 123, dt.datetime(2026, 9, 1), dt.date(2027, 7, 31)],
            [None, None, None, None, None],
            ["Piet", "piet@x.example", "00124", "1-9-2026", None],
            ["Kees", "kees@x.example", 125.0, None, None],
        ],
        formats={"C4": "00000"},
        merge="A1:E1",
    )
    assert list(roster(content).rows) == [
        RosterRow(4, "Nadia", "nadia@x.example", "00123", since="2026-09-01", until="2027-08-01"),
        RosterRow(6, "Piet", "piet@x.example", "00124", since="2026-09-01"),
        RosterRow(7, "Kees", "kees@x.example", "125"),
    ]


def test_a_name_in_three_columns_and_english_headers():
    content = csv_of(
        ("Nadia", "el", "Amrani", "NADIA@School.example", "werkplek", "2026-09-01"),
        header=("First name", "Tussenvoegsel", "Surname", "Work e-mail", "Side", "Start date"),
        delimiter=",",
    )
    assert list(roster(content).rows) == [
        RosterRow(2, "Nadia el Amrani", "nadia@school.example", side="workplace", since="2026-09-01")
    ]


def test_every_mistake_is_said_by_row_and_column():
    content = csv_of(
        ("Nadia", "nadia@x.example", "school", "1-9-2026", ""),
        ("Piet", "geen adres", "midden", "31-2-2026", ""),
        ("", "", "", "", ""),
        ("", "leeg@x.example", "", "", ""),
        ("Kees", "", "", "", ""),
        ("Dubbel", "NADIA@x.example", "", "1-9-2026", "1-9-2026"),
        header=("Naam", "Mail", "Kant", "Van", "Tot"),
    )
    assert errors(content) == [
        (3, "Mail", "“geen adres” is geen e-mailadres. Schrijf het als naam@organisatie.nl."),
        (3, "Van", "“31-2-2026” is geen datum. Schrijf die als 31-12-2026."),
        (3, "Kant", "“midden” is geen kant. Schrijf school of werkplek."),
        (5, "Naam", "Vul een naam in."),
        (6, "Mail", "Vul een e-mailadres of een personeelsnummer in. Dan weten we wie dit is."),
        (7, "Tot", "Het einde moet later zijn dan het begin."),
        (7, "Mail", "Dit e-mailadres staat ook in rij 2. Iedereen heeft een eigen adres nodig."),
    ]


def test_columns_that_nobody_knows_or_that_mean_the_same():
    content = csv_of(
        ("Nadia", "nadia@x.example", "38", "n@x.example", "x"),
        header=("Naam", "E-mail", "Schoenmaat", "E-mailadres", ""),
    )
    assert [(row, column) for row, column, _ in errors(content)] == [
        (1, "Schoenmaat"),
        (1, "kolom 5 zonder kopje"),
        (1, "E-mailadres"),
    ]
    assert "38" not in str(roster(content).as_json())


def test_a_list_needs_names_and_something_to_know_people_by():
    assert errors(csv_of(("Zorg",), header=("Afdeling",)))[0][0] == 1
    assert [message for _, _, message in errors(csv_of(("Zorg", "docent"), header=("Afdeling", "Functie")))] == [
        "Voeg een kolom toe met e-mailadressen of met personeelsnummers. Dan weten we wie wie is.",
        "Voeg een kolom met namen toe.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Dit bestand is leeg."),
        (b" \r\n", "Dit bestand is leeg."),
        (b";;;\r\n;;\r\n", "Dit bestand heeft geen rijen."),
        (
            b"hallo\r\nwereld",
            "We vinden geen rij met kopjes in lijst.csv. Zet boven de lijst een rij met minstens naam en e-mail.",
        ),
        (b"Naam;E-mail\r\n", "Onder de kopjes staan geen rijen."),
        (
            b"PK\x03\x04 stuk",
            "We kunnen dit Excelbestand niet lezen. Open het in Excel, bewaar het als .xlsx en probeer het opnieuw.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1oud",
            "Dit is een oud of een beveiligd Excelbestand. Bewaar het als .xlsx zonder wachtwoord en probeer het opnieuw.",
        ),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00",
            "We kunnen dit bestand niet lezen. Bewaar de lijst in Excel als .xlsx of CSV en probeer het opnieuw.",
        ),
        (b"x" * (5 * 1024 * 1024 + 1), "Dit bestand is groter dan 5 MB. Bewaar de lijst zonder plaatjes, of in delen."),
    ],
)
def test_a_file_that_is_no_list_gets_a_sentence(content, sentence):
    assert refusal(content) == sentence


def test_what_was_read_survives_being_stored():
    read_again = roster(csv_of(NADIA, header=("Naam", "E-mail", "Personeelsnummer", "Onbekend")))
    assert Roster.from_json(read_again.as_json()) == read_again


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content):
    with suppress(ValidationError):
        roster(content).all_errors()
