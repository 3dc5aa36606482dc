"""The levels beside the second (三级分类): the case that a matter's words are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from city.memo import Memo
from city.models import Category, Parameter
from city.selectors import number
from search import analysis
from tickets.routing.voices import Voice

SAID = 9
"""A case whose name is said is so many times likelier than before."""

Cases = Sequence[tuple[Category, list[str]]]


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


def _apart(cases: Cases) -> list[tuple[Category, list[str]]]:
    """Leave out words that several cases share, or that have one character only."""
    said = [word for _, words in cases for word in words]
    return [(row, [w for w in ws if len(w) > 1 and said.count(w) == 1]) for row, ws in cases]


_cases = Memo(_build)


def narrower(
    text: str, matter: Category, sure: float, learned: Voice | None = None
) -> Narrower | None:
    """Suggest the case within a matter (三级事项), None where it is not sure.

    What was learned counts where it is sure enough (业务参数), else what the names' words say.
    The probability is the matter's, shared among its cases: never surer than the matter.
    """
    cases = _cases.get().get(matter.pk, [])
    least = number(Parameter.Name.ROUTING_CASE) / 100
    if learned is not None and learned.sure >= least:
        own = next((row for row, _ in cases if row.code == learned.label), None)
        if own is not None:
            return Narrower(own, round(sure * learned.sure, 3), list(learned.words))
    return _by_name(text, cases, sure)


def _by_name(text: str, cases: Cases, sure: float) -> Narrower | None:
    said = [(row, [word for word in words if word in text]) for row, words in cases]
    weights = [float(SAID ** len(words)) for _, words in said]
    best = max(range(len(said)), key=lambda at: weights[at], default=None)
    if best is None or not said[best][1]:
        return None
    row, words = said[best]
    return Narrower(row, round(sure * weights[best] / sum(weights), 3), words)
