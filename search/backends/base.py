"""The protocol of an engine, and what travels between it and the one scorer."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from search.analysis import Reading
from search.index import Doc, Index, Value
from search.query import ByDistance, Filter, Match, Sort

if TYPE_CHECKING:
    from search.backends.documents import Prepared

CANDIDATES = 200
LOWEST = -(2.0**53)


@dataclass(frozen=True, slots=True)
class Health:
    """How an engine is (健康): reachable or not, how many documents, seconds behind its writes."""

    engine: str
    reachable: bool
    docs: int = 0
    lag_s: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a collection says about words: its size, mean lengths, and who holds which term."""

    docs: int
    mean_lengths: Sequence[float]
    """Of words, bigrams and characters, a field counting as often as its boost says."""
    holders: Sequence[Mapping[str, int]]
    """How many documents hold each word, each bigram, each character."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order, behind which the next page begins; a missing number is LOWEST.

    Where things are ordered by distance the number is metres.
    """

    number: float
    id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A query made ready for an engine: terms cut, permission among the filters."""

    filters: tuple[Filter, ...]
    fields: tuple[str, ...] = ()
    reading: Reading | None = None
    match: Match = Match.ANY
    sort: Sort | ByDistance | None = None
    limit: int = CANDIDATES
    after: Place | None = None
    facets: tuple[str, ...] = ()
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that an engine offers: its id, the engine's score, its signature and vector for
    ranking."""

    id: str
    version: int
    score: float
    signature: bytes
    load: Callable[[], Mapping[str, Value]]
    place: Place | None = None
    vector: bytes = b""


@dataclass(frozen=True, slots=True)
class Found:
    """An engine's answer to a plan: the exact total, candidates, counts of values."""

    total: int
    candidates: Sequence[Candidate] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Incomplete(Exception):
    """A fresh index lacks documents that were written to it (索引不完整); the old one stays."""


class Unavailable(Exception):
    """The engine does not answer, or the index was never made (检索不可用)."""


class Sample:
    """Counts what passes on its way into a fresh index, and keeps some of the ids (抽样)."""

    EVERY = 97

    def __init__(self, docs: "Iterable[Prepared]") -> None:
        self.docs = docs
        self.ids: list[str] = []
        self.count = 0

    def __iter__(self) -> "Iterator[Prepared]":
        for doc in self.docs:
            if self.count % self.EVERY == 0:
                self.ids.append(doc.id)
            self.count += 1
            yield doc

    def compare(self, *, held: int, found: int) -> None:
        """Raise Incomplete unless all are there, by count and by sample (验数)."""
        if held < self.count or found < len(self.ids):
            said = (
                f"应有 {self.count} 个文档，实有 {held}；抽查 {len(self.ids)} 个，找到 {found} 个"
            )
            raise Incomplete(f"新索引不完整，未切换：{said}")


class Backend(Protocol):
    """What an engine must be able to do; all raise Unavailable when it is down."""

    def ensure(self, index: Index) -> bool: ...
    def put(self, index: Index, docs: Sequence[Doc]) -> int: ...
    def delete(self, index: Index, ids: Sequence[str]) -> None: ...
    def rebuild(self, index: Index, docs: Iterable[Doc]) -> int: ...
    def back(self, index: Index) -> None: ...
    def drop(self, index: Index) -> None: ...
    def refresh(self, index: Index) -> None: ...
    def statistics(self, index: Index, reading: Reading, fields: Sequence[str]) -> Statistics: ...
    def find(self, index: Index, plan: Plan) -> Found: ...
    def sample(self, index: Index, most: int) -> Sequence[bytes]: ...
    def health(self) -> Health: ...
    def close(self) -> None: ...
