"""A text classifier with evidence: linear, calibrated, the same for training and for use.

Pure of rows. Features are words, pairs of words and characters of the text; the matters' keywords
found in it count as features of their own, so that what holds for a keyword is learned once and
carries over to phrasings that the training texts lack.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from search import analysis

TEMPERATURE = 0.35
LONGEST = 2_000
FOLDS = 4
SEED = 7
EVIDENCE = 6
Floats = NDArray[np.float64]
Hints = Callable[[str], Sequence[str]]
Named = list[str]


@dataclass(frozen=True)
class Guess:
    """One label with its calibrated confidence, 0 to 1."""

    label: str
    confidence: float


@dataclass
class Classifier:
    """A fitted classifier; `threshold` is the confidence at which the wished precision held."""

    hints: Hints
    words: TfidfVectorizer = field(init=False)
    letters: TfidfVectorizer = field(init=False)
    marks: TfidfVectorizer = field(init=False)
    model: LinearSVC = field(init=False)
    names: NDArray[np.object_] = field(init=False)
    calibration: IsotonicRegression | None = None
    threshold: float = 1.0
    coverage: float = 0.0
    accuracy: float = 0.0

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> "Classifier":
        """Learn from texts and their labels (训练)."""
        self.words = TfidfVectorizer(
            analyzer=_word_terms, min_df=2, sublinear_tf=True, max_features=60_000
        )
        self.letters = TfidfVectorizer(
            analyzer=_letter_terms, min_df=2, sublinear_tf=True, max_features=80_000
        )
        self.marks = TfidfVectorizer(analyzer=self.hints, use_idf=False)
        parts = [v.fit_transform(cut(texts)) for v in (self.words, self.letters)]
        marks = self._fit_marks(cut(texts))
        self.names = self.words.get_feature_names_out()
        self.model = LinearSVC(C=1.0, class_weight="balanced", random_state=SEED)
        self.model.fit(hstack([*parts, marks]).tocsr(), list(labels))
        return self

    def _fit_marks(self, texts: Sequence[str]) -> csr_matrix:
        try:
            return self.marks.fit_transform(texts)
        except ValueError:  # not one keyword in all the texts
            self.marks = TfidfVectorizer(analyzer=_no_marks, use_idf=False)
            return self.marks.fit_transform(texts)

    def guesses(self, texts: Sequence[str], best: int = 3) -> list[list[Guess]]:
        """Guess the best labels of each text (预测), surest first."""
        labels = self.model.classes_
        found = []
        for row in self._probabilities(texts):
            order = np.argsort(-row)[:best]
            sure = self._calibrated(row[order])
            found.append(
                [Guess(str(labels[i]), float(c)) for i, c in zip(order, sure, strict=True)]
            )
        return found

    def _probabilities(self, texts: Sequence[str]) -> Floats:
        margins = np.atleast_2d(self.model.decision_function(self._features(texts)))
        scaled = margins / TEMPERATURE
        powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def _calibrated(self, shares: Floats) -> Floats:
        if self.calibration is None:
            return shares
        first = float(self.calibration.predict(shares[:1])[0])
        rest = shares[1:] * (1 - first) / max(1e-9, 1 - shares[0])
        return np.concatenate([[first], np.minimum(rest, first)])

    def _features(self, texts: Sequence[str]) -> csr_matrix:
        short = cut(texts)
        parts = [v.transform(short) for v in (self.words, self.letters, self.marks)]
        return hstack(parts).tocsr()

    def evidence(self, texts: Sequence[str], best: Sequence[Sequence[Guess]]) -> list[list[Named]]:
        """Name for each guess the words of its text that speak most for it (依据词)."""
        rows = self.words.transform(cut(texts))
        at = {str(label): n for n, label in enumerate(self.model.classes_)}
        return [
            [self._said(rows[n], at[guess.label], text) for guess in guesses]
            for n, (text, guesses) in enumerate(zip(texts, best, strict=True))
        ]

    def _said(self, row: csr_matrix, label: int, text: str) -> Named:
        signs = (self.model.coef_ if len(self.model.classes_) > 2 else _both(self.model.coef_))[
            label
        ]
        weights = signs[row.indices] * row.data
        order = [row.indices[i] for i in np.argsort(-weights) if weights[i] > 0]
        named = (str(self.names[i]).replace(" ", "") for i in order)
        plain = analysis.normalise(text)
        return list(dict.fromkeys(word for word in named if word in plain))[:EVIDENCE]


def _both(coef: Floats) -> Floats:
    """Give two rows of weights where the model keeps one for two labels."""
    return np.vstack([-coef, coef])


def cut(texts: Sequence[str]) -> list[str]:
    """Bound the length of what is read of each text."""
    return [text[:LONGEST] for text in texts]


def _no_marks(_: str) -> list[str]:
    return ["-"]


def _word_terms(text: str) -> list[str]:
    words = analysis.words(text)
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def _letter_terms(text: str) -> list[str]:
    plain = "".join(analysis.normalise(text).split())
    return [plain[i : i + n] for n in (2, 3) for i in range(len(plain) - n + 1)]


@dataclass(frozen=True)
class Samples:
    """Texts with their labels, and which texts are of one mould (same group)."""

    texts: list[str]
    labels: list[str]
    groups: list[int]

    def some(self, at: Sequence[int]) -> tuple[list[str], list[str]]:
        """Take the texts and labels at these places."""
        return [self.texts[i] for i in at], [self.labels[i] for i in at]


def train(hints: Hints, samples: Samples, seeds: Samples, wished: float) -> Classifier:
    """Fit a classifier, its calibration and its threshold (训练、校准、定门槛).

    Calibration sees only phrasings that the fold did not: texts of one group never stand on both
    sides, so that a classifier that knows its templates by heart gets a low confidence here.
    `seeds` are texts that every fold learns from and none is judged on. The threshold is sought
    among texts where a hint agrees with the guess, for only such are let through.
    """
    shares, right, agreed = _out_of_fold(hints, samples, seeds)
    classifier = Classifier(hints)
    classifier.fit([*samples.texts, *seeds.texts], [*samples.labels, *seeds.labels])
    classifier.calibration = IsotonicRegression(out_of_bounds="clip", y_min=0.0, y_max=1.0)
    classifier.calibration.fit(shares, right)
    sure = classifier.calibration.predict(shares)
    found, share = threshold_for(sure[agreed], right[agreed], wished)
    classifier.threshold, classifier.coverage = found, share * float(agreed.mean())
    classifier.accuracy = float(right.mean())
    return classifier


def _out_of_fold(
    hints: Hints, samples: Samples, seeds: Samples
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Judge each text by a model that saw none of its mould: share, right or not, hint agrees."""
    shares, right = np.zeros(len(samples.texts)), np.zeros(len(samples.texts))
    agreed = np.zeros(len(samples.texts), dtype=np.bool_)
    for seen, unseen in GroupKFold(n_splits=FOLDS).split(samples.texts, groups=samples.groups):
        texts, labels = samples.some(seen)
        model = Classifier(hints).fit([*texts, *seeds.texts], [*labels, *seeds.labels])
        guesses = model.guesses(samples.some(unseen)[0], 1)
        for i, best in zip(unseen, guesses, strict=True):
            shares[i] = best[0].confidence
            right[i] = best[0].label == samples.labels[i]
            agreed[i] = best[0].label in hints(samples.texts[i])
    return shares, right, agreed


def threshold_for(sure: Floats, right: Floats, wished: float) -> tuple[float, float]:
    """Find the lowest confidence above which the wished precision holds, and how much that covers.

    Where it never holds over at least 30 texts, the threshold is above everything.
    """
    order = np.argsort(-sure, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    holds = np.nonzero((precision >= wished) & (np.arange(len(order)) >= 29))[0]
    if not len(holds):
        return 1.01, 0.0
    return float(sure[order[holds[-1]]]), float(holds[-1] + 1) / len(order)
