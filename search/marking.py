"""Which words to mark in a hit: those by which it was found, as they are written there."""

from collections.abc import Iterator

from search import analysis
from search.index import Index
from search.query import Hit


def words_to_mark(index: Index, hit: Hit, typed: str = "") -> list[str]:
    """Name the words to mark in a hit (命中词): those typed, their synonyms, and what led to it.

    Letters that spell a part of a name stand for that part.
    """
    said = [*analysis.words(typed), *(reason.word for reason in hit.reasons)]
    alike = (word for group in analysis.synonyms(typed).values() for word in group)
    return list(dict.fromkeys([*said, *alike, *_spelt(index, hit, dict.fromkeys(said))]))


def _spelt(index: Index, hit: Hit, letters: dict[str, None]) -> Iterator[str]:
    for name, text in index.texts.items():
        if text.pinyin:
            there = str(hit.fields.get(name) or "")
            for each in letters:
                yield from analysis.spelt_so(there, each)
