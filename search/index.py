"""Declarations of indexes: what is in one, how each field is read, and in which version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property

Scalar = str | int | float | bool | date | datetime
Value = Scalar | Sequence[str] | Sequence[int] | None


@dataclass(frozen=True, slots=True)
class Weights:
    """How documents of a kind are ranked best (docs/adr/0010)."""

    k1: float
    """How soon a repeated word stops to count."""
    b: float
    """How much a long document is held against it."""
    words: float = 1.0
    """What words weigh beside bigrams."""
    rarity: float = 1.0
    """What the second score weighs, in which rare terms count twice."""
    characters: float = 0.0
    """What single characters weigh; long documents hold them all."""
    meaning: float = 2.5
    """What a standard deviation of meaning weighs, where documents are embedded."""
    share: float = 0.0
    """What it weighs how much of a document is covered by a whole message."""
    heading: float = 0.0
    """What it weighs how much of the message's title is covered by a document."""
    likeness: float = 0.0
    """What the cosine of a whole message and a document weighs."""

    @property
    def close(self) -> bool:
        """Tell whether whole messages are compared beyond BM25 (search.closeness)."""
        return bool(self.share or self.heading or self.likeness)


class Kind(Enum):
    """Kinds of documents, each with the weights that rank it best."""

    POLICY = Weights(k1=0.8, b=0.8, words=0.6, rarity=0.3)
    PASSAGE = Weights(k1=1.2, b=0.75, characters=0.8)
    FAQ = Weights(k1=1.2, b=0.9, characters=0.8)
    MESSAGE = Weights(k1=4.0, b=1.0, characters=0.8)
    REPLY = Weights(
        k1=4.0, b=1.0, characters=0.8, meaning=1.8, share=4.0, heading=1.0, likeness=7.5
    )
    LAW = Weights(k1=1.2, b=0.5)


@dataclass(frozen=True, slots=True)
class Text:
    """A field that is cut into words and bigrams; a title may also be found by its pinyin."""

    boost: float = 1.0
    title: bool = False
    pinyin: bool = False


@dataclass(frozen=True, slots=True)
class Keyword:
    """One or several exact values, for filters and facets."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, for ranges and sorting."""


@dataclass(frozen=True, slots=True)
class Date:
    """A point in time (aware, or its ISO text) or a day (UTC), for ranges and sorting."""


@dataclass(frozen=True, slots=True)
class Point:
    """A spot on earth as its text "latitude,longitude" (search.geo), for what lies near."""


Field = Text | Keyword | Number | Date | Point


@dataclass(frozen=True)
class Index:
    """The declaration of one index (索引); another `version` is another index beside it."""

    name: str
    version: int
    fields: Mapping[str, Field]
    kind: Kind = Kind.PASSAGE
    meant: Sequence[str] = ()
    """The fields whose beginning says what a document means; embedded where an engine embeds."""

    @cached_property
    def texts(self) -> dict[str, Text]:
        """The fields that free text is looked for in."""
        return {name: field for name, field in self.fields.items() if isinstance(field, Text)}

    @property
    def alias(self) -> str:
        """The name in the engine under which this version is found."""
        return f"{self.name}-v{self.version}"

    def __hash__(self) -> int:
        return hash((self.name, self.version))


@dataclass(frozen=True, slots=True)
class Doc:
    """One document: an older `version` never overwrites a newer one."""

    id: str
    version: int
    fields: Mapping[str, Value]
    vector: bytes = b""
    """What it means, as search.embedding packs it; given by the engine."""
