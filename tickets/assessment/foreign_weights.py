"""Which weights of evidence the questions themselves would choose, beside the shipped (权重复核).

Linear and listwise: of the candidates of a question, the right one shall have the largest share.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from search.index import Index
from search.ranking import BY_WORDS
from tickets.assessment.foreign import Foreign, Row
from tickets.assessment.foreign_scores import BEST, MEASURED
from tickets.assessment.foreign_search import COLLECTIONS, Collection, filled

FOLDS, RIDGE = 5, 0.001
NEVER = -1e9
Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]
Parts = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Asked:
    """Questions, each with as many places for candidates as the one that has most."""

    evidence: Numbers
    """By question, candidate and piece of evidence."""
    there: Marks
    """Which places a candidate takes."""
    right: Marks
    fold: NDArray[np.int64]

    def only(self, chosen: Marks) -> "Asked":
        """Keep some of the questions."""
        return Asked(*(each[chosen] for each in vars(self).values()))

    def parted(self, number: int) -> tuple["Asked", "Asked"]:
        """Part the questions of a fold from all others."""
        back: Marks = np.asarray(self.fold == number)
        rest: Marks = np.asarray(self.fold != number)
        return self.only(back), self.only(rest)

    def order(self, weights: Numbers) -> NDArray[np.intp]:
        """Sort the candidates of each question, the best first."""
        scores = np.where(self.there, self.evidence @ weights, NEVER)
        return np.argsort(-scores, axis=1, kind="stable")

    def foremost(self, weights: Numbers) -> "Asked":
        """Let only the first ten compete, and what is right."""
        near = np.zeros_like(self.there)
        np.put_along_axis(near, self.order(weights)[:, :BEST], values=True, axis=1)
        return replace(self, there=self.there & (near | self.right))

    def places(self, weights: Numbers) -> Marks:
        """Tell of each question whether the first is right, and one of ten."""
        best = np.take_along_axis(self.right, self.order(weights)[:, :BEST], axis=1)
        return np.stack([best[:, 0], best.any(axis=1)], axis=1)

    @property
    def spread(self) -> Numbers:
        """How far each piece of evidence differs among the candidates of a question."""
        shown = np.where(self.there[..., None], self.evidence, np.nan)
        mean: Numbers = np.nanstd(shown, axis=1).mean(axis=0)
        return np.where(mean > 0, mean, 1.0)


def weights(given: Foreign) -> Iterator[str]:
    """Fit the weights of evidence by folds of groups (重拟合权重); one block a collection.

    Raises FileNotFoundError where the material is not there.
    """
    for task, collection in COLLECTIONS.items():
        names, asked = _read(task, collection, given)
        if len(names) < 2:
            continue
        yield from _told(task, names, asked, _shipped(collection.index, names))


def _told(task: str, names: Sequence[str], asked: Asked, shipped: Numbers) -> Iterator[str]:
    for name, new, old in zip(names, fitted(asked), shipped, strict=True):
        yield f"{task:12}{name:10}拟合 {new:6.2f}  现用 {old:6.2f}"
    held = [back.places(fitted(rest)) for back, rest in map(asked.parted, range(FOLDS))]
    for said, places in (("拟合", np.concatenate(held)), ("现用", asked.places(shipped))):
        first, ten = places.mean(axis=0)
        yield f"{task:12}{said}  首条命中 {first:.3f}  前十命中 {ten:.3f}"


def _read(task: str, collection: Collection, given: Foreign) -> tuple[list[str], Asked]:
    rows = given.collection(MEASURED[task].labels)
    docs = collection.docs(given.collection(collection.file))
    names: dict[str, None] = {}
    found: list[tuple[Row, Parts]] = []
    with given.engine() as engine, filled(engine, collection.index, docs):
        for row in rows:
            parts = engine.evidence(collection.index, collection.query(row))
            found.append((row, parts))
            names |= dict.fromkeys(name for each in parts.values() for name in each)
    return list(names), _asked([pair for pair in found if pair[1]], list(names))


def _asked(found: Sequence[tuple[Row, Parts]], names: Sequence[str]) -> Asked:
    most = max((len(parts) for _, parts in found), default=0)
    shape = (len(found), most)
    asked = Asked(
        np.zeros((*shape, len(names))),
        np.zeros(shape, dtype=np.bool_),
        np.zeros(shape, dtype=np.bool_),
        np.array([_fold(row) for row, _ in found]),
    )
    for at, (row, parts) in enumerate(found):
        told = [[defaultdict(float, each)[name] for name in names] for each in parts.values()]
        asked.evidence[at, : len(parts)] = told
        asked.there[at, : len(parts)] = True
        asked.right[at, : len(parts)] = [doc in row["relevant"] for doc in parts]
    return asked


def _fold(row: Row) -> int:
    return crc32(str(row.get("group") or row["relevant"][0]).encode()) % FOLDS


def _shipped(index: Index, names: Sequence[str]) -> Numbers:
    kind = index.kind.value
    return np.array([1.0 if name == BY_WORDS else getattr(kind, name) for name in names])


def fitted(asked: Asked) -> Numbers:
    """Find the weights under which right candidates get most (拟合权重); the first piece weighs 1.

    Twice: what the first weights put foremost competes for the second ones.
    """
    found: Marks = np.asarray(asked.right.any(axis=1))
    useful = asked.only(found)
    if not len(useful.right):
        return np.ones(asked.evidence.shape[2])
    return _once(useful.foremost(_once(useful)))


def _once(asked: Asked) -> Numbers:
    """Fit once; evidence is told in its own spread, or the ridge would spare large numbers."""
    spread = asked.spread
    evidence = asked.evidence / spread

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = np.where(asked.there, evidence @ weights, NEVER)
        right = np.where(asked.right, scores, NEVER)
        missed = logsumexp(scores, axis=1) - logsumexp(right, axis=1)
        share = softmax(scores, axis=1) - softmax(right, axis=1)
        slope = np.einsum("qc,qcw->w", share, evidence) / len(evidence)
        return RIDGE * float(weights @ weights) + missed.mean(), 2 * RIDGE * weights + slope

    found = minimize(loss, np.ones(len(spread)), jac=True, method="L-BFGS-B").x / spread
    unit: Numbers = found / found[0]
    return unit
