"""Reads files of messages (批量导入): JSON lines, CSV or Excel, gzipped or not.

Encodings are UTF-8 (with or without BOM) and GB18030. Columns are known by their usual names;
others are left alone. What cannot be read is said row by row, and the rest is read all the same.
"""

import csv
import gzip
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from dateutil import parser as dates
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 512 * 1024 * 1024
HEADER_LINES = 20
ENCODINGS = ("utf-8-sig", "gb18030")
HALF_DAY = re.compile(r"(上午|下午)\s*([\d:]+)")

# Column names of real exports (北京, 上海, 常州 and others) → ours.
ALIASES: dict[str, tuple[str, ...]] = {
    "external_number": (
        *("id", "external_number", "order_no", "order_id", "编号", "工单编号", "工单号"),
        *("诉求编号", "受理编号", "12345工单编号", "留言编号"),
    ),
    "title": ("title", "标题", "主题", "留言主题", "工单标题"),
    "text": (
        *("text", "content", "case_content", "主要内容", "内容", "内容描述", "诉求内容"),
        *("留言详情", "反映内容", "工单内容"),
    ),
    "reported_at": (
        *("time", "reported_at", "call_time", "来电时间", "受理时间", "留言时间", "时间"),
        *("诉求时间", "登记时间"),
    ),
    "phone": ("phone", "来电人电话", "来电人电话/账号", "联系电话", "电话", "手机", "手机号"),
    "name": ("name", "来电人", "姓名", "诉求人", "联系人"),
    "place": ("place", "address_detail", "诉求地址", "地址", "地点", "事发地址", "小区点位"),
}
_FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases}


class Unreadable(ValueError):
    """The file cannot be read at all; the text says why and what to do."""


@dataclass(frozen=True)
class Message:
    """One message: its line in the file, its key, and the words as they stood there."""

    line: int
    external_number: str
    title: str
    text: str
    phone: str
    name: str
    place: str
    reported_at: datetime | None


@dataclass(frozen=True)
class Broken:
    """A line that is no message, and why."""

    line: int
    why: str


def read(path: Path) -> Iterator[Message | Broken]:
    """Read the messages of a file (读取导入文件), in its order; raises Unreadable."""
    data = _bytes_of(path)
    kind = path.with_suffix("").suffix if path.suffix.lower() == ".gz" else path.suffix
    rows = _rows(kind.lower(), data)
    seen: Counter[str] = Counter()
    for line, row in rows:
        yield _message(line, row, seen) if isinstance(row, Mapping) else Broken(line, row)


def _bytes_of(path: Path) -> bytes:
    try:
        opening = gzip.open if path.suffix.lower() == ".gz" else open
        with opening(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as missing:
        raise Unreadable(f"找不到文件 {path}，请核对路径。") from missing
    except (OSError, EOFError) as broken:
        raise Unreadable(f"文件 {path.name} 无法打开或压缩包已损坏，请重新导出。") from broken
    if len(data) > MAX_BYTES:
        raise Unreadable(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请拆分后分批导入。")
    if not data.strip():
        raise Unreadable(f"文件 {path.name} 是空的，没有可导入的内容。")
    return bytes(data)


Rows = Iterator[tuple[int, Mapping[str, Any] | str]]


def _rows(kind: str, data: bytes) -> Rows:
    if kind in {".xlsx", ".xlsm"}:
        return _table(_sheet(data))
    if kind == ".csv":
        return _table(_cells(_decoded(data)))
    if kind in {".jsonl", ".ndjson", ".json"}:
        return _json_lines(_decoded(data))
    raise Unreadable(f"不支持 {kind or '无扩展名'} 文件，请使用 JSONL、CSV 或 XLSX。")


def _decoded(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文件编码无法识别，请另存为 UTF-8 或 GB18030 后再导入。")


def _json_lines(text: str) -> Rows:
    lines = io.StringIO(text, newline=None)  # splitlines would cut at U+2028 inside a message
    for line, words in enumerate(lines, 1):
        if not words.strip():
            continue
        try:
            row = json.loads(words)
        except (ValueError, RecursionError):
            yield line, "不是有效的 JSON"
            continue
        yield line, row if isinstance(row, dict) else "不是一个 JSON 对象"


def _cells(text: str) -> Iterator[list[Any]]:
    """Read a table; the longest cell may be the whole file, so that only its row is refused."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as broken:
        raise Unreadable("CSV 文件的格式无法识别，请重新导出。") from broken


def _sheet(data: bytes) -> Iterator[list[Any]]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(values_only=True):
            yield list(row)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as broken:
        raise Unreadable("Excel 文件已损坏或不是 XLSX 格式，请重新导出。") from broken


def _table(lines: Iterable[list[Any]]) -> Rows:
    """Find the header among the first lines, then name the cells of each row by it."""
    header: list[str] = []
    for line, cells in enumerate(lines, 1):
        if not header:
            header = _header(cells)
            if not header and line >= HEADER_LINES:
                break
            continue
        if any(str(cell or "").strip() for cell in cells):
            yield line, dict(zip(header, cells, strict=False))
    if not header:
        raise Unreadable(f"前 {HEADER_LINES} 行里没有找到表头，至少要有“内容”（text）一列。")


def _header(cells: list[Any]) -> list[str]:
    names = [str(cell or "").strip() for cell in cells]
    has_text = any(_FIELD_OF.get(name.lower()) == "text" for name in names)
    return names if has_text else []


def _message(line: int, row: Mapping[str, Any], seen: Counter[str]) -> Message:
    fields: dict[str, Any] = {}
    for name, value in row.items():
        field = _FIELD_OF.get(str(name).strip().lower())
        if field and value not in (None, ""):
            fields.setdefault(field, value)
    words = {name: _text(fields.get(name)) for name in ALIASES if name != "reported_at"}
    words["external_number"] = words["external_number"][:64] or _key(row, seen)
    return Message(line=line, reported_at=_moment(fields.get("reported_at")), **words)


def _text(value: Any) -> str:
    """Read a cell as text; Excel gives whole numbers as 1.0."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _key(row: Mapping[str, Any], seen: Counter[str]) -> str:
    """Name a row without a number: the hash of what it says, and which time it says so."""
    body = json.dumps(row, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(body.encode()).hexdigest()[:40]
    seen[digest] += 1
    return f"row-{digest}-{seen[digest]}"


def _half_day(found: re.Match[str]) -> str:
    return f"{found[2]} {'AM' if found[1] == '上午' else 'PM'}"


def _moment(value: Any) -> datetime | None:
    """Read a date or time, in Chinese or not; what cannot be read is left out."""
    if isinstance(value, datetime):
        return value if value.tzinfo else timezone.make_aware(value)
    words = HALF_DAY.sub(_half_day, _text(value))
    for chinese, plain in (("年", "-"), ("月", "-"), ("日", " ")):
        words = words.replace(chinese, plain)
    try:
        midnight = datetime.combine(timezone.localdate(), time())
        found = dates.parse(words, default=midnight) if words.strip() else None
    except (ValueError, OverflowError):
        return None
    if found is None or found.tzinfo:
        return found
    return timezone.make_aware(found)
