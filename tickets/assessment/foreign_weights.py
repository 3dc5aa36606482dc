"""Which weights of evidence the questions themselves would choose, beside the shipped (权重复核).

Linear and listwise: of the candidates of a question, the right one shall have the largest share.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from search.index import Index
from search.ranking import BY_WORDS
from tickets.assessment.foreign import Foreign, Row
from tickets.assessment.foreign_scores import BEST, MEASURED
from tickets.assessment.foreign_search import COLLECTIONS, Collection, filled

FOLDS, RIDGE = 5, 0.001
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class _Asked:
    """A question: what speaks for each candidate, and which of them are right."""

    evidence: Numbers
    right: NDArray[np.bool_]
    fold: int

    def places(self, weights: Numbers) -> tuple[bool, bool]:
        """Tell whether the first is right, and one of ten."""
        order = np.argsort(-(self.evidence @ weights), kind="stable")[:BEST]
        return bool(self.right[order[:1]].any()), bool(self.right[order].any())


def weights(given: Foreign) -> Iterator[str]:
    """Fit the weights of evidence by folds of groups (重拟合权重); one block a collection.

    Raises FileNotFoundError where the material is not there.
    """
    for task, collection in COLLECTIONS.items():
        names, asked = _read(task, collection, given)
        if len(names) < 2:
            continue
        yield from _told(task, names, asked, _shipped(collection.index, names))


def _told(
    task: str, names: Sequence[str], asked: Sequence[_Asked], shipped: Numbers
) -> Iterator[str]:
    fitted = _fit(asked, shipped)
    for name, new, old in zip(names, fitted, shipped, strict=True):
        yield f"{task:12}{name:10}拟合 {new:6.2f}  现用 {old:6.2f}"
    folds = [_fit([a for a in asked if a.fold != n], shipped) for n in range(FOLDS)]
    for said, places in (
        ("拟合", [a.places(folds[a.fold]) for a in asked]),
        ("现用", [a.places(shipped) for a in asked]),
    ):
        first, ten = (fmean(column) for column in zip(*places, strict=True))
        yield f"{task:12}{said}  首条命中 {first:.3f}  前十命中 {ten:.3f}"


def _read(task: str, collection: Collection, given: Foreign) -> tuple[list[str], list[_Asked]]:
    rows = given.collection(MEASURED[task].labels)
    docs = collection.docs(given.collection(collection.file))
    names: dict[str, None] = {}
    found: list[tuple[Row, dict[str, dict[str, float]]]] = []
    with given.engine() as engine, filled(engine, collection.index, docs):
        for row in rows:
            parts = engine.evidence(collection.index, collection.query(row))
            found.append((row, parts))
            names |= dict.fromkeys(name for each in parts.values() for name in each)
    return list(names), [_asked(row, parts, list(names)) for row, parts in found if parts]


def _asked(row: Row, parts: dict[str, dict[str, float]], names: Sequence[str]) -> _Asked:
    told = [[defaultdict(float, each)[name] for name in names] for each in parts.values()]
    right = np.array([doc in row["relevant"] for doc in parts], dtype=np.bool_)
    group = str(row.get("group") or row["relevant"][0])
    return _Asked(np.array(told), right, crc32(group.encode()) % FOLDS)


def _shipped(index: Index, names: Sequence[str]) -> Numbers:
    kind = index.kind.value
    return np.array([1.0 if name == BY_WORDS else getattr(kind, name) for name in names])


def _fit(asked: Sequence[_Asked], start: Numbers) -> Numbers:
    """Find the weights under which right candidates get most; words weigh 1."""
    useful = [a for a in asked if a.right.any()]

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for each in useful:
            scores = each.evidence @ weights
            whole, right = logsumexp(scores), logsumexp(scores[each.right])
            total += float(whole - right) / len(useful)
            among = np.exp(scores - whole)
            among[each.right] -= np.exp(scores[each.right] - right)
            slope = slope + each.evidence.T @ among / len(useful)
        return total, slope

    fitted: Numbers = np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)
    unit: Numbers = fitted / fitted[0]
    return unit
