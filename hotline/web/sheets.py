"""Tables as files for a spreadsheet: what a cell says is text, never a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.writer.excel import save_workbook

Lines = Iterable[Sequence[str]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNWRITABLE = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def _xlsx(lines: Lines, to: BinaryIO) -> None:
    """Write line after line: the library keeps them on the disk, not in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("工单")
    for line in lines:
        cells = [WriteOnlyCell(sheet, value=text.translate(UNWRITABLE)) for text in line]
        for cell in cells:
            cell.data_type = "s"  # what begins with = is no formula
        sheet.append(cells)
    save_workbook(book, to)


def _csv(lines: Lines, to: BinaryIO) -> None:
    """Write with the mark by which Excel knows UTF-8; what would be a formula is quoted."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="")
    csv.writer(text).writerows([_harmless(cell) for cell in line] for line in lines)
    text.detach()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(BEGINS_FORMULA) else text


KINDS: dict[str, tuple[str, Callable[[Lines, BinaryIO], None]]] = {
    "xlsx": (XLSX, _xlsx),
    "csv": ("text/csv; charset=utf-8", _csv),
}


def ending_of(kind: str) -> str:
    """Give the kind of file (文件格式): CSV where that is wished, else Excel."""
    return kind if kind in KINDS else "xlsx"


def write(lines: Lines, kind: str, to: BinaryIO) -> None:
    """Write a table to an open file (写表格), line by line as they come."""
    KINDS[ending_of(kind)][1](lines, to)


def as_file(lines: Lines, kind: str, name: str) -> HttpResponse:
    """Hand a table out (下载表格) as CSV where that is wished, else as an Excel file."""
    found = io.BytesIO()
    write(lines, kind, found)
    return handed_out(found.getvalue(), kind, name)


def handed_out(content: bytes, kind: str, name: str) -> HttpResponse:
    """Hand out a table that is written already (下载表格)."""
    ending = ending_of(kind)
    response = HttpResponse(content, content_type=KINDS[ending][0])
    file = f"{name}-{timezone.localtime():%Y%m%d-%H%M}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
