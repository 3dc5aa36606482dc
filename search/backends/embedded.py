"""The embedded engine."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from search.analysis import Reading
from search.backends.base import Found, Health, Plan, Statistics, Unavailable
from search.index import Doc, Index


class Embedded:
    """The embedded engine."""

    def __init__(self, location: Path) -> None:
        self.location = location

    def ensure(self, index: Index) -> bool:
        raise Unavailable

    def put(self, index: Index, docs: Sequence[Doc]) -> int:
        raise Unavailable

    def delete(self, index: Index, ids: Sequence[str]) -> None:
        raise Unavailable

    def rebuild(self, index: Index, docs: Iterable[Doc]) -> int:
        raise Unavailable

    def refresh(self, index: Index) -> None:
        raise Unavailable

    def statistics(self, index: Index, reading: Reading, fields: Sequence[str]) -> Statistics:
        raise Unavailable

    def find(self, index: Index, plan: Plan) -> Found:
        raise Unavailable

    def health(self) -> Health:
        return Health("embedded", reachable=False)

    def close(self) -> None:
        return
