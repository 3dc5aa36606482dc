"""Declarations, filters and clauses in Elasticsearch's own terms."""

import base64
from collections.abc import Sequence
from functools import singledispatchmethod
from typing import Any

import elasticsearch_dsl as dsl
from elasticsearch_dsl import Q

from search.backends.clauses import Clause, Every, Has, Some, Starts, phrase_of
from search.backends.documents import (
    PINYIN,
    SIGNATURE,
    SOURCE,
    VECTOR,
    VERSION,
    Prepared,
    keyword_of,
    number_of,
    streams_of,
)
from search.geo import Spot
from search.index import Date, Index, Keyword, Point, Scalar, Text
from search.query import ID, AllOf, AnyOf, Filter, Near, Not, Phrase, Prefix, Range, Term, Terms


def document_class(index: Index) -> Any:
    """Build the Document class of a declaration; text comes cut, so whitespace is all it needs."""
    fields: dict[str, Any] = {
        ID: dsl.Keyword(),
        VERSION: dsl.Long(),
        SIGNATURE: dsl.Binary(doc_values=False),
        VECTOR: dsl.Binary(doc_values=False),
        SOURCE: dsl.Keyword(index=False, doc_values=False),
    }
    for name in streams_of(index):
        fields[name] = _stream(name)
    for name, field in index.fields.items():
        if isinstance(field, Text):
            continue
        if isinstance(field, Keyword):
            fields[name] = dsl.Keyword()
        elif isinstance(field, Point):
            fields[name] = dsl.GeoPoint()
        else:
            dated = isinstance(field, Date)
            fields[name] = dsl.Date(format="epoch_millis") if dated else dsl.Double()
    kept = dsl.MetaField(includes=[SIGNATURE, VECTOR, SOURCE])
    meta = type("Meta", (), {"dynamic": dsl.MetaField(False), "source": kept})
    return type(f"{index.name.title()}Document", (dsl.Document,), fields | {"Meta": meta})


def document_of(doc: Prepared) -> dict[str, object]:
    """Write a prepared document as the body of an index request."""
    return {
        ID: doc.id,
        SIGNATURE: base64.b64encode(doc.signature).decode(),
        VECTOR: base64.b64encode(doc.vector).decode(),
        SOURCE: doc.source,
        **{name: " ".join(tokens) for name, tokens in doc.streams.items()},
        **{name: list(values) for name, values in doc.keywords.items()},
        **doc.numbers,
        **{name: corner(spot) for name, spot in doc.spots.items()},
    }


def corner(spot: Spot) -> dict[str, float]:
    """Write a spot as Elasticsearch reads it (坐标)."""
    return {"lat": spot.lat, "lon": spot.lng}


class Translator:
    """Turns filters and clauses into Q objects for one declaration."""

    def __init__(self, index: Index) -> None:
        self.index = index

    @singledispatchmethod
    def wish(self, clause: Filter | Clause) -> Any:
        """Translate one filter or clause."""
        raise TypeError(f"no filter: {clause!r}")

    @wish.register
    def _(self, term: Term) -> Any:
        return Q("term", **{term.field: self._value(term.field, term.value)})

    @wish.register
    def _(self, terms: Terms) -> Any:
        return Q("terms", **{terms.field: [self._value(terms.field, v) for v in terms.values]})

    @wish.register
    def _(self, prefix: Prefix) -> Any:
        return Q("prefix", **{prefix.field: {"value": keyword_of(prefix.value)}})

    @wish.register
    def _(self, span: Range) -> Any:
        bounds = {"gte": span.gte, "gt": span.gt, "lte": span.lte, "lt": span.lt}
        known = {name: number_of(value) for name, value in bounds.items() if value is not None}
        return Q("range", **{span.field: known})

    @wish.register
    def _(self, phrase: Phrase) -> Any:
        return self.wish(phrase_of(self.index, phrase))

    @wish.register
    def _(self, near: Near) -> Any:
        within = {"distance": f"{near.metres}m", near.field: corner(near.spot)}
        return Q("geo_distance", **within)

    @wish.register
    def _(self, any_of: AnyOf) -> Any:
        return self._some(any_of.filters)

    @wish.register
    def _(self, all_of: AllOf) -> Any:
        return Q("bool", filter=[self.wish(f) for f in all_of.filters])

    @wish.register
    def _(self, negation: Not) -> Any:
        return Q("bool", must_not=[self.wish(negation.filter)])

    @wish.register
    def _(self, has: Has) -> Any:
        return Q("term", **{has.stream: {"value": has.token, "boost": has.boost}})

    @wish.register
    def _(self, starts: Starts) -> Any:
        found = Q("prefix", **{starts.stream: {"value": starts.token}})
        return Q("constant_score", filter=found, boost=starts.boost)

    @wish.register
    def _(self, clauses: Some) -> Any:
        return self._some(clauses.clauses)

    @wish.register
    def _(self, clauses: Every) -> Any:
        return Q("bool", must=[self.wish(c) for c in clauses.clauses])

    def _some(self, clauses: Sequence[Filter | Clause]) -> Any:
        wishes = [self.wish(clause) for clause in clauses]
        return Q("bool", should=wishes, minimum_should_match=1) if wishes else Q("match_none")

    def _value(self, field: str, value: Scalar) -> str | float:
        exact = field == ID or isinstance(self.index.fields.get(field), Keyword)
        return keyword_of(value) if exact else number_of(value)


def _stream(name: str) -> Any:
    if name.endswith(PINYIN):
        return dsl.Text(analyzer="whitespace", index_options="docs", norms=False)
    return dsl.Text(analyzer="whitespace", index_options="freqs")
