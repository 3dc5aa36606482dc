"""Which engine is in force, and the one way of searching that is the same on either.

The back ends find up to 200 candidates; what order they come in is decided in search.ranking.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import accumulate, islice
from math import log1p
from pathlib import Path
from typing import TYPE_CHECKING

from search.analysis import Reading, Wanted, read_query
from search.backends.base import (
    CANDIDATES,
    Backend,
    Candidate,
    Found,
    Health,
    Incomplete,
    Place,
    Plan,
    Statistics,
    Unavailable,
)
from search.index import Doc, Index
from search.query import AllOf, ByDistance, Hit, Like, Match, Query, Reason, Results

if TYPE_CHECKING:
    from search.embedding import Vector
    from search.likeness import Rarity
    from search.ranking import Numbers, Ranking

__all__ = ["Doc", "Engine", "Health", "Incomplete", "Unavailable", "current", "opened"]


TELLING = 100
"""Candidates of long texts are found by as many words and bigrams; all count in the ranking."""
MENTIONS, LEAST = 200_000, 5
"""Candidates are looked for among so many mentions of words, and of bigrams; by five at least."""
SAMPLE = 2_000
"""Messages whose terms are counted to tell which are rare; 1,000 do as well (docs/adr/0010)."""
EMBEDDED_AT_ONCE = 64
BEGINNING = 150
"""So many characters of a message say what it means."""


class Engine:
    """An engine (检索引擎): put documents in, search them, know how it is."""

    def __init__(self, backend: Backend, *, embeds: bool = False) -> None:
        self.backend = backend
        self.embeds = embeds
        self._rarities: dict[str, tuple[int, Rarity]] = {}

    def ensure(self, index: Index) -> bool:
        """Make the index where it is missing (建索引); True when it is new and wants filling."""
        return self.backend.ensure(index)

    def put(self, index: Index, docs: Sequence[Doc]) -> int:
        """Write documents in one commit (写入); what is older than what is there is left out.

        Returns how many were written. An equal version is written again.
        """
        return self.backend.put(index, list(self._meaning(index, docs))) if docs else 0

    def delete(self, index: Index, ids: Sequence[str]) -> None:
        """Take documents out (移除); unknown ids do not matter."""
        if ids:
            self.backend.delete(index, ids)

    def rebuild(self, index: Index, docs: Iterable[Doc]) -> int:
        """Fill a fresh index and put it in the old one's place at once (重建); returns its size.

        Raises Incomplete, and keeps the old one, where count or sample say that some got lost.
        """
        return self.backend.rebuild(index, self._meaning(index, docs))

    def back(self, index: Index) -> None:
        """Put the index of before the last rebuild in force again (退回旧索引).

        Raises Unavailable where none was kept. What was written since is missing: repair it.
        """
        self.backend.back(index)

    def drop(self, index: Index) -> None:
        """Remove an index with all that is in it (删除索引)."""
        self.backend.drop(index)

    def refresh(self, index: Index) -> None:
        """Make all that was put findable now (刷新)."""
        self.backend.refresh(index)

    def search(self, index: Index, query: Query) -> Results:
        """Find what the query asks for and its permission admits (检索), best first."""
        said = query.like.said if query.like else query.text
        reading = read_query(said) if said else None
        if reading is not None and not reading:
            return Results(total=0)
        plan = _planned(index, query, reading)
        if reading is None or query.sort is not None:
            return self._in_order(index, plan, query)
        return self._by_relevance(index, plan, query, reading)

    def count(self, index: Index, query: Query) -> int:
        """Count what a search would find (计数), exactly."""
        return self.search(index, replace(query, limit=0, facets=(), after="")).total

    def evidence(self, index: Index, query: Query) -> dict[str, dict[str, float]]:
        """Tell what the score of each candidate is made of (得分构成), before it is weighed."""
        reading = read_query(query.like.said if query.like else query.text)
        if not reading:
            return {}
        _, ranking = self._ranked(index, _planned(index, query, reading), query, reading)
        return ranking.parts() if ranking else {}

    def rarity(self, index: Index, words: Sequence[str]) -> dict[str, float]:
        """Tell how telling each word is among the documents (词的稀有度): its idf, 0 at least."""
        asked = tuple(Wanted(word, 1) for word in dict.fromkeys(words))
        reading = Reading(asked, (), (), ())
        found = self.backend.statistics(index, reading, tuple(index.texts))
        return {
            word: log1p((max(found.docs, held) - held + 0.5) / (held + 0.5))
            for word, held in found.holders[0].items()
        }

    def health(self) -> Health:
        """Tell how the engine is (健康); never raises."""
        return self.backend.health()

    def close(self) -> None:
        """Let go of files and connections (关闭)."""
        self.backend.close()

    def _meaning(self, index: Index, docs: Iterable[Doc]) -> Iterator[Doc]:
        """Embed what documents mean (语义向量), where this engine does that for the index."""
        if not (self.embeds and index.meant):
            yield from docs
            return
        from search import embedding  # numpy need not load before the first search

        left = iter(docs)
        while some := list(islice(left, EMBEDDED_AT_ONCE)):
            vectors = embedding.of_texts([_meant(index, doc) for doc in some])
            yield from (
                replace(doc, vector=vector) for doc, vector in zip(some, vectors, strict=True)
            )

    def _asked(self, index: Index, query: Query) -> "Vector | None":
        """Embed a question that is short enough, or how a message begins (问题向量)."""
        said = query.like.whole[:BEGINNING] if query.like else query.text
        if not (self.embeds and index.meant and said):
            return None
        from search import embedding

        return embedding.of_query(said)

    def _in_order(self, index: Index, plan: Plan, query: Query) -> Results:
        found = self.backend.find(index, replace(plan, after=_place(query.after)))
        last = found.candidates[-1].place if found.candidates else None
        full = len(found.candidates) == query.limit
        return Results(
            total=found.total,
            hits=[_hit(candidate) for candidate in found.candidates],
            facets=found.facets,
            cursor=_cursor(last.number, last.id) if last and full else "",
        )

    def _by_relevance(self, index: Index, plan: Plan, query: Query, reading: Reading) -> Results:
        found, ranking = self._ranked(index, plan, query, reading)
        if ranking is None:
            return Results(total=found.total, facets=found.facets)
        start = _offset(query.after)
        stop = start + query.limit
        page = ranking.best(start, stop, query.distinct)
        return Results(
            total=found.total,
            hits=[_hit(r.candidate, r.score, r.reasons) for r in page],
            facets=found.facets,
            cursor=_cursor(stop) if stop < len(found.candidates) else "",
        )

    def _ranked(
        self, index: Index, plan: Plan, query: Query, reading: Reading
    ) -> "tuple[Found, Ranking | None]":
        from search.ranking import Ranking  # numpy need not load before the first search

        statistics = self.backend.statistics(index, reading, plan.fields)
        terms = query.like.terms if query.like else None
        telling = _telling(reading, statistics, terms or TELLING, query.match)
        plan = replace(plan, reading=telling)
        most = (query.like.candidates if query.like else None) or CANDIDATES
        found = self.backend.find(index, replace(plan, limit=most if query.limit else 0))
        if query.like and query.like.but:
            others = [each for each in found.candidates if each.id != query.like.but]
            found = replace(found, candidates=others)
        if not found.candidates:
            return found, None
        meaning = self._asked(index, query)
        ranking = Ranking(index, plan.fields, reading, statistics, found.candidates, meaning)
        if query.like and query.like.message:
            ranking.liken(self._likeness(index, query.like, found.candidates, statistics.docs))
        if query.decay:
            ranking.prefer(query.decay)
        if query.like and index.kind.value.close:
            ranking.compare(reading, statistics, read_query(query.like.title))
        return found, ranking

    def _likeness(
        self, index: Index, like: Like, candidates: Sequence[Candidate], docs: int
    ) -> "Numbers":
        from search import likeness

        signatures = (candidate.signature for candidate in candidates)
        asked = likeness.signed(index, like.title, like.text)
        messages = likeness.read(index, [asked, *signatures])
        return likeness.to_first(messages, self._rarity_in(index, docs))

    def _rarity_in(self, index: Index, docs: int) -> "Rarity":
        """Count a sample anew where the index grew or shrank by a tenth since (词频抽样)."""
        from search import likeness

        counted, rarity = self._rarities.get(index.alias, (0, None))
        if rarity is None or abs(docs - counted) * 10 > counted:
            sample = self.backend.sample(index, SAMPLE)
            rarity = likeness.Rarity.among(likeness.read(index, sample))
            self._rarities[index.alias] = (docs, rarity)
        return rarity


@cache
def opened(
    kind: str,
    location: str,
    prefix: str = "",
    *,
    embeds: bool = False,
    patience: float | None = None,
) -> Engine:
    """Open an engine (打开): `embedded` in a folder, `elastic` at comma-separated addresses.

    In a cluster that others use too, `prefix` begins the names of all indexes. An engine that
    `embeds` compares short texts by meaning too; it needs the optional part. With `patience` a
    cluster may take so many seconds for an answer.
    """
    if kind == "elastic":
        from search.backends.elastic import SEARCH_S, Elastic

        return Engine(Elastic(location, prefix, patience or SEARCH_S), embeds=embeds)
    from search.backends.embedded import Embedded

    return Engine(Embedded(Path(location)), embeds=embeds)


def current() -> Engine:
    """Give the engine that the settings name (当前引擎)."""
    from django.conf import settings

    if settings.SEARCH_ENGINE == "elastic":
        address, prefix = settings.ELASTICSEARCH_URL, settings.SEARCH_PREFIX
        return opened("elastic", address, prefix, embeds=settings.SEARCH_EMBEDDING)
    return opened("embedded", str(settings.SEARCH_DIR), embeds=settings.SEARCH_EMBEDDING)


def _planned(index: Index, query: Query, reading: Reading | None) -> Plan:
    near = (query.sort.near,) if isinstance(query.sort, ByDistance) else ()
    wanted = (query.permission.filter, *query.filters, *near)
    return Plan(
        filters=tuple(each for each in wanted if each != AllOf(())),
        fields=tuple(query.fields or index.texts),
        reading=reading,
        match=query.match,
        sort=query.sort,
        limit=query.limit,
        facets=tuple(query.facets),
        counted=query.counted,
    )


def _meant(index: Index, doc: Doc) -> str:
    said = (str(doc.fields.get(name) or "") for name in index.meant)
    return "\n".join(part for part in said if part)


def _telling(reading: Reading, statistics: Statistics, terms: int, match: Match) -> Reading:
    """Keep the terms that say most: rare in the collection, often in the text.

    So many of them that a search goes through a bounded number of mentions, however large the
    collection is: of a million documents, words that each tenth holds would be most of the work.
    Where all are demanded they stay, but for very many.
    """
    if match is Match.ALL and max(len(reading.words), len(reading.bigrams)) <= terms:
        return reading
    return replace(
        reading,
        words=_rarest(reading.words, statistics.holders[0], terms),
        bigrams=_rarest(reading.bigrams, statistics.holders[1], terms),
    )


def _rarest(said: Sequence[Wanted], holders: Mapping[str, int], terms: int) -> tuple[Wanted, ...]:
    known = (term for term in said if holders[term.text])
    ordered = sorted(known, key=lambda t: holders[t.text] / t.count)[:terms]
    gone_through = accumulate(holders[term.text] for term in ordered)
    within = sum(mentions <= MENTIONS for mentions in gone_through)
    return tuple(ordered[: max(within, LEAST)])


def _hit(candidate: Candidate, score: float = 0.0, reasons: Sequence[Reason] = ()) -> Hit:
    return Hit(candidate.id, candidate.version, score, candidate.load(), reasons)


def _cursor(*place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _opened_cursor(cursor: str) -> list[object]:
    try:
        said = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError:
        return []
    return said if isinstance(said, list) else []


def _place(cursor: str) -> Place | None:
    """Read where a page in order begins; a cursor that was tampered with begins at the top."""
    match _opened_cursor(cursor):
        case [int() | float() as number, str() as doc_id]:
            return Place(number, doc_id)
    return None


def _offset(cursor: str) -> int:
    """Read where a page by relevance begins; a cursor that was tampered with begins at the top."""
    match _opened_cursor(cursor):
        case [int() as offset]:
            return max(offset, 0)
    return 0
