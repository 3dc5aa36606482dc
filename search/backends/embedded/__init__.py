"""The embedded engine: tantivy in a folder, one writer over all processes."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from search.analysis import Reading
from search.backends.base import Found, Health, Plan, Statistics
from search.backends.documents import prepared
from search.backends.embedded.places import Place, documents_in
from search.index import Doc, Index


class Embedded:
    """Indexes in folders under one root, each with a pointer to the one in force."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.places: dict[str, Place] = {}

    def ensure(self, index: Index) -> bool:
        return self._place(index).ensure()

    def put(self, index: Index, docs: Sequence[Doc]) -> int:
        return self._place(index).put([prepared(index, doc) for doc in docs])

    def delete(self, index: Index, ids: Sequence[str]) -> None:
        self._place(index).delete(ids)

    def rebuild(self, index: Index, docs: Iterable[Doc]) -> int:
        return self._place(index).rebuild(prepared(index, doc) for doc in docs)

    def back(self, index: Index) -> None:
        self._place(index).back()

    def drop(self, index: Index) -> None:
        self._place(index).drop()

    def refresh(self, index: Index) -> None:
        self._place(index).shelf().searcher()

    def statistics(self, index: Index, reading: Reading, fields: Sequence[str]) -> Statistics:
        return self._place(index).shelf().statistics(reading, fields)

    def find(self, index: Index, plan: Plan) -> Found:
        return self._place(index).shelf().find(plan)

    def sample(self, index: Index, most: int) -> Sequence[bytes]:
        return self._place(index).shelf().sample(most)

    def health(self) -> Health:
        try:
            docs = sum(documents_in(home) for home in self.root.glob("*/"))
        except (OSError, ValueError) as error:
            return Health("embedded", reachable=False, note=str(error))
        return Health("embedded", reachable=True, docs=docs)

    def close(self) -> None:
        for place in self.places.values():
            place.close()
        self.places.clear()

    def _place(self, index: Index) -> Place:
        return self.places.setdefault(index.alias, Place(index, self.root / index.alias))
