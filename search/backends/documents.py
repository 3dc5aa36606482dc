"""What is written for a document: its text cut, its values in the forms that engines compare."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from search import analysis, signature
from search.geo import Spot, spot_of
from search.index import Doc, Index, Keyword, Point, Scalar, Text, Value

VERSION, SIGNATURE, SOURCE = "doc-version", "doc-signature", "doc-source"
VECTOR = "doc-vector"
WHOLE = "doc"
"""Begins the streams in which all text fields stand together."""
WORDS, BIGRAMS, CHARACTERS, PINYIN = "-words", "-bigrams", "-characters", "-pinyin"
LENGTH = "length"
_APART = ((0, WORDS), (1, BIGRAMS))
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
    lengths: Sequence[int]
    """Of each cut, a field counting as often as its boost says."""


def cuts(index: Index) -> tuple[str, ...]:
    """Name the ways in which texts of an index are cut (切分方式)."""
    return (WORDS, BIGRAMS, CHARACTERS) if index.kind.value.characters else (WORDS, BIGRAMS)


def streams_of(index: Index) -> list[str]:
    """Name the streams of tokens of an index (词流): all together, each field, and pinyin."""
    kinds = cuts(index)
    together = [WHOLE + kind for kind in kinds]
    apart = [name + kind for name in homes(index) for kind in (WORDS, BIGRAMS)]
    spelt = [name + PINYIN for name, field in index.texts.items() if field.pinyin]
    return list(dict.fromkeys([*together, *apart, *spelt]))


def homes(index: Index, fields: Sequence[str] = ()) -> dict[str, float]:
    """Say which streams hold the words of these text fields, and what each weighs (所在词流).

    Words of all fields are looked for where they stand together: one look for each instead of one
    in every field. None named means each field by itself.
    """
    if len(index.texts) == 1 or set(fields) == set(index.texts):
        return {WHOLE: 1.0}
    return {name: index.texts[name].boost for name in fields or index.texts}


def counted_in(index: Index, fields: Sequence[str]) -> list[list[str]]:
    """Name for each cut the streams in which it is counted who holds a term (统计词流)."""
    return [
        [name + kind for name in ((WHOLE,) if kind == CHARACTERS else homes(index, fields))]
        for kind in cuts(index)
    ]


def repeats(field: Text) -> int:
    """Say how often a field stands among all fields together (重复次数)."""
    return max(round(field.boost), 1)


def prepared(index: Index, doc: Doc) -> Prepared:
    """Make a document ready to be written (整理文档)."""
    kinds, texts = cuts(index), index.texts
    said = {name: _joined(doc.fields.get(name)) for name in texts}
    cut = {name: [_CUT[kind](text) for kind in kinds] for name, text in said.items()}
    together = {
        WHOLE + kind: [t for name, field in texts.items() for t in cut[name][at] * repeats(field)]
        for at, kind in enumerate(kinds)
    }
    apart = {
        name + kind: cut[name][at] for name in homes(index) if name in cut for at, kind in _APART
    }
    spelt = {
        n + PINYIN: analysis.pinyin_keys(said[n]) for n, field in texts.items() if field.pinyin
    }
    keywords, numbers = _values(index, doc)
    return Prepared(
        id=doc.id,
        version=doc.version,
        source=_source(doc.fields),
        streams=together | apart | spelt,
        keywords=keywords,
        numbers=numbers,
        spots=_spots(index, doc),
        signature=signature.packed(list(cut.values())),
        vector=doc.vector,
        lengths=[len(tokens) for tokens in together.values()],
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
