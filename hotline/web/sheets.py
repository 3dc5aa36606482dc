"""Tables as files for a spreadsheet: what a cell says is text, never a formula."""

import csv
import io
from collections.abc import Callable, Sequence

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.writer.excel import save_workbook

Lines = Sequence[Sequence[str]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNWRITABLE = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def _xlsx(lines: Lines) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("工单")
    for line in lines:
        cells = [WriteOnlyCell(sheet, value=text.translate(UNWRITABLE)) for text in line]
        for cell in cells:
            cell.data_type = "s"  # what begins with = is no formula
        sheet.append(cells)
    found = io.BytesIO()
    save_workbook(book, found)
    return found.getvalue()


def _csv(lines: Lines) -> bytes:
    """Write with the mark by which Excel knows UTF-8; what would be a formula is quoted."""
    found = io.StringIO()
    csv.writer(found).writerows([[_harmless(text) for text in line] for line in lines])
    return found.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(BEGINS_FORMULA) else text


KINDS: dict[str, tuple[str, Callable[[Lines], bytes]]] = {
    "xlsx": (XLSX, _xlsx),
    "csv": ("text/csv; charset=utf-8", _csv),
}


def as_file(lines: Lines, kind: str, name: str) -> HttpResponse:
    """Hand a table out (下载表格) as CSV where that is wished, else as an Excel file."""
    ending = kind if kind in KINDS else "xlsx"
    content_type, write = KINDS[ending]
    response = HttpResponse(write(lines), content_type=content_type)
    file = f"{name}-{timezone.localtime():%Y%m%d-%H%M}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
