"""What is written for a document: its text cut, its values in the forms that engines compare."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from search import analysis, signature
from search.index import Doc, Index, Keyword, Scalar, Text, Value

ID, VERSION, SIGNATURE, SOURCE = "doc-id", "doc-version", "doc-signature", "doc-source"
LENGTH_WORDS, LENGTH_BIGRAMS = "length-words", "length-bigrams"
WORDS, BIGRAMS, PINYIN = "-words", "-bigrams", "-pinyin"
_LONGEST_KEYWORD = 512


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as engines keep it: streams of tokens, keywords, numbers, its source."""

    id: str
    version: int
    source: str
    streams: Mapping[str, Sequence[str]]
    keywords: Mapping[str, Sequence[str]]
    numbers: Mapping[str, float]
    signature: bytes
    length_words: float
    length_bigrams: float


def prepared(index: Index, doc: Doc) -> Prepared:
    """Make a document ready to be written (整理文档)."""
    streams: dict[str, Sequence[str]] = {}
    counted: list[tuple[Sequence[str], Sequence[str]]] = []
    for name, field in index.texts.items():
        text = _joined(doc.fields.get(name))
        streams[name + WORDS] = analysis.words(text)
        streams[name + BIGRAMS] = analysis.bigrams(text)
        if field.pinyin:
            streams[name + PINYIN] = analysis.pinyin_keys(text)
        counted.append((streams[name + WORDS], streams[name + BIGRAMS]))
    keywords, numbers = _values(index, doc)
    boosts = [field.boost for field in index.texts.values()]
    return Prepared(
        id=doc.id,
        version=doc.version,
        source=_source(doc.fields),
        streams=streams,
        keywords=keywords,
        numbers=numbers,
        signature=signature.packed(counted),
        length_words=math.fsum(b * len(w) for b, (w, _) in zip(boosts, counted, strict=True)),
        length_bigrams=math.fsum(b * len(g) for b, (_, g) in zip(boosts, counted, strict=True)),
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
        if value is None or isinstance(field, Text):
            continue
        if isinstance(field, Keyword):
            keywords[name] = [keyword_of(v) for v in _listed(value)]
        else:
            numbers[name] = number_of(_listed(value)[0])
    return keywords, numbers


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
