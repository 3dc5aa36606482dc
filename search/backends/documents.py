"""What is written for a document: its text cut, its values in the forms that engines compare."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from search import analysis, signature
from search.geo import Spot, spot_of
from search.index import Doc, Index, Keyword, Point, Scalar, Text, Value

VERSION, SIGNATURE, SOURCE = "doc-version", "doc-signature", "doc-source"
VECTOR = "doc-vector"
WORDS, BIGRAMS, CHARACTERS, PINYIN = "-words", "-bigrams", "-characters", "-pinyin"
LENGTH = "length"
_LONGEST_KEYWORD = 512
_CUT = {
    WORDS: analysis.words,
    BIGRAMS: analysis.bigrams,
    CHARACTERS: analysis.characters,
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as engines keep it: streams of tokens, keywords, numbers, its source."""

    id: str
    version: int
    source: str
    streams: Mapping[str, Sequence[str]]
    keywords: Mapping[str, Sequence[str]]
    numbers: Mapping[str, float]
    spots: Mapping[str, Spot]
    signature: bytes
    vector: bytes
    lengths: Sequence[float]
    """Of each cut, a field counting as much as its boost."""


def cuts(index: Index) -> tuple[str, ...]:
    """Name the ways in which texts of an index are cut (切分方式)."""
    return (WORDS, BIGRAMS, CHARACTERS) if index.kind.value.characters else (WORDS, BIGRAMS)


def prepared(index: Index, doc: Doc) -> Prepared:
    """Make a document ready to be written (整理文档)."""
    streams: dict[str, Sequence[str]] = {}
    counted: list[list[Sequence[str]]] = []
    for name, field in index.texts.items():
        text = _joined(doc.fields.get(name))
        cut = {name + kind: _CUT[kind](text) for kind in cuts(index)}
        streams |= cut
        counted.append(list(cut.values()))
        if field.pinyin:
            streams[name + PINYIN] = analysis.pinyin_keys(text)
    keywords, numbers = _values(index, doc)
    boosts = [field.boost for field in index.texts.values()]
    return Prepared(
        id=doc.id,
        version=doc.version,
        source=_source(doc.fields),
        streams=streams,
        keywords=keywords,
        numbers=numbers,
        spots=_spots(index, doc),
        signature=signature.packed(counted),
        vector=doc.vector,
        lengths=[
            math.fsum(boost * len(field[at]) for boost, field in zip(boosts, counted, strict=True))
            for at in range(len(cuts(index)))
        ],
    )


def keyword_of(value: Scalar) -> str:
    """Write a value as an exact keyword (关键字值)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).encode("utf-8", "ignore").decode()[:_LONGEST_KEYWORD]


def number_of(value: Scalar) -> float:
    """Write a number, or a time as milliseconds since 1970 (数值)."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    if isinstance(value, date):
        return round(datetime.combine(value, time(), UTC).timestamp() * 1000)
    return float(value)


def _values(index: Index, doc: Doc) -> tuple[dict[str, list[str]], dict[str, float]]:
    keywords: dict[str, list[str]] = {}
    numbers: dict[str, float] = {VERSION: doc.version}
    for name, field in index.fields.items():
        value = doc.fields.get(name)
        if value is None or isinstance(field, Text | Point):
            continue
        if isinstance(field, Keyword):
            keywords[name] = [keyword_of(v) for v in _listed(value)]
        else:
            numbers[name] = number_of(_listed(value)[0])
    return keywords, numbers


def _spots(index: Index, doc: Doc) -> dict[str, Spot]:
    points = (name for name, field in index.fields.items() if isinstance(field, Point))
    return {name: spot_of(str(said)) for name in points if (said := doc.fields.get(name))}


def _listed(value: Value) -> Sequence[Scalar]:
    if value is None:
        return ()
    if isinstance(value, str | int | float | date):
        return (value,)
    return value


def _joined(value: Value) -> str:
    return "\n".join(str(part) for part in _listed(value))


def _source(fields: Mapping[str, Value]) -> str:
    plain = json.dumps(dict(fields), ensure_ascii=False, default=_jsonable)
    return plain.encode("utf-8", "replace").decode()


def _jsonable(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot keep {value!r} in an index")
