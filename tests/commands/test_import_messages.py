"""Importing what others collected: each message once, refusals said, nothing lost."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from outbox.models import Delivery
from tests.factories import Units
from tickets.models import Ticket

ROWS = [
    {"id": "T1", "title": "停水", "text": "青石街道停水两天", "time": "2020-01-06"},
    {"id": "T2", "text": "路灯不亮", "phone": "138-1234-5678"},
    {"id": "T3", "text": ""},
    {"id": "T4", "text": "长" * 10_001},
    {"id": "T5", "text": "井盖松动", "phone": "12"},
]


@pytest.fixture
def file(tmp_path: Path, units: Units) -> Path:
    path = tmp_path / "messages.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS))
    return path


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_messages", str(path), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_messages_are_accepted_once_and_refusals_counted(file: Path) -> None:
    first, second = run(file), run(file)

    assert first.startswith("受理 2，已存在 0，拒收 3")
    assert second.startswith("受理 0，已存在 2，拒收 3")
    assert Ticket.objects.count() == 2


def test_all_that_an_import_causes_is_delivered_when_it_returns(file: Path) -> None:
    run(file)

    assert not Delivery.objects.exists()


def test_the_report_says_what_became_of_each_line(file: Path, tmp_path: Path) -> None:
    run(file, "--report", str(tmp_path / "out.csv"))

    lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "行号,结果,工单编号,原因"
    assert [line.split(",")[1] for line in lines[1:]] == ["受理", "受理", "拒收", "拒收", "拒收"]


def test_a_dry_run_writes_nothing(file: Path) -> None:
    assert run(file, "--dry-run").startswith("受理 2，已存在 0，拒收 3")
    assert Ticket.objects.count() == 0


def test_clocks_start_now_unless_the_dates_are_kept(file: Path) -> None:
    run(file)
    assert Ticket.objects.get(external_number="T1").accepted_at.year > 2020

    run(file, "--source", "wechat", "--keep-dates")
    assert Ticket.objects.get(source="wechat", external_number="T1").accepted_at.year == 2020


def test_an_unreadable_file_is_an_error_in_chinese(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match="找不到文件"):
        run(tmp_path / "none.csv")
