"""The levels beside the second (三级分类): the case that a matter's words are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from city.memo import Memo
from city.models import Category
from search import analysis

SAID = 9
"""A case whose name is said is so many times likelier than before."""


@dataclass(frozen=True)
class Narrower:
    """A third-level case of a matter, with the words of its name that were said."""

    category: Category
    confidence: float
    words: list[str]


def _build() -> Mapping[int, list[tuple[Category, list[str]]]]:
    """Give the cases of each matter with the words that tell them apart."""
    found: dict[int, list[tuple[Category, list[str]]]] = {}
    for row in Category.objects.filter(level=3, active=True).select_related("parent"):
        words = {*analysis.words(row.name), *row.keywords, row.name}
        found.setdefault(row.parent_id or 0, []).append((row, sorted(words, key=len)))
    return {parent: _apart(cases) for parent, cases in found.items()}


def _apart(cases: Sequence[tuple[Category, list[str]]]) -> list[tuple[Category, list[str]]]:
    """Leave out words that several cases share, or that have one character only."""
    said = [word for _, words in cases for word in words]
    return [(row, [w for w in ws if len(w) > 1 and said.count(w) == 1]) for row, ws in cases]


_cases = Memo(_build)


def narrower(text: str, matter: Category, sure: float) -> Narrower | None:
    """Suggest the case within a matter (三级事项), None where its words are not said.

    Its probability is the matter's, shared by what the words say: never surer than the matter.
    """
    cases = _cases.get().get(matter.pk, [])
    said = [(row, [word for word in words if word in text]) for row, words in cases]
    weights = [float(SAID ** len(words)) for _, words in said]
    best = max(range(len(said)), key=lambda at: weights[at], default=None)
    if best is None or not said[best][1]:
        return None
    row, words = said[best]
    return Narrower(row, round(sure * weights[best] / sum(weights), 3), words)
