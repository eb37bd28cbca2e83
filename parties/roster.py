"""A list of people as HR has it: from the bytes of a CSV or Excel file to rows, with what is wrong said by row and column.

Pure: bytes in, data out. What a list would change stands in ``parties.matching``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any

import openpyxl
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 150 * 1024 * 1024
MOST_ROWS = 20_000
HEADER_WITHIN = 25
DELIMITERS = (";", ",", "\t")

SYNONYMS = {
    "name": "naam, volledige naam, naam medewerker, medewerker, naam stagebegeleider, stagebegeleider, name, full name, employee",
    "first_name": "voornaam, roepnaam, first name, given name",
    "infix": "tussenvoegsel, tussenvoegsels, voorvoegsel, voorvoegsels, infix, prefix",
    "last_name": "achternaam, last name, surname, family name",
    "email": "e-mail, e-mailadres, mail, mailadres, werkmail, werk e-mail, e-mail werk, zakelijk e-mailadres, e-mailadres werk, "
    "e-mail address, work e-mail, work address",
    "personnel_number": "personeelsnummer, personeelsnr, pers.nr., persnummer, medewerkernummer, medewerkersnummer, "
    "medewerkernr, registratienummer, personnel number, employee number, employee id, staff number",
    "department": "afdeling, team, dienst, organisatieonderdeel, cluster, department, unit",
    "job_title": "functie, functienaam, functieomschrijving, rol, job title, job, function, position",
    "side": "kant, school of werkplek, school/werkplek, side",
    "since": "van, vanaf, sinds, begindatum, startdatum, ingangsdatum, in dienst, datum in dienst, in dienst sinds, since, from, "
    "start date, start",
    "until": "tot, einddatum, uit dienst, datum uit dienst, until, to, end date, end",
    "last_day": "tot en met, t/m, laatste dag, laatste werkdag, last day",
}
SIDES = {
    "school": ("school", "onderwijs", "instelling"),
    "workplace": ("werkplek", "bedrijf", "leerbedrijf", "praktijk", "werk", "workplace", "company"),
}
LENGTHS = {"name": 150, "email": 254, "personnel_number": 40, "department": 120, "job_title": 120}


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


HEADERS = {_plain(word): key for key, words in SYNONYMS.items() for word in words.split(",")}
SIDE_WORDS = {_plain(word): side for side, words in SIDES.items() for word in words}


@dataclass(frozen=True)
class RosterError:
    """``row`` is the number that Excel shows; ``column`` the header as it stands in the file, or empty for the whole row."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class RosterRow:
    """One person of the list. Dates are ISO 8601 or empty; ``until`` is the first day on which it no longer holds."""

    row: int
    name: str = ""
    email: str = ""
    personnel_number: str = ""
    department: str = ""
    job_title: str = ""
    side: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Roster:
    """``columns`` are the fields of RosterRow that the file has; ``labels`` their headers; ``unknown`` headers that nobody knows."""

    columns: Sequence[str] = ()
    labels: dict[str, str] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    header_row: int = 1
    rows: Sequence[RosterRow] = ()
    errors: Sequence[RosterError] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Roster:
        rows = [RosterRow(**one) for one in data["rows"]]
        errors = [RosterError(**one) for one in data["errors"]]
        return cls(**{**data, "rows": rows, "errors": errors})

    def all_errors(self) -> list[RosterError]:
        """Unknown columns, what is wrong in a cell, and what stands on the list twice; in order of the rows."""
        unknown = [
            RosterError(
                self.header_row,
                header,
                _(
                    "We do not know the column “%(column)s”. Take it out, or call it name, e-mail, personnel number, "
                    "department, job title, side, from or until."
                )
                % {"column": header},
            )
            for header in self.unknown
        ]
        return sorted([*unknown, *self.errors, *self._doubles()], key=lambda error: error.row)

    def _doubles(self) -> Iterator[RosterError]:
        for key, sentence in (
            ("email", _("This e-mail address stands in row %(row)d as well. Everybody needs an address of their own.")),
            ("personnel_number", _("This personnel number stands in row %(row)d as well.")),
        ):
            first: dict[str, int] = {}
            for row in self.rows:
                value = getattr(row, key)
                if value and first.setdefault(value, row.row) != row.row:
                    yield RosterError(row.row, self.labels.get(key, ""), sentence % {"row": first[value]})


