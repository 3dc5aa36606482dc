"""Importing the library costs nothing, and asking without permission cannot be written."""

import subprocess
import sys

import pytest

from search.query import AllOf, AnyOf, Permission, Query, Term

HEAVY = ("jieba", "rjieba", "opencc", "pypinyin", "numpy", "tantivy", "elasticsearch")


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = f"import search.engine, sys; print([m for m in {HEAVY!r} if m in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert loaded.stdout.strip() == "[]"


def test_a_query_without_a_permission_cannot_be_built() -> None:
    build = Query

    with pytest.raises(TypeError, match="permission"):
        build(text="路灯")  # type: ignore[call-arg]  # this is what must not pass


def test_a_permission_says_what_may_be_seen() -> None:
    mine = Term("unit", "gas")

    assert Permission.everything().filter == AllOf(())
    assert Permission.nothing().filter == AnyOf(())
    assert Permission.any_of([mine]).filter == AnyOf((mine,))
