"""Lists of people as HR has them, made for tests."""

import datetime as dt
import io
from collections.abc import Sequence

import openpyxl

from parties.actions.roster import roster_apply, roster_preview, roster_read
from parties.models import Membership, Organisation, RosterImport

HEADER = ("Naam", "E-mail", "Personeelsnummer", "Afdeling")


def csv_of(
    *rows: Sequence[str], header: Sequence[str] = HEADER, delimiter: str = ";", encoding: str = "utf-8"
) -> bytes:
    return "\r\n".join(delimiter.join(row) for row in (header, *rows)).encode(encoding)


def xlsx_of(*sheets: Sequence[Sequence[object]], formats: dict[str, str] | None = None, merge: str = "") -> bytes:
    """``formats``: number format by cell of the last sheet; ``merge``: cells to merge on it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Blad{number + 1}")
        for row in rows:
            sheet.append(list(row))
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    if merge:
        sheet.merge_cells(merge)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def preview(organisation: Organisation, content: bytes, *, complete: bool = False) -> RosterImport:
    return roster_preview(
        organisation=organisation,
        rows=roster_read(io.BytesIO(content), "lijst"),
        complete=complete,
        by=None,
        filename="lijst.csv",
    )


def apply(organisation: Organisation, content: bytes, *, complete: bool = False) -> dict:
    """The summary of contract.md of what was applied."""
    return roster_apply(roster_import=preview(organisation, content, complete=complete), by=None).result


def working_at(organisation: Organisation) -> list[tuple]:
    """Who works there now, as name on the list, address, number, department, since, until."""
    return sorted(
        Membership.objects.filter(organisation=organisation).values_list(
            "name", "work_address", "personnel_number", "department__name", "since", "until"
        ),
        key=str,
    )


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