@dataclass(frozen=True)
class _Line:
    number: int
    cells: Sequence[Any]


def read(file: IO[bytes], filename: str) -> Roster:
    """The roster in a file; ``filename`` only serves to say what went wrong.

    Raises:
        ValidationError: nothing can be read from this file, with a sentence that says what to do.
    """
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValidationError(_("This file is larger than 5 MB. Save the list without pictures, or in parts."))
    if not content.strip():
        raise ValidationError(_("This file is empty."))
    if content.startswith(b"PK"):
        sheets = _sheets(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValidationError(
            _("This is an old or a protected Excel file. Save it as .xlsx without a password and try again.")
        )
    else:
        sheets = [_lines_of_text(content)]
    filled = [[line for line in lines if any(_text(cell) for cell in line.cells)] for lines in sheets]
    filled = [lines for lines in filled if lines]
    if not filled:
        raise ValidationError(_("This file has no rows."))
    for lines in filled:
        for index, line in enumerate(lines[:HEADER_WITHIN]):
            if _is_header(line):
                return _roster(line, lines[index + 1 :])
    raise ValidationError(
        _("We find no row with headers in %(file)s. Put a row above the list with at least name and e-mail.")
        % {"file": filename}
    )


def _sheets(content: bytes) -> list[list[_Line]]:
    unreadable = ValidationError(_("We cannot read this Excel file. Open it in Excel, save it as .xlsx and try again."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise ValidationError(_("This Excel file is too large. Save only the sheet with the list."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return [_lines_of_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
        finally:
            book.close()
    except ValidationError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part of the file made it stumble over
        raise unreadable from error


def _lines_of_sheet(sheet: Any) -> list[_Line]:
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    lines = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_value(cell) for cell in row]
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if cells:
            lines.append(_Line(number, cells))
        if len(lines) > MOST_ROWS + HEADER_WITHIN:
            raise ValidationError(_too_many())
    return lines


def _value(cell: Any) -> Any:
    """The value as Excel shows it: 00123 in a cell that pads with zeros stays 00123."""
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    zeros = re.fullmatch(r"0+", str(getattr(cell, "number_format", "")))
    if isinstance(value, int) and not isinstance(value, bool) and zeros:
        return str(value).zfill(len(zeros.group()))
    return value


def _lines_of_text(content: bytes) -> list[_Line]:
    text = _decoded(content)
    named = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)  # Excel obeys this line and does not show it
    if named:
        text = text[named.end() :]
    candidates = (named.group(1),) if named else DELIMITERS
    tables = [_split(text, delimiter) for delimiter in candidates]
    return max(tables, key=lambda lines: max((_known(line) for line in lines[:HEADER_WITHIN]), default=0))


def _split(text: str, delimiter: str) -> list[_Line]:
    try:
        lines = [
            _Line(number, cells)
            for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1)
            if cells
        ]
    except csv.Error as error:
        raise ValidationError(
            _("We cannot read this file as a list. Save it in Excel as .xlsx or CSV and try again.")
        ) from error
    if len(lines) > MOST_ROWS + HEADER_WITHIN:
        raise ValidationError(_too_many())
    return lines


def _decoded(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(_("We cannot read this file. Save the list in Excel as .xlsx or CSV and try again."))


def _too_many() -> str:
    return _("This list has more than %(most)s rows. Cut it in parts.") % {"most": MOST_ROWS}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return " ".join(str(value).split())


def _key(cell: Any) -> str | None:
    return HEADERS.get(_plain(_text(cell)))


def _known(line: _Line) -> int:
    return len({key for cell in line.cells if (key := _key(cell))})


def _is_header(line: _Line) -> bool:
    return _known(line) >= 2 or (_known(line) == 1 and sum(bool(_text(cell)) for cell in line.cells) == 1)


def _roster(header: _Line, lines: Sequence[_Line]) -> Roster:
    labels: dict[str, str] = {}
    places: dict[int, str] = {}
    unknown: list[str] = []
    errors: list[RosterError] = []
    for place, cell in enumerate(header.cells):
        label, key = _text(cell), _key(cell)
        if key is None:
            if label:
                unknown.append(label)
            elif any(place < len(line.cells) and _text(line.cells[place]) for line in lines):
                unknown.append(_("column %(number)d without a header") % {"number": place + 1})
        elif key in labels:
            errors.append(
                RosterError(
                    header.number,
                    label,
                    _("The columns “%(first)s” and “%(second)s” mean the same. Take one out.")
                    % {"first": labels[key], "second": label},
                )
            )
        else:
            labels[key] = label
            places[place] = key
    if len(lines) > MOST_ROWS:
        raise ValidationError(_too_many())
    if not lines:
        raise ValidationError(_("There are no rows under the headers."))
    if not ({"email", "personnel_number"} & labels.keys()):
        errors.append(
            RosterError(
                header.number,
                "",
                _("Add a column with e-mail addresses or with personnel numbers, so that we know who is who."),
            )
        )
    if not ({"name", "last_name"} & labels.keys()):
        errors.append(RosterError(header.number, "", _("Add a column with names.")))
    reader = _RowReader(labels)
    rows = [reader.row(line, places) for line in lines]
    return Roster(
        columns=sorted({_column(key) for key in labels}),
        labels={_column(key): label for key, label in labels.items()},
        unknown=unknown,
        header_row=header.number,
        rows=rows,
        errors=errors + reader.errors,
    )


def _column(key: str) -> str:
    """The field of RosterRow that a column fills."""
    return {"first_name": "name", "infix": "name", "last_name": "name", "last_day": "until"}.get(key, key)


class _RowReader:
    def __init__(self, labels: dict[str, str]) -> None:
        self.labels = labels
        self.errors: list[RosterError] = []

    def row(self, line: _Line, places: dict[int, str]) -> RosterRow:
        raw = {key: line.cells[place] for place, key in places.items() if place < len(line.cells)}
        text = {key: _text(value) for key, value in raw.items()}
        number = line.number
        name = text.get("name") or " ".join(
            filter(None, (text.get(key) for key in ("first_name", "infix", "last_name")))
        )
        values = {
            "name": name,
            "email": text.get("email", "").lower().removeprefix("mailto:"),
            "personnel_number": text.get("personnel_number", ""),
            "department": text.get("department", ""),
            "job_title": text.get("job_title", ""),
        }
        for key, most in LENGTHS.items():
            if len(values[key]) > most:
                values[key] = values[key][:most]
                self._wrong(number, key, _("This is longer than %(most)d characters.") % {"most": most})
        if not name and {"name", "last_name"} & self.labels.keys():
            self._wrong(number, "name" if "name" in self.labels else "last_name", _("Fill in a name."))
        if values["email"]:
            try:
                validate_email(values["email"])
            except ValidationError:
                self._wrong(
                    number,
                    "email",
                    _("“%(value)s” is not an e-mail address. Write it like name@organisation.nl.")
                    % {"value": text["email"]},
                )
        elif not values["personnel_number"] and {"email", "personnel_number"} & self.labels.keys():
            self._wrong(
                number,
                "email" if "email" in self.labels else "personnel_number",
                _("Fill in an e-mail address or a personnel number, so that we know who this is."),
            )
        since = self._date(number, "since", raw.get("since"))
        until = self._date(number, "until", raw.get("until"))
        last_day = self._date(number, "last_day", raw.get("last_day"))
        if last_day and not until:
            until = last_day + dt.timedelta(days=1)
        if since and until and until <= since:
            self._wrong(
                number,
                "until" if "until" in self.labels else "last_day",
                _("The end must be later than the beginning."),
            )
        return RosterRow(
            row=number,
            side=self._side(number, text.get("side", "")),
            since=since.isoformat() if since else "",
            until=until.isoformat() if until else "",
            **values,
        )

    def _wrong(self, row: int, key: str, message: str) -> None:
        self.errors.append(RosterError(row, self.labels.get(key, ""), message))

    def _side(self, row: int, text: str) -> str:
        side = SIDE_WORDS.get(_plain(text), "")
        if text and not side:
            self._wrong(row, "side", _("“%(value)s” is not a side. Write school or werkplek.") % {"value": text})
        return side

    def _date(self, row: int, key: str, value: Any) -> dt.date | None:
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = _text(value)
        if not text:
            return None
        for pattern in (
            r"(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4})",
            r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        ):
            found = re.fullmatch(pattern + r"(?:[ T]0?0:00(?::00)?)?", text)
            if found:
                try:
                    return dt.date(int(found["y"]), int(found["m"]), int(found["d"]))
                except ValueError:
                    break
        self._wrong(row, key, _("“%(value)s” is not a date. Write it like 31-12-2026.") % {"value": text})
        return None
