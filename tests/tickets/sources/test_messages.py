"""Files of messages as cities export them, and as they break."""

import gzip
import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from tickets.sources.messages import Broken, Message, Unreadable, read

CSV = "编号,标题,主要内容,来电时间,来电人电话\n7,路灯,路灯不亮,2026/11/2 下午3:05,13812345678\n"


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def messages(path: Path) -> list[Message]:
    return [row for row in read(path) if isinstance(row, Message)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_table_is_read_in_the_usual_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    found = messages(write(tmp_path, name, CSV.encode(encoding)))

    assert (found[0].external_number, found[0].title, found[0].text) == ("7", "路灯", "路灯不亮")
    assert found[0].phone == "13812345678"
    assert found[0].reported_at is not None
    assert (found[0].reported_at.month, found[0].reported_at.hour) == (11, 15)


def test_json_lines_are_read_and_broken_ones_named(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "T1", "text": "停水", "time": "2020-01-06"}), "{", "[1]", ""]

    rows = list(read(write(tmp_path, "a.jsonl.gz", "\n".join(lines).encode())))

    assert [type(row) for row in rows] == [Message, Broken, Broken]
    assert [row.line for row in rows] == [1, 2, 3]


def test_odd_line_breaks_inside_a_message_are_part_of_it(tmp_path: Path) -> None:
    words = "路灯\u2028不亮\x85很久\x0c了"
    lines = [json.dumps({"text": words}, ensure_ascii=False), json.dumps({"text": "停水"})]

    found = messages(write(tmp_path, "a.jsonl", "\r\n".join(lines).encode()))

    assert [(m.line, m.text) for m in found] == [(1, words), (2, "停水")]


def test_a_huge_cell_costs_only_its_own_row(tmp_path: Path) -> None:
    data = f'text\n"{"长" * 200_000}"\n停水\n'.encode()

    found = messages(write(tmp_path, "a.csv", data))

    assert [len(m.text) for m in found] == [200_000, 2]


def test_a_workbook_is_read_below_its_title_lines(tmp_path: Path) -> None:
    data = workbook(
        ["某市热线导出"],
        [None],
        ["工单编号", "诉求内容", "来电时间"],
        [12.0, "井盖松动", datetime(2026, 11, 2, 9, 30)],  # noqa: DTZ001 - Excel knows no zone
        [None, None, None],
    )

    found = messages(write(tmp_path, "a.xlsx", data))

    assert [(m.line, m.external_number, m.text) for m in found] == [(4, "12", "井盖松动")]
    assert found[0].reported_at is not None
    assert found[0].reported_at.hour == 9


def test_rows_without_a_number_are_told_apart_by_what_they_say(tmp_path: Path) -> None:
    data = "text\n停水\n停水\n停电\n".encode()

    first, second = messages(write(tmp_path, "a.csv", data)), messages(tmp_path / "a.csv")

    keys = [m.external_number for m in first]
    assert len(set(keys)) == 3
    assert keys == [m.external_number for m in second]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.csv", b"", "空"),
        ("a.csv", b"\xff\xfe\x81\xff\x00", "编码"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "表头"),
        ("a.xlsx", b"PK not a workbook", "损坏"),
        ("a.doc", b"words", "不支持"),
        ("a", b"words", "不支持"),
    ],
)
def test_what_cannot_be_read_is_said_in_chinese(
    tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    with pytest.raises(Unreadable, match=why):
        list(read(write(tmp_path, name, data)))


def test_a_damaged_archive_and_a_missing_file_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(b"no gzip")

    for name in ("a.csv.gz", "none.csv"):
        with pytest.raises(Unreadable):
            list(read(tmp_path / name))


@pytest.mark.parametrize("words", ["上周三", "99999999999", "2026-13-45"])
def test_a_time_that_cannot_be_read_is_left_out(tmp_path: Path, words: str) -> None:
    path = write(tmp_path, "a.jsonl", json.dumps({"text": "停水", "time": words}).encode())

    assert messages(path)[0].reported_at is None
