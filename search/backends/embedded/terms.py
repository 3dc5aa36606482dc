"""Filters and clauses in tantivy's own terms."""

import re
import struct
from collections.abc import Callable, Iterable, Sequence
from functools import singledispatchmethod
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Wish

from search.backends.base import Place
from search.backends.clauses import Clause, Every, Has, Some, Starts, phrase_of
from search.backends.documents import keyword_of, number_of
from search.geo import box_around
from search.index import Field, Index, Keyword
from search.query import ID, AllOf, AnyOf, Filter, Near, Not, Phrase, Prefix, Range, Term, Terms

ORDER, LAT, LNG = "-order", "-lat", "-lng"
_META = re.compile(r"([\\.+*?()|\[\]{}^$#&\-~])")
_SIGN = 1 << 63


def order_key(place: Place) -> str:
    """Write a number and an id as text that sorts like them."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", place.number))
    return f"{bits ^ (_SIGN if bits < _SIGN else 2 * _SIGN - 1):016x}|{place.id}"


def place_in(key: str) -> Place:
    """Read number and id out of an order key."""
    digits, _, doc_id = key.partition("|")
    bits = int(digits, 16)
    raw = struct.pack(">Q", bits ^ (_SIGN if bits >= _SIGN else 2 * _SIGN - 1))
    return Place(float(struct.unpack(">d", raw)[0]), doc_id)


def total(found: Any) -> int:
    """Read the exact count, which the stubs of tantivy leave out."""
    return int(found.count)


def every(wishes: Iterable[Wish]) -> Wish:
    """All of these."""
    listed = [(Occur.Must, wish) for wish in wishes]
    return Wish.boolean_query(listed) if listed else Wish.all_query()


def some(wishes: Iterable[Wish]) -> Wish:
    """At least one of these."""
    listed = [(Occur.Should, wish) for wish in wishes]
    return Wish.boolean_query(listed) if listed else Wish.empty_query()


def but_not(wish: Wish) -> Wish:
    """All but these."""
    return Wish.boolean_query([(Occur.Must, Wish.all_query()), (Occur.MustNot, wish)])


class Translator:
    """Turns filters and clauses into tantivy queries for one schema."""

    def __init__(
        self,
        index: Index,
        schema: tantivy.Schema,
        spots: Callable[[Near, Wish], Sequence[str]] = lambda near, box: (),
    ) -> None:
        self.index = index
        self.schema = schema
        self.spots = spots
        """Tells which spots of a box lie near enough; only the index itself knows them."""

    @singledispatchmethod
    def wish(self, clause: Filter | Clause) -> Wish:
        """Translate one filter or clause."""
        raise TypeError(f"no filter: {clause!r}")

    @wish.register
    def _(self, term: Term) -> Wish:
        if self._exact(term.field):
            return Wish.term_query(self.schema, term.field, keyword_of(term.value))
        number = number_of(term.value)
        return self.between(term.field, number, number)

    @wish.register
    def _(self, terms: Terms) -> Wish:
        if self._exact(terms.field):
            values = [keyword_of(v) for v in terms.values]
            return Wish.term_set_query(self.schema, terms.field, values)
        return some(self.wish(Term(terms.field, v)) for v in terms.values)

    @wish.register
    def _(self, prefix: Prefix) -> Wish:
        return self._starting(prefix.field, keyword_of(prefix.value))

    @wish.register
    def _(self, span: Range) -> Wish:
        low = span.gte if span.gt is None else span.gt
        high = span.lte if span.lt is None else span.lt
        return self.between(
            span.field,
            None if low is None else number_of(low),
            None if high is None else number_of(high),
            include_low=span.gt is None,
            include_high=span.lt is None,
        )

    @wish.register
    def _(self, phrase: Phrase) -> Wish:
        return self.wish(phrase_of(self.index, phrase))

    @wish.register
    def _(self, near: Near) -> Wish:
        box = box_around(near.spot, near.metres)
        inside = every(
            [
                self.between(near.field + LAT, box.south, box.north),
                self.between(near.field + LNG, box.west, box.east),
            ]
        )
        return Wish.term_set_query(self.schema, near.field, [*self.spots(near, inside)])

    @wish.register
    def _(self, any_of: AnyOf) -> Wish:
        return some(map(self.wish, any_of.filters))

    @wish.register
    def _(self, all_of: AllOf) -> Wish:
        return every(map(self.wish, all_of.filters))

    @wish.register
    def _(self, negation: Not) -> Wish:
        return but_not(self.wish(negation.filter))

    @wish.register
    def _(self, has: Has) -> Wish:
        found = Wish.term_query(self.schema, has.stream, has.token, "freq")
        return found if has.boost == 1 else Wish.boost_query(found, has.boost)

    @wish.register
    def _(self, starts: Starts) -> Wish:
        return Wish.const_score_query(self._starting(starts.stream, starts.token), starts.boost)

    @wish.register
    def _(self, clauses: Some) -> Wish:
        return some(map(self.wish, clauses.clauses))

    @wish.register
    def _(self, clauses: Every) -> Wish:
        return every(map(self.wish, clauses.clauses))

    def between(
        self,
        field: str,
        low: float | None,
        high: float | None,
        *,
        include_low: bool = True,
        include_high: bool = True,
    ) -> Wish:
        """The number lies between these."""
        if low is None and high is None:
            return Wish.exists_query(field)
        return Wish.range_query(
            self.schema, field, FieldType.Float, low, high, include_low, include_high
        )

    def _exact(self, name: str) -> bool:
        known: Field | None = self.index.fields.get(name)
        return name == ID or isinstance(known, Keyword)

    def _starting(self, field: str, text: str) -> Wish:
        pattern = _META.sub(r"\\\1", text) + "(?s:.)*"
        return Wish.regex_query(self.schema, field, pattern)
