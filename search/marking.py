"""Which words to mark in a hit: those by which it was found, as they are written there."""

from collections.abc import Iterable

from search import analysis
from search.query import Hit, Reason


def words_to_mark(hit: Hit, said: Iterable[str] = ()) -> list[str]:
    """Name the words to mark in a hit (命中词): those typed, and those that led to it.

    Letters that spell a word of the field they were found in stand for that word.
    """
    led = (word for reason in hit.reasons for word in _written(hit, reason))
    return list(dict.fromkeys([*said, *led]))


def _written(hit: Hit, reason: Reason) -> list[str]:
    there = str(hit.fields.get(reason.field) or "")
    return [reason.word, *analysis.spelt_so(there, reason.word)]
