"""Which words to mark in a hit: those by which it was found, as they are written there."""

from collections.abc import Iterator

from search import analysis
from search.index import Index
from search.query import Hit, Reason


def words_to_mark(index: Index, hit: Hit, typed: str = "") -> list[str]:
    """Name the words to mark in a hit (命中词): those typed, their synonyms, and what led to it.

    Letters that spell a part of a name stand for that part; of a synonym only the whole is marked.
    """
    said = [*analysis.words(typed), *(word for reason in hit.reasons for word in _led(reason))]
    alike = (word for group in analysis.synonyms(typed).values() for word in group)
    return list(dict.fromkeys([*said, *alike, *_spelt(index, hit, dict.fromkeys(said))]))


def _led(reason: Reason) -> list[str]:
    if not reason.via:
        return [reason.word]
    return [
        word for word in analysis.synonyms(reason.via).get(reason.via, ()) if reason.word in word
    ]


def _spelt(index: Index, hit: Hit, letters: dict[str, None]) -> Iterator[str]:
    for name, text in index.texts.items():
        if text.pinyin:
            there = str(hit.fields.get(name) or "")
            for each in letters:
                yield from analysis.spelt_so(there, each)
