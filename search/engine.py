"""Which engine is in force, and the one way of searching that is the same on either.

The back ends find up to 200 candidates; what order they come in is decided in search.ranking.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from search.backends.base import Backend, Health, Unavailable
from search.index import Doc, Index
from search.query import Query, Results

__all__ = ["Doc", "Engine", "Health", "Unavailable", "current", "opened"]


class Engine:
    """An engine (检索引擎): put documents in, search them, know how it is."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def ensure(self, index: Index) -> bool:
        """Make the index where it is missing (建索引); True when it is new and wants filling."""
        return self.backend.ensure(index)

    def put(self, index: Index, docs: Sequence[Doc]) -> int:
        """Write documents (写入), in one commit; older versions are left out, the rest counted."""
        return self.backend.put(index, docs)

    def delete(self, index: Index, ids: Sequence[str]) -> None:
        """Take documents out (移除); unknown ids do not matter."""
        self.backend.delete(index, ids)

    def rebuild(self, index: Index, docs: Iterable[Doc]) -> int:
        """Fill a fresh index and put it in the old one's place at once (重建); returns its size."""
        return self.backend.rebuild(index, docs)

    def refresh(self, index: Index) -> None:
        """Make all that was put findable now (刷新)."""
        self.backend.refresh(index)

    def search(self, index: Index, query: Query) -> Results:
        """Find what the query asks for and its permission admits (检索), best first."""
        raise Unavailable

    def count(self, index: Index, query: Query) -> int:
        """Count what a search would find (计数), exactly."""
        raise Unavailable

    def health(self) -> Health:
        """Tell how the engine is (健康); never raises."""
        return self.backend.health()

    def close(self) -> None:
        """Let go of files and connections (关闭)."""
        self.backend.close()


@cache
def opened(kind: str, location: str) -> Engine:
    """Open an engine: `embedded` in a folder, `elastic` at comma-separated addresses."""
    if kind == "elastic":
        from search.backends.elastic import Elastic

        return Engine(Elastic(location))
    from search.backends.embedded import Embedded

    return Engine(Embedded(Path(location)))


def current() -> Engine:
    """Give the engine that the settings name (当前引擎)."""
    from django.conf import settings

    if settings.SEARCH_ENGINE == "elastic":
        return opened("elastic", settings.ELASTICSEARCH_URL)
    return opened("embedded", str(settings.SEARCH_DIR))
