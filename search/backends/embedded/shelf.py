"""One tantivy index on disk: what it holds is written in batches and read through one searcher."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Order, Searcher
from tantivy import Query as Wish

from search.analysis import Reading, Wanted
from search.backends.base import LOWEST, Candidate, Found, Place, Plan, Statistics, Unavailable
from search.backends.clauses import clause_of
from search.backends.documents import (
    LENGTH,
    SIGNATURE,
    SOURCE,
    VECTOR,
    VERSION,
    Prepared,
    counted_in,
    cuts,
    streams_of,
)
from search.backends.embedded.spots import by_distance, spots_near
from search.backends.embedded.terms import (
    LAT,
    LNG,
    ORDER,
    Translator,
    but_not,
    every,
    order_key,
    place_in,
    total,
)
from search.index import Date, Index, Keyword, Number, Point, Text
from search.query import ID, ByDistance, Near, Sort

_HEAP = 64_000_000
PATIENCE_S = 5.0
_FACET_VALUES = 1000
_DRAWS = 20
_NEWEST_FIRST = Sort(VERSION)


def schema_of(index: Index) -> tantivy.Schema:
    """Build the schema of a declaration."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(SIGNATURE, stored=True)
    builder.add_bytes_field(VECTOR, stored=True)
    builder.add_bytes_field(SOURCE, stored=True)
    for kind in cuts(index):
        builder.add_float_field(LENGTH + kind, fast=True)
    _add_number(builder, VERSION)
    for name in streams_of(index):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name, field in index.fields.items():
        if isinstance(field, Text):
            continue
        if isinstance(field, Keyword | Point):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
            for side in (LAT, LNG) if isinstance(field, Point) else ():
                builder.add_float_field(name + side, indexed=True, fast=True)
        else:
            _add_number(builder, name)
    return builder.build()


def _add_number(builder: tantivy.SchemaBuilder, name: str) -> None:
    builder.add_float_field(name, stored=name == VERSION, indexed=True, fast=True)
    builder.add_text_field(name + ORDER, fast=True, tokenizer_name="raw", index_option="basic")


