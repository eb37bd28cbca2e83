"""Rows as an XLSX or CSV file that is safe to open: a text is a text, whatever it begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

CSV_CONTENT_TYPE = "text/csv; charset=utf-8"

#: What makes a spreadsheet read a cell of a CSV file as a formula (OWASP, CSV Injection), also behind spaces.
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")

Value = str | int | None


@dataclass(frozen=True)
class Sheet:
    """``title``: at most 31 characters, without [ ] : * ? / and \\. ``widths`` of the columns, in characters."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The file, written row by row, with the headings in bold and always in sight."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for place, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(place)].width = width
        page.append([_cell(page, heading, bold=True) for heading in sheet.headings])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_file(sheet: Sheet) -> bytes:
    """The sheet as Dutch Excel opens it: UTF-8 with a BOM, semicolons, and ' before a text that would be a formula."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for row in (sheet.headings, *sheet.rows):
        writer.writerow([_as_text(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _as_text(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{text}" if text.startswith(FORMULA_BEGINS) or text.lstrip().startswith(FORMULA_BEGINS) else text


def _cell(page: WriteOnlyWorksheet, value: Value, *, bold: bool = False) -> Cell:
    """A cell whose text is no formula, also after somebody edits it in Excel."""
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
