"""Declarations of indexes: what is in one, how each field is read, and in which version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property

Scalar = str | int | float | bool | date | datetime
Value = Scalar | Sequence[str] | Sequence[int] | None


class Kind(Enum):
    """Kinds of documents, each with the k1 and b that rank it best."""

    POLICY = (0.8, 0.8)
    PASSAGE = (1.2, 0.75)
    FAQ = (1.2, 0.9)
    REPLY = (4.0, 1.0)
    LAW = (1.2, 0.5)

    @property
    def k1(self) -> float:
        """How soon a repeated word stops to count."""
        return float(self.value[0])

    @property
    def b(self) -> float:
        """How much a long document is held against it."""
        return float(self.value[1])


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


Field = Text | Keyword | Number | Date


@dataclass(frozen=True)
class Index:
    """The declaration of one index (索引); another `version` is another index beside it."""

    name: str
    version: int
    fields: Mapping[str, Field]
    kind: Kind = Kind.PASSAGE

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
