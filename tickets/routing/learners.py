"""Linear and curved learners behind one face: margins by label, and the weight of each term.

With a few labels the mean of a plain linear machine and of NB-SVM (terms weighed by how unevenly
the labels have them) is best, with two hundred the plain one. Topics see what no word says: where
texts are few, but many without labels at hand, they stand beside the terms; where texts are many a
curved machine over them adds half its margin (docs/adr/0011-classifier.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, issparse
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import SVC, LinearSVC

from tickets.routing.features import SEED, Floats, Rows

Flags = NDArray[np.bool_]
Said = NDArray[np.str_]
FEW_LABELS, MANY_TEXTS = 40, 1_500
CURVE_WEIGHT, TOPICS_WEIGHT = 0.5, 0.7
FAINT = 0.005


@dataclass
class Model:
    """What was learned of some rows and their labels."""

    labels: list[str] = field(default_factory=list)
    weights: "Floats | csr_matrix" = field(default_factory=lambda: np.zeros((0, 0)))
    """By term and label: what the term adds to the label's margin; sparse once it was slimmed."""
    intercepts: Floats = field(default_factory=lambda: np.zeros(0))
    curve: OneVsRestClassifier | None = None
    with_topics: bool = False
    """Whether topics stand beside the terms: where unlabelled texts make them sound."""
    plain: bool = False
    """Whether one linear machine is enough: for a question beside the main one."""

    def fit(self, rows: Rows, labels: Sequence[str], counts: Floats, counted: int) -> "Model":
        """Learn (训练); `counts` says how much each row counts, `counted` how many are judged."""
        said = np.asarray(labels)
        self.labels = sorted(set(labels))
        few = len(self.labels) <= FEW_LABELS and not self.plain
        learners = [_plain, _uneven] if few else [_plain]
        self.with_topics = self.with_topics and few and counted < MANY_TEXTS
        terms = self._terms(rows)
        found = [learn(terms, said, self.labels, counts) for learn in learners]
        self.weights = np.mean([weights for weights, _ in found], axis=0)
        self.intercepts = np.mean([intercepts for _, intercepts in found], axis=0)
        if rows.topics.shape[1] and few and counted >= MANY_TEXTS:
            curved = OneVsRestClassifier(SVC(C=4.0, gamma=2.0, class_weight="balanced"))
            self.curve = curved.fit(rows.topics, said)
        return self

    def margins(self, rows: Rows) -> Floats:
        """Give the margin of each label for each row (间隔)."""
        product = self._terms(rows) @ self.weights
        linear: Floats = _dense(product) + self.intercepts
        if self.curve is None or not len(linear):
            return linear
        curved = self.curve.decision_function(rows.topics)
        if len(self.labels) == 2:
            curved = np.stack([-curved, curved], axis=1)
        both: Floats = linear + CURVE_WEIGHT * curved
        return both

    def weights_at(self, terms: NDArray[np.intp]) -> Floats:
        """Give what some terms add to the margin of each label (词的权重)."""
        return _dense(self.weights[terms])

    def slim(self) -> None:
        """Forget the weights that hardly move a margin (精简): a fifth of the memory."""
        large = np.where(np.abs(self.weights) >= FAINT, self.weights, np.float32(0))
        self.weights = csr_matrix(large, dtype=np.float32)

    def _terms(self, rows: Rows) -> csr_matrix:
        if not self.with_topics or not rows.topics.shape[1]:
            return rows.terms
        return hstack([rows.terms, csr_matrix(rows.topics * TOPICS_WEIGHT)]).tocsr()


def _dense(found: "Floats | csr_matrix") -> Floats:
    return np.asarray(csr_matrix(found).toarray() if issparse(found) else found)


def _plain(
    terms: csr_matrix, said: Said, labels: Sequence[str], counts: Floats
) -> tuple[Floats, Floats]:
    """Separate each label from the rest (LinearSVC): weights by term and label, intercepts."""
    machine = LinearSVC(C=1.0, class_weight="balanced", random_state=SEED, max_iter=3000)
    machine.fit(terms, said, sample_weight=counts)
    weights, intercepts = machine.coef_.T.astype(np.float32), machine.intercept_
    if len(labels) == 2:  # one row of weights stands for both
        weights = np.concatenate([-weights, weights], axis=1)
        intercepts = np.concatenate([-intercepts, intercepts])
    return weights, intercepts


def _uneven(
    terms: csr_matrix, said: Said, labels: Sequence[str], counts: Floats
) -> tuple[Floats, Floats]:
    """Weigh each term by how unevenly a label and the rest have it, then separate (NB-SVM)."""
    there = (terms > 0).astype(np.float32)
    found = [_uneven_of(terms, there, said == label, counts) for label in labels]
    return np.stack([w for w, _ in found], axis=1), np.array([at for _, at in found])


def _uneven_of(
    terms: csr_matrix, there: csr_matrix, mine: Flags, counts: Floats
) -> tuple[Floats, float]:
    with_label = 1.0 + np.asarray(there[mine].sum(axis=0)).ravel()
    without = 1.0 + np.asarray(there[~mine].sum(axis=0)).ravel()
    ratio = np.log((with_label / with_label.sum()) / (without / without.sum()))
    uneven = np.abs(ratio).astype(np.float32)
    machine = LinearSVC(C=2.0, class_weight="balanced", random_state=SEED, max_iter=3000)
    machine.fit(csr_matrix(terms.multiply(uneven)), mine, sample_weight=counts)
    return (machine.coef_[0] * uneven).astype(np.float32), float(machine.intercept_[0])
