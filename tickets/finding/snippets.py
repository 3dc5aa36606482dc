"""The place in a long text where the words stand, with the words marked."""

from collections.abc import Sequence

from search import analysis

WIDTH = 96
LEAD_IN = 24
Marks = list[tuple[str, bool]]
"""A text in pieces; True where a piece is what was looked for."""


def snippet(text: str, words: Sequence[str], width: int = WIDTH) -> Marks:
    """Cut out where the most telling of WORDS stands first, and mark all of them (命中片段)."""
    line = " ".join(text.split())
    start = max(0, _first(line, words) - LEAD_IN)
    if len(line) - start < width:
        start = max(0, len(line) - width)
    piece = line[start : start + width]
    marked = analysis.highlight(piece, words)
    before = [("…", False)] if start else []
    behind = [("…", False)] if start + width < len(line) else []
    return [*before, *marked, *behind]


def _first(line: str, words: Sequence[str]) -> int:
    """Find the longest word that stands there; the beginning where none does."""
    lower = line.lower()
    for word in sorted(words, key=len, reverse=True):
        at = lower.find(word)
        if at >= 0:
            return at
    return 0
