"""What a searcher may have meant (您是不是要找): sounds alike, or one character differs.

The words of the lexicon are the vocabulary: nothing else is ever proposed. What stands there is
spelt right, and so is any other word of the language.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from search import analysis

SHORTEST, LONGEST = 2, 8
SHORTEST_TYPO = 4
LONGEST_QUERY = 40
TRIED = 5
_HAN = re.compile("[\u3400-\u9fff]+")


class Speller:
    """A vocabulary that can be asked by sound and by all characters but one."""

    def __init__(self, words: Sequence[str]) -> None:
        plain = (analysis.normalise(word) for word in words)
        self.known = {w for w in plain if SHORTEST <= len(w) <= LONGEST and _HAN.fullmatch(w)}
        self._by_sound: defaultdict[str, list[str]] = defaultdict(list)
        self._by_gap: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self.known):
            self._by_sound[analysis.spelt(word)].append(word)
            for gap in _gaps(word):
                self._by_gap[gap].append(word)

    def meant(self, text: str) -> Iterator[tuple[str, str]]:
        """Give the text with one slip mended, and the word, in every way, the likeliest first."""
        plain = analysis.normalise(text).strip()
        if not 0 < len(plain) <= LONGEST_QUERY:
            return
        right = self._right(plain)
        for start, end in _windows(plain, right):
            for other in self._others(plain[start:end]):
                yield plain[:start] + other + plain[end:], other

    def _right(self, plain: str) -> bytearray:
        """Mark the characters that belong to a known word, or to any word of the language."""
        right = bytearray(len(plain))
        at = 0
        for word in analysis.pieces(plain):
            at = plain.find(word, at)
            if len(word) >= SHORTEST:
                right[at : at + len(word)] = b"\x01" * len(word)
            at += len(word)
        for start in range(len(plain)):
            for end in range(start + SHORTEST, min(start + LONGEST, len(plain)) + 1):
                if plain[start:end] in self.known:
                    right[start:end] = b"\x01" * (end - start)
        return right

    def _others(self, said: str) -> Iterator[str]:
        yield from self._by_sound.get(analysis.spelt(said), ())
        for gap in _gaps(said):
            yield from self._by_gap.get(gap, ())


def suggestion(text: str, finds: Callable[[str], bool]) -> str:
    """Say what the searcher may have meant (您是不是要找); empty when nothing is better.

    FINDS tells whether the searcher would find something by the mended word: one that stands only
    in what somebody may not read is never proposed to him.
    """
    likeliest = islice(_speller(analysis.vocabulary()).meant(text), TRIED)
    return next((meant for meant, word in likeliest if finds(word)), "")


@lru_cache(maxsize=2)
def _speller(words: tuple[str, ...]) -> Speller:
    return Speller(words)


def _windows(plain: str, right: bytearray) -> Iterator[tuple[int, int]]:
    """Walk the parts of a text that are not wholly right, the longest first."""
    for length in range(min(LONGEST, len(plain)), SHORTEST - 1, -1):
        for start in range(len(plain) - length + 1):
            part = plain[start : start + length]
            if _HAN.fullmatch(part) and not all(right[start : start + length]):
                yield start, start + length


def _gaps(word: str) -> list[str]:
    """Leave out one character after the other; short words would be like too many."""
    if len(word) < SHORTEST_TYPO:
        return []
    return [f"{word[:at]}_{word[at + 1 :]}" for at in range(len(word))]
