"""The rules of the house that no linter knows: one writer, short files, short templates."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("hotline", "tickets", "knowledge", "search", "accounts", "city", "outbox")
SOURCES = sorted(p for name in PACKAGES for p in (ROOT / name).rglob("*.py"))
TEMPLATES = sorted((ROOT / "hotline" / "templates").rglob("*.html"))
WRITERS = re.compile(
    r"(^|/)(actions(/|\.py$)|backfill(/|\.py$)|migrations/)|^outbox/bus\.py$|^search/"
)
WRITES = frozenset(
    "save create update delete bulk_create bulk_update get_or_create update_or_create "
    "asave acreate aupdate adelete".split()
)
BANNED = re.compile(r"(^|_)(utils|helpers?|common|core|managers?|services?|info|process)(_|$)")


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _writes_rows(call: ast.Call) -> bool:
    """Tell a call on rows (`ticket.save()`, `Ticket.objects.create()`) from `dict.update()`."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in WRITES:
        return False
    if func.attr == "save" and call.args:
        return False  # a row's takes words only; this is a picture's or a workbook's
    owner = ast.unparse(func.value)
    if func.attr in {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}:
        return True
    return "objects" in owner or (func.attr in {"delete", "adelete"} and not call.args)


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_only_actions_write_rows(path: Path) -> None:
    if WRITERS.search(_relative(path)):
        return

    calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]

    assert [ast.unparse(c) for c in calls if _writes_rows(c)] == []


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_a_file_is_at_most_400_lines(path: Path) -> None:
    assert "migrations" in path.parts or len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_a_name_says_something(path: Path) -> None:
    assert not BANNED.search(path.stem)


def test_a_template_is_at_most_150_lines() -> None:
    long = [_relative(p) for p in TEMPLATES if len(p.read_text().splitlines()) > 150]

    assert long == []


BELOW_THE_FRONT = [p for p in SOURCES if p.relative_to(ROOT).parts[0] != "hotline"]


@pytest.mark.parametrize("path", BELOW_THE_FRONT, ids=_relative)
def test_no_http_below_the_front(path: Path) -> None:
    imported = re.findall(
        r"^\s*(?:from|import) (django\.(?:http|shortcuts))", path.read_text(), re.M
    )

    assert imported == [] or path.name == "admin.py"


def test_every_setting_is_in_the_example() -> None:
    source = (ROOT / "hotline" / "settings.py").read_text()
    asked = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)) | {"PORT", "DEMO"}

    told = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))

    assert told == asked
