"""Engine-free queries and their results; none can be built without saying who may see what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from search.geo import Spot
from search.index import Scalar, Value

ID = "doc-id"
"""The field that holds a document's own id, for filters that name documents."""


@dataclass(frozen=True, slots=True)
class Term:
    """The field holds exactly this value."""

    field: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Terms:
    """The field holds one of these values."""

    field: str
    values: Sequence[Scalar]


@dataclass(frozen=True, slots=True)
class Prefix:
    """The keyword begins with this text (a path, a number)."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """The number or date lies from `gte` (or after `gt`) to `lte` (or before `lt`)."""

    field: str
    gte: Scalar | None = None
    gt: Scalar | None = None
    lte: Scalar | None = None
    lt: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """The text stands unbroken in one of the text fields; none named means any of them.

    Judged by pairs of neighbours: a text that holds each pair of the phrase, but apart, passes.
    """

    text: str
    fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """The point lies at most so many metres, more than 0, from a spot along the great circle."""

    field: str
    spot: Spot
    metres: float

    def __post_init__(self) -> None:
        if not self.metres > 0:
            raise ValueError(f"no distance: {self.metres}")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the filters holds; of none, nothing does."""

    filters: Sequence["Filter"]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each of the filters holds; of none, everything does."""

    filters: Sequence["Filter"]


@dataclass(frozen=True, slots=True)
class Not:
    """The filter does not hold."""

    filter: "Filter"


Filter = Term | Terms | Prefix | Range | Phrase | Near | AnyOf | AllOf | Not


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may see what, as a filter that every hit, count and facet obeys."""

    filter: Filter

    @classmethod
    def everything(cls) -> "Permission":
        """Let all documents be seen (全部可见)."""
        return cls(AllOf(()))

    @classmethod
    def any_of(cls, filters: Iterable[Filter]) -> "Permission":
        """Let be seen what at least one of the filters admits (按条件可见)."""
        return cls(AnyOf(tuple(filters)))

    @classmethod
    def nothing(cls) -> "Permission":
        """Let nothing be seen (均不可见)."""
        return cls(AnyOf(()))


class Match(Enum):
    """Whether a hit needs any word of the text, or all of them."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Like:
    """Find what resembles this text; `terms` picks candidates by its most telling terms only.

    `candidates` limits how many of them are weighed, where a few of the nearest are enough. `title`
    says in a few words what the text is about; its words count twice. The document named by `but`
    is where the text is from, and no hit. Messages are compared as such where that is asked for by
    `message` (search.likeness), else the words that are found in them.
    """

    text: str
    title: str = ""
    terms: int | None = None
    candidates: int | None = None
    message: bool = False
    but: str = ""

    @property
    def whole(self) -> str:
        """Title and text, as a message stands on paper."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    @property
    def said(self) -> str:
        """What is looked for: the title once more, and the whole."""
        return f"{self.title}\n{self.whole}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class Decay:
    """Let what is near a moment come before what is as good (时间衰减).

    The best gets `weight` more, half of it at `half_life` from the moment, and nothing without a
    date; a score is about 2 for the best hit.
    """

    field: str
    at: datetime
    half_life: timedelta
    weight: float


@dataclass(frozen=True, slots=True)
class Closer:
    """Let what is near a spot come before what is as good (距离衰减).

    The best gets `weight` more, half of it `half_way` metres off, and nothing without a point.
    """

    field: str
    spot: Spot
    half_way: float
    weight: float


@dataclass(frozen=True, slots=True)
class ByDistance:
    """Find only what is near, and order it by distance (由近及远); equal ones by id."""

    near: Near


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by a number or date, not by relevance; equal ones by id, a missing one is lowest."""

    field: str
    descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for (检索条件); a text without a single word in it finds nothing."""

    permission: Permission
    text: str = ""
    fields: Sequence[str] = ()
    """Text fields to look in; none named means all of them."""
    match: Match = Match.ANY
    like: Like | None = None
    filters: Sequence[Filter] = ()
    sort: Sort | ByDistance | None = None
    """Without text and without a sort, what was written in its latest version comes first."""
    decay: Decay | Closer | None = None
    """By relevance only."""
    limit: int = 10
    after: str = ""
    """The `cursor` of the page before; by relevance the pages end at 200 hits."""
    facets: Sequence[str] = ()
    """Keyword fields whose values are counted over all hits."""
    counted: bool = True
    """Whether the number of all hits is wanted; the best alone are found with far less work."""
    distinct: str = ""
    """A keyword field: of hits by relevance that share its value only the best stays."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a hit was found (命中理由): the word, the field it stands in, its share of the score."""

    word: str
    field: str
    weight: float
    via: str = ""
    """The citizen's word that `word` is a synonym of."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found (命中), with the fields it was put with; dates come as ISO text."""

    id: str
    version: int
    score: float
    fields: Mapping[str, Value]
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """What was found (检索结果): the exact number of all hits, and one page of them.

    Where a query is not `counted` the total is the number of hits that were looked at.
    """

    total: int
    hits: Sequence[Hit] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cursor: str = ""
    """Pass as `after` to get the next page; empty at the end."""
