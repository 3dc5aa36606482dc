"""Keeps what was built from reference data until the data changes, in every process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection

from city.models import Revision

Built = TypeVar("Built")


@dataclass
class _Held:
    """The token as it was when it was first asked for."""

    token: str = ""


_steady: ContextVar[_Held | None] = ContextVar("steady", default=None)


def revision() -> str:
    """Read the token of the reference data (基础数据版本), "" before the first change."""
    held = _steady.get()
    if held is None:
        return _read()
    held.token = held.token or _read()
    return held.token


@contextmanager
def steady() -> Iterator[None]:
    """Ask for the token once for a whole batch of work, which then sees one state of the data."""
    outer = _steady.set(_steady.get() or _Held())
    try:
        yield
    finally:
        _steady.reset(outer)


TOKEN = f"SELECT token FROM {Revision._meta.db_table}"  # noqa: S608  # one row, a constant


def _read() -> str:
    """Ask in plain SQL: this is asked so often that building the question cost the most."""
    with connection.cursor() as cursor:
        cursor.execute(TOKEN)
        row = cursor.fetchone()
    return row[0] if row else ""


class Memo(Generic[Built]):
    """A value built from rows, good for one token; before the first token nothing is kept."""

    def __init__(self, build: Callable[[], Built]) -> None:
        self._build = build
        self._kept: tuple[str, Built] | None = None

    def get(self) -> Built:
        """Give the value, built anew if the token is another one."""
        token, kept = revision(), self._kept
        if kept and token and kept[0] == token:
            return kept[1]
        value = self._build()  # after reading the token: at worst it is newer than its token
        self._kept = (token, value)
        return value