class Shelf:
    """An open folder; safe for many readers, and for one writer at a time."""

    def __init__(self, index: Index, folder: Path) -> None:
        self.index = index
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.schema = schema_of(index)
        self.tantivy = tantivy.Index(self.schema, path=str(folder))
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.tantivy.register_tokenizer("whitespace", whitespace)
        numbers = (n for n, field in index.fields.items() if isinstance(field, Number | Date))
        self.sortable = (VERSION, *numbers)
        self._writer: tantivy.IndexWriter | None = None
        self._stamp = 0
        self.cuts = cuts(index)
        self._means: tuple[int, list[float]] = (0, [])

    @property
    def translator(self) -> Translator:
        """Made anew each time: a shelf that knows itself would keep its lock after its end."""
        return Translator(self.index, self.schema, self._spots)

    def write(self, docs: Iterable[Prepared], *, fresh: bool = False) -> int:
        """Write documents unless newer ones are there; `fresh` spares the look in a new index."""
        newest = {doc.id: doc for doc in sorted(docs, key=lambda doc: doc.version)}
        known = {} if fresh else self.versions(newest)
        due = [doc for doc in newest.values() if doc.version >= known.get(doc.id, doc.version)]
        writer = self._open_writer()
        for doc in due:
            if doc.id in known:
                writer.delete_documents_by_term(ID, doc.id)
            writer.add_document(self._document(doc))
        return len(due)

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        writer = self._open_writer()
        for doc_id in ids:
            writer.delete_documents_by_term(ID, doc_id)

    def commit(self) -> None:
        """Make what was written durable and findable."""
        self._open_writer().commit()
        self.searcher()

    def close(self) -> None:
        """Finish merging and let go of the lock."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def searcher(self) -> Searcher:
        """Give a view of the last commit, whichever process made it."""
        stamp = (self.folder / "meta.json").stat().st_mtime_ns
        if stamp != self._stamp:
            self.tantivy.reload()
            self._stamp = stamp
        return self.tantivy.searcher()

    def statistics(self, reading: Reading, fields: Sequence[str]) -> Statistics:
        """Count who holds the terms of a reading."""
        searcher = self.searcher()
        return Statistics(
            docs=searcher.num_docs,
            mean_lengths=self._mean_lengths(searcher),
            holders=[
                _holders(searcher, streams, terms)
                for streams, terms in zip(
                    counted_in(self.index, fields), reading.cuts, strict=False
                )
            ],
        )

    def find(self, plan: Plan) -> Found:
        """Find candidates, by relevance or in the order of a field."""
        searcher = self.searcher()
        wish = self._wish(plan)
        facets = self._facets(searcher, wish, plan.facets)
        if plan.reading is not None and plan.sort is None:
            found = searcher.search(wish, limit=max(plan.limit, 1), count=plan.counted)
            candidates = [_candidate(searcher, at, score) for score, at in found.hits]
            held = total(found) if plan.counted else len(candidates)
            return Found(held, candidates[: plan.limit], facets)
        count = total(searcher.search(wish, limit=1))
        if isinstance(plan.sort, ByDistance):
            page = by_distance(searcher, self.schema, wish, plan, plan.sort.near)
            return Found(count, [_candidate(searcher, at, 0.0, p) for p, at in page], facets)
        sort = plan.sort or _NEWEST_FIRST
        return Found(count, self._in_order(searcher, wish, plan, sort), facets)

    def sample(self, most: int) -> list[bytes]:
        """Give the signatures of so many documents, from places spread over the whole index."""
        searcher, everything = self.searcher(), Wish.all_query()
        docs = searcher.num_docs
        draws = _DRAWS if docs > most else 1
        found = [
            searcher.search(
                everything, limit=most // draws, offset=docs * n // draws, count=False
            ).hits
            for n in range(draws)
        ]
        stored = (searcher.doc(at).get_first(SIGNATURE) for hits in found for _, at in hits)
        return [bytes(signature or b"") for signature in stored]

    def _spots(self, near: Near, box: Wish) -> list[str]:
        return [spot for _, spot in spots_near(self.searcher(), near, box)]

    def _wish(self, plan: Plan) -> Wish:
        filters = [Wish.const_score_query(self.translator.wish(f), 0.0) for f in plan.filters]
        if plan.reading is None:
            return every(filters)
        clause = clause_of(self.index, plan.fields, plan.reading, plan.match)
        text = self.translator.wish(clause)
        return every([text, *filters]) if filters else text

    def _facets(
        self, searcher: Searcher, wish: Wish, fields: Sequence[str]
    ) -> Mapping[str, Mapping[str, int]]:
        if not fields:
            return {}
        asked = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in fields}
        answer = searcher.aggregate(wish, asked)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
            for name in fields
        }

    def _in_order(self, searcher: Searcher, wish: Wish, plan: Plan, sort: Sort) -> list[Candidate]:
        after, ties = "", 0
        if plan.after is not None:
            after = order_key(plan.after)
            wish = every([wish, self._not_before(sort, plan.after.number)])
            equal = every([wish, self._equal(sort, plan.after.number)])
            ties = total(searcher.search(equal, limit=1))
        order = Order.Desc if sort.descending else Order.Asc
        found = searcher.search(
            wish,
            limit=max(plan.limit + ties, 1),
            count=False,
            order_by_field=sort.field + ORDER,
            order=order,
        )
        beyond = [
            (key, at)
            for key, at in found.hits
            if not after or (key < after if sort.descending else key > after)
        ]
        return [_candidate(searcher, at, 0.0, place_in(key)) for key, at in beyond[: plan.limit]]

    def _not_before(self, sort: Sort, number: float) -> Wish:
        """Leave out most of what came on earlier pages."""
        exists = Wish.exists_query(sort.field)
        if number == LOWEST:
            return but_not(exists) if sort.descending else Wish.all_query()
        if not sort.descending:
            return self.translator.between(sort.field, number, None)
        return but_not(self.translator.between(sort.field, number, None, include_low=False))

    def _equal(self, sort: Sort, number: float) -> Wish:
        if number == LOWEST:
            return but_not(Wish.exists_query(sort.field))
        return self.translator.between(sort.field, number, number)

    def _document(self, doc: Prepared) -> tantivy.Document:
        named = (LENGTH + kind for kind in self.cuts)
        lengths = dict(zip(named, doc.lengths, strict=True))
        content = {
            ID: [doc.id],
            SIGNATURE: [doc.signature],
            VECTOR: [doc.vector],
            SOURCE: [doc.source.encode()],
            **{name: [" ".join(tokens)] for name, tokens in doc.streams.items()},
            **{name: list(values) for name, values in doc.keywords.items()},
            **_spots_of(doc),
            **{name: [float(n)] for name, n in (lengths | dict(doc.numbers)).items()},
            **{
                name + ORDER: [order_key(Place(doc.numbers.get(name, LOWEST), doc.id))]
                for name in self.sortable
            },
        }
        return tantivy.Document.from_dict(content, self.schema)

    def versions(self, ids: Iterable[str]) -> dict[str, int]:
        """Tell which of these documents are there, and in which version."""
        searcher = self.searcher()
        known: dict[str, int] = {}
        for doc_id in ids:
            wish = Wish.term_query(self.schema, ID, doc_id)
            for _, at in searcher.search(wish, limit=1, count=False).hits:
                known[doc_id] = int(searcher.fast_field_values(VERSION, [at])[0] or 0)
        return known

    def _open_writer(self) -> tantivy.IndexWriter:
        """Become the one writer; another process may need a moment to finish."""
        deadline = time.monotonic() + PATIENCE_S
        while self._writer is None:
            try:
                self._writer = self.tantivy.writer(_HEAP, 1)
            except ValueError as error:
                if "LockBusy" not in str(error) or time.monotonic() > deadline:
                    raise Unavailable("另一个进程正在写入索引") from error
                time.sleep(0.05)
        return self._writer

    def _mean_lengths(self, searcher: Searcher) -> list[float]:
        """Average the lengths, anew when the index grew or shrank by a fiftieth."""
        docs, means = searcher.num_docs, self._means[1]
        if abs(docs - self._means[0]) * 50 > self._means[0]:
            asked = {kind: {"avg": {"field": LENGTH + kind}} for kind in self.cuts}
            answer = searcher.aggregate(Wish.all_query(), asked)
            means = [float(answer[kind]["value"] or 0.0) for kind in self.cuts]
            self._means = (docs, means)
        return means


def _spots_of(doc: Prepared) -> dict[str, list[Any]]:
    return {
        name + side: [value]
        for name, spot in doc.spots.items()
        for side, value in (("", str(spot)), (LAT, spot.lat), (LNG, spot.lng))
    }


def _candidate(
    searcher: Searcher, at: tantivy.DocAddress, score: float, place: Place | None = None
) -> Candidate:
    doc = searcher.doc(at)
    source = bytes(doc.get_first(SOURCE) or b"")
    return Candidate(
        id=str(doc.get_first(ID)),
        version=int(doc.get_first(VERSION) or 0),
        score=score,
        signature=bytes(doc.get_first(SIGNATURE) or b""),
        vector=bytes(doc.get_first(VECTOR) or b""),
        load=lambda: json.loads(source),
        place=place,
    )


def _holders(searcher: Searcher, streams: Sequence[str], terms: Sequence[Wanted]) -> dict[str, int]:
    return {
        term.text: max(searcher.doc_freq(stream, term.text) for stream in streams) for term in terms
    }
