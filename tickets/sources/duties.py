"""The duty list as an Excel table (派单目录导入导出): taken whole or not at all, faults by row."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from zipfile import BadZipFile

from django.db.models import Model, QuerySet
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.writer.excel import save_workbook

from accounts.models import Department
from city.models import Category, Region
from tickets.actions import DutyContent
from tickets.models import DutyItem

KEY, MATTER, REGION, UNIT, ALSO = "条目编号", "事项编码", "区划编码", "主办单位编码", "协办单位编码"
WORDS, NOT_WORDS, BOTH, BASIS = "须含词语", "不含词语", "双派", "依据"
FROM, TO = "生效日期", "失效日期"
COLUMNS = (KEY, MATTER, WORDS, NOT_WORDS, REGION, UNIT, ALSO, BOTH, BASIS, FROM, TO)
NAMES = ("事项名称", "区划名称", "主办单位名称")
"""Written for people; not read back."""
NEEDED = (MATTER, UNIT, FROM)
MOST = 20_000
YES, NO = (
    frozenset({"是", "1", "y", "yes", "true", "双派"}),
    frozenset({"", "否", "0", "no", "false"}),
)
BETWEEN = re.compile(r"[、，,;；\s]+")
Row = dict[str, str]
M = TypeVar("M", bound=Model)


class Unreadable(Exception):
    """The file is no such table; the text says so in Chinese."""


@dataclass
class Reading:
    """What a file would do: rows to take in, faults by row, and how many change nothing."""

    rows: list[tuple[str, DutyContent]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    same: int = 0


def table_of(data: bytes) -> list[Row]:
    """Read the cells of an Excel file (读取表格) as words, with the line of each row."""
    lines = [[_words(cell) for cell in row] for row in _cells(data)]
    lines = lines[: MOST + 2]
    if not lines or not any(any(line) for line in lines):
        raise Unreadable("文件是空的，没有可导入的内容。")
    header = lines[0]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise Unreadable(f"第 1 行缺少列：{'、'.join(missing)}。请从“导出”得到的表格上修改。")
    if len(lines) > MOST + 1:
        raise Unreadable(f"超过 {MOST} 行，请拆分后分批导入。")
    return [
        {"line": str(at), **dict(zip(header, line, strict=False))}
        for at, line in enumerate(lines[1:], 2)
        if any(line)
    ]


def _cells(data: bytes) -> Iterable[Sequence[Any]]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return list(book.worksheets[0].iter_rows(values_only=True))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as broken:
        raise Unreadable("文件已损坏或不是 XLSX 格式，请重新导出后再试。") from broken


def _words(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


class _Known:
    """The rows that cells may name by code or name."""

    def __init__(self) -> None:
        self.matters = _by(Category.objects.filter(active=True), "code", "path_name")
        self.regions = _by(Region.objects.all(), "code", "name")
        self.units = _by(Department.objects.all(), "code", "name", "short_name")


def _by(rows: QuerySet[M], *names: str) -> dict[str, M]:
    return {getattr(row, name): row for name in reversed(names) for row in rows}


def read(table: Sequence[Row]) -> Reading:
    """Check every row of a table (校验) and tell what taking it in would change."""
    known, reading = _Known(), Reading()
    newest = {item.key: item for item in _newest()}
    keys: set[str] = set()
    for row in table:
        try:
            key, content = row.get(KEY, ""), _content(row, known)
            if key and key in keys:
                raise ValueError(f"条目编号 {key} 在文件中重复")
        except ValueError as fault:
            reading.faults.append(f"第 {row['line']} 行：{fault}。")
            continue
        keys.add(key)
        _count(reading, key, content, newest.get(key))
    return reading


def _count(reading: Reading, key: str, content: DutyContent, before: DutyItem | None) -> None:
    if before is not None and _same(before, content):
        reading.same += 1
        return
    if before is not None and before.state == DutyItem.State.IN_REVIEW:
        reading.faults.append(f"条目 {key} 有一版正在审核，请先审核或退回。")
        return
    reading.rows.append((key, content))
    reading.added += before is None
    reading.changed += before is not None


def _newest() -> Iterable[DutyItem]:
    return DutyItem.objects.order_by("key", "version").prefetch_related("assisting")


def _same(item: DutyItem, content: DutyContent) -> bool:
    also = {unit.pk for unit in item.assisting.all()} == {unit.pk for unit in content.assisting}
    return (
        also
        and all(
            getattr(item, name) == value
            for name, value in content.columns.items()
            if name not in {"category", "region", "department"}
        )
        and _ids(item) == _ids(content)
    )


def _ids(item: DutyItem | DutyContent) -> tuple[int, int | None, int]:
    if isinstance(item, DutyItem):
        return item.category_id, item.region_id, item.department_id
    return item.category.pk, item.region.pk if item.region else None, item.department.pk


def _content(row: Mapping[str, str], known: _Known) -> DutyContent:
    unit = _named(known.units, row.get(UNIT, ""), UNIT)
    also = [_named(known.units, code, ALSO) for code in _split(row.get(ALSO, ""))]
    where = row.get(REGION, "")
    content = DutyContent(
        category=_named(known.matters, row.get(MATTER, ""), MATTER),
        department=unit,
        valid_from=_day(row.get(FROM, ""), FROM) or _missing(FROM),
        region=_named(known.regions, where, REGION) if where not in {"", "全市"} else None,
        keywords=_split(row.get(WORDS, "")),
        excluded=_split(row.get(NOT_WORDS, "")),
        assisting=also,
        with_territory=_yes(row.get(BOTH, "")),
        basis=row.get(BASIS, "")[:200],
        valid_to=_day(row.get(TO, ""), TO),
    )
    _check(content)
    return content


def _check(content: DutyContent) -> None:
    for unit in (content.department, *content.assisting):
        if not unit.active:
            raise ValueError(f"{unit.name}已停用")
    if content.department in content.assisting:
        raise ValueError(f"{content.department.name}不能既主办又协办")
    if content.valid_to and content.valid_to <= content.valid_from:
        raise ValueError("失效日期应晚于生效日期")


def _named(known: Mapping[str, M], name: str, column: str) -> M:
    if not name:
        _missing(column)
    if name not in known:
        raise ValueError(f"{column}“{name}”不存在")
    return known[name]


def _missing(column: str) -> Any:
    raise ValueError(f"缺少{column}")


def _split(words: str) -> list[str]:
    return [word for word in BETWEEN.split(words) if word]


def _yes(word: str) -> bool:
    if word.lower() not in YES | NO:
        raise ValueError(f"双派应填“是”或“否”，不是“{word}”")
    return word.lower() in YES


def _day(word: str, column: str) -> date | None:
    if not word:
        return None
    try:
        return date.fromisoformat(word.replace("/", "-").replace(".", "-"))
    except ValueError as wrong:
        raise ValueError(f"{column}“{word}”不是日期，应如 2026-01-31") from wrong


def write(items: Iterable[DutyItem]) -> bytes:
    """Write rows as an Excel file (导出派单目录) that can be changed and taken in again."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("派单目录")
    sheet.append([*COLUMNS, *NAMES])
    for item in items:
        sheet.append([_plain(sheet, text) for text in _line(item)])
    found = io.BytesIO()
    save_workbook(book, found)
    return found.getvalue()


def _plain(sheet: Any, text: str) -> Any:
    """Write text as text: what begins with = is no formula."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _line(item: DutyItem) -> list[str]:
    region, unit = item.region, item.department
    return [
        item.key,
        item.category.code,
        "、".join(item.keywords),
        "、".join(item.excluded),
        region.code if region else "",
        unit.code,
        "、".join(unit.code for unit in item.assisting.all()),
        "是" if item.with_territory else "否",
        item.basis,
        f"{item.valid_from:%Y-%m-%d}",
        f"{item.valid_to:%Y-%m-%d}" if item.valid_to else "",
        item.category.path_name,
        item.where,
        unit.name,
    ]
