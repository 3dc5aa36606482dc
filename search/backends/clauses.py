"""The text of a query as a tree that any engine can translate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search import analysis
from search.analysis import Reading, Wanted
from search.backends.documents import BIGRAMS, PINYIN, WORDS, homes
from search.index import Index
from search.query import Match, Phrase

_PINYIN_SCORE = 5.0


@dataclass(frozen=True, slots=True)
class Has:
    """The stream holds this token."""

    stream: str
    token: str
    boost: float


@dataclass(frozen=True, slots=True)
class Starts:
    """The stream holds a token that begins so."""

    stream: str
    token: str
    boost: float


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the clauses holds; the scores add up."""

    clauses: Sequence["Clause"]


@dataclass(frozen=True, slots=True)
class Every:
    """All of the clauses hold; the scores add up."""

    clauses: Sequence["Clause"]


Clause = Has | Starts | Some | Every


@dataclass(frozen=True, slots=True)
class Streams:
    """Where the words of a query are looked for, with what each place weighs, and its pinyin."""

    words: Mapping[str, float]
    spelt: Sequence[str]


def clause_of(index: Index, fields: Sequence[str], reading: Reading, match: Match) -> Clause:
    """Turn a reading into the clause that finds its candidates in FIELDS (召回条件)."""
    streams = Streams(homes(index, fields), [n for n in fields if index.texts[n].pinyin])
    if match is Match.ALL:
        return _all_of(streams, reading)
    words = [c for w in reading.words for c in _anywhere(streams, w, WORDS)]
    bigrams = [c for b in reading.bigrams for c in _anywhere(streams, b, BIGRAMS)]
    return Some([*words, *bigrams, *_spelt(streams, reading.pinyin)])


def phrase_of(index: Index, phrase: Phrase) -> Clause:
    """Turn a phrase into the clause that admits it (短语条件): each pair of neighbours stands."""
    pairs = analysis.bigrams(phrase.text)
    names = homes(index) if len(index.texts) == 1 else phrase.fields or index.texts
    return Some([Every([Has(n + BIGRAMS, pair, 1.0) for pair in pairs]) for n in names if pairs])


def _all_of(streams: Streams, reading: Reading) -> Clause:
    """Demand each word, its synonym or its pinyin; or, cut differently, each bigram."""
    words = [Some(_word(streams, reading, w)) for w in reading.words if not w.via]
    bigrams = [Some(_anywhere(streams, b, BIGRAMS)) for b in reading.bigrams if not b.via]
    return Some([Every(wanted) for wanted in (words, bigrams) if wanted])


def _word(streams: Streams, reading: Reading, said: Wanted) -> list[Clause]:
    synonyms = (w for w in reading.words if w.via and said.text in w.via)
    found = [c for w in (said, *synonyms) for c in _anywhere(streams, w, WORDS)]
    return [*found, *_spelt(streams, [p for p in reading.pinyin if p == said.text])]


def _anywhere(streams: Streams, wanted: Wanted, kind: str) -> list[Clause]:
    weight = wanted.weight * wanted.count
    return [Has(name + kind, wanted.text, weight * boost) for name, boost in streams.words.items()]


def _spelt(streams: Streams, typed: Iterable[str]) -> list[Clause]:
    return [Starts(n + PINYIN, letters, _PINYIN_SCORE) for letters in typed for n in streams.spelt]
