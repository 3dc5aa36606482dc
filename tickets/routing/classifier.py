"""A text classifier with evidence: calibrated, the same for training and for use.

Pure of rows. What it sees of a text stands in features, how it learns in learners.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold

from search import analysis
from tickets.routing.features import LONGEST, Features, Floats, Hints, Rows
from tickets.routing.learners import FEW_LABELS, Model

if TYPE_CHECKING:  # which stands on this module
    from tickets.routing.cases import Cases

TEMPERATURE = 0.35
FOLDS = 3
EVIDENCE = 6
MARGIN = 0.1
"""How much of the allowed errors is kept back, for a threshold is luckiest where it was sought."""
TIES = 1e-3
"""How much of a confidence is the raw share, so that equal calibrated ones keep their order."""
ENOUGH = 60
"""So many unseen texts of one label are enough for a threshold of its own."""
ALL = "default"
Named = list[str]
Past = Mapping[tuple[str, int], Mapping[str, int]]


@dataclass(frozen=True)
class Guess:
    """One label with its calibrated confidence, 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Samples:
    """Texts with their labels, and which texts are of one mould (same group)."""

    texts: list[str]
    labels: list[str]
    groups: list[int]

    def __len__(self) -> int:
        return len(self.texts)


NONE = Samples([], [], [])


@dataclass(frozen=True)
class Judged:
    """How sure the model was of texts it had not seen, of what, whether rightly, and agreed to."""

    sure: Floats
    right: Floats
    said: NDArray[np.str_]
    truth: NDArray[np.str_]
    agreed: NDArray[np.bool_]

    def thresholds(self, wished: float) -> dict[str, float]:
        """Find for a wished precision the threshold of all, and of each label with enough texts."""
        aim = wished + MARGIN * (1 - wished)
        found = {ALL: threshold_for(self.sure[self.agreed], self.right[self.agreed], aim)[0]}
        for label in np.unique(self.said):
            mine = self.agreed & (self.said == label)
            if mine.sum() >= ENOUGH:
                found[str(label)] = threshold_for(self.sure[mine], self.right[mine], aim)[0]
        return found

    def crossed(self) -> Floats:
        """Calibrate each half by the other (交叉校准): how sure it would be of texts to come."""
        found = np.zeros(len(self.sure))
        odd = np.arange(len(found)) % 2 == 1
        for mine in (odd, ~odd):
            other = IsotonicRegression(out_of_bounds="clip", y_min=0.0, y_max=1.0)
            found[mine] = other.fit(self.sure[~mine], self.right[~mine]).predict(self.sure[mine])
        return found


@dataclass
class Classifier:
    """A fitted classifier; `threshold` is the confidence at which the wished precision held."""

    hints: Hints
    features: Features = field(init=False)
    model: Model = field(init=False)
    calibration: IsotonicRegression | None = None
    threshold: float = 1.0
    coverage: float = 0.0
    accuracy: float = 0.0
    judged: Judged | None = None
    past: Past | None = None
    """Where confirmed tickets went; a file of an older program has none."""
    above: Mapping[str, str] | None = None
    """Label → the label above it."""
    broad: IsotonicRegression | None = None
    """How sure the level above is by its share."""
    units: "Opinion | None" = None
    """Which kinds of units the words speak for; None with too few tickets."""
    cases: "Cases | None" = None
    """Which case of a matter; None with too few tickets."""

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> "Classifier":
        """Learn from texts and their labels (训练)."""
        self.features = Features(self.hints, len(set(labels)) <= FEW_LABELS)
        self.model = Model().fit(self.features.fit(texts), labels, np.ones(len(texts)), len(texts))
        return self

    def slim(self) -> None:
        """Forget the weights that hardly count (精简), of the matters and of the units."""
        for model in [self.model, *([self.units.model] if self.units else [])]:
            model.slim()

    def guesses(self, texts: Sequence[str], best: int = 3) -> list[list[Guess]]:
        """Guess the best labels of each text (预测), surest first."""
        return self.best_of(self._shares(texts), best) if texts else []

    def read(self, texts: Sequence[str]) -> "Reading":
        """Read texts once (读入文本), to be asked for all that is to be known of them."""
        return Reading(self, texts, self.features.transform(texts))

    def _shares(self, texts: Sequence[str]) -> Floats:
        return shares_of(self.model, self.features.transform(texts))

    def above_of(self, shares: Floats) -> list[Guess | None]:
        """Guess the best label above those of each row (上级预测)."""
        if self.broad is None or self.above is None:
            return [None] * len(shares)
        names, sums = summed(self.model.labels, shares, self.above)
        sure = self.broad.predict(sums.max(axis=1))
        best = sums.argmax(axis=1)
        return [Guess(names[at], float(c)) for at, c in zip(best, sure, strict=True)]

    def best_of(self, shares: Floats, best: int) -> list[list[Guess]]:
        """Name the best labels of each row of shares (首选), surest first."""
        return ranked(self.model.labels, shares, self.calibration, best)


@dataclass(frozen=True)
class Opinion:
    """What the same words say of another question: learned and calibrated on the same features."""

    model: Model
    calibration: IsotonicRegression
    accuracy: float


@dataclass(frozen=True)
class Reading:
    """Some texts as the classifier sees them, cut and weighed once."""

    by: Classifier
    texts: Sequence[str]
    rows: Rows

    def matters(self, best: int) -> tuple[list[list[Guess]], list[Guess | None]]:
        """Guess the best labels of each text and the best label above them (分级预测)."""
        if not self.texts:
            return [], []
        shares = shares_of(self.by.model, self.rows)
        return self.by.best_of(shares, best), self.by.above_of(shares)

    def units(self, best: int) -> list[list[Guess]]:
        """Guess the kinds of units that each text speaks for (文字指向)."""
        opinion = self.by.units
        if opinion is None or not self.texts:
            return [[] for _ in self.texts]
        shares = shares_of(opinion.model, self.rows)
        return ranked(opinion.model.labels, shares, opinion.calibration, best)

    def case(self, at: int, matter: str) -> tuple[Guess, Named] | None:
        """Guess the case of one text within a matter, with its words (三级预测)."""
        row, cases = self.rows.terms[at], self.by.cases
        guess = cases.guess(row, matter) if cases else None
        if cases is None or guess is None:
            return None
        words = self.by.features.words
        weights = cases.weights(guess.label, matter)
        row = row[:, : len(words)]
        return guess, _said(weights[row.indices], words, row, self.texts[at])

    def evidence(
        self, best: Sequence[Sequence[Guess]], of: Model | None = None
    ) -> list[list[Named]]:
        """Name for each guess the words of its text that speak most for it (依据词)."""
        if not self.texts:
            return []
        model, words = of or self.by.model, self.by.features.words
        rows = self.rows.terms[:, : len(words)]
        at = {label: n for n, label in enumerate(model.labels)}
        found = []
        for n, (text, guesses) in enumerate(zip(self.texts, best, strict=True)):
            weights = model.weights_at(rows[n].indices)
            said = [_said(weights[:, at[g.label]], words, rows[n], text) for g in guesses]
            found.append(said)
        return found


def _said(weights: Floats, words: NDArray[np.object_], row: csr_matrix, text: str) -> Named:
    """Name the words of a row that weigh most; `weights` are those of the row's own terms."""
    speaks = weights * row.data
    order = [row.indices[i] for i in np.argsort(-speaks) if speaks[i] > 0]
    named = (str(words[i]).replace(" ", "") for i in order)
    plain = analysis.normalise(text[:LONGEST])
    return list(dict.fromkeys(word for word in named if word in plain))[:EVIDENCE]


def ranked(
    labels: Sequence[str], all_shares: Floats, by: IsotonicRegression | None, best: int
) -> list[list[Guess]]:
    """Name the best labels of each row with their calibrated confidence (排序)."""
    found = []
    for row in all_shares:
        order = np.argsort(-row, kind="stable")[:best]
        sure = calibrated(row[order], by)
        found.append([Guess(labels[i], float(c)) for i, c in zip(order, sure, strict=True)])
    return found


def calibrated(shares: Floats, by: IsotonicRegression | None) -> Floats:
    """Turn the shares of one text's best labels into probabilities (校准)."""
    if by is None:
        return shares
    known = float(by.predict(shares[:1])[0])
    first = (1 - TIES) * known + TIES * float(shares[0])
    rest = shares[1:] * (1 - first) / max(1e-9, 1 - float(shares[0]))
    return np.concatenate([[first], np.minimum(rest, first)])


def shares_of(model: Model, rows: Rows) -> Floats:
    """Turn margins into shares that add up to one, by row and label."""
    scaled = model.margins(rows) / TEMPERATURE
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def summed(
    labels: Sequence[str], shares: Floats, above: Mapping[str, str]
) -> tuple[list[str], Floats]:
    """Add the shares of labels up to those of the labels above them (上级分类)."""
    names = sorted({above.get(label, label) for label in labels})
    at = [names.index(above.get(label, label)) for label in labels]
    sums: Floats = np.zeros((len(shares), len(names)))
    np.add.at(sums.T, at, shares.T)
    return names, sums


def train(
    hints: Hints,
    samples: Samples,
    seeds: Samples,
    wished: float,
    *,
    seed_weight: float = 1.0,
    more: Sequence[str] = (),
    witnessed: bool = True,
    meaning: bool = False,
    above: Mapping[str, str] | None = None,
) -> Classifier:
    """Fit a classifier, its calibration and its threshold (训练、校准、定门槛).

    Calibration sees only phrasings that the fold did not: texts of one group never stand on both
    sides, so that a classifier that knows its templates by heart gets a low confidence here.
    `seeds` are texts that every fold learns from, save those of a group it is judged on, and none
    is judged on. `more` are texts without labels, which topics are found in too. Where
    the decision asks for a keyword as a witness, the threshold is sought among such texts only.
    With `meaning` an installed embedding is one of the features. `above` names the label above
    each, which gets a calibration of its own.
    """
    few = len(set(samples.labels)) <= FEW_LABELS
    classifier = Classifier(hints)
    classifier.features = Features(hints, few, meaning)
    rows = classifier.features.fit([*samples.texts, *seeds.texts, *more])
    bench = _Bench(rows, samples, seeds, seed_weight)
    shares, right, said = bench.out_of_fold()
    classifier.model = bench.fit(np.arange(len(samples)), np.arange(len(seeds)))
    by = classifier.calibration = calibrate(shares.max(axis=1), right)
    sure = np.array([calibrated(np.array([share]), by)[0] for share in shares.max(axis=1)])
    agreed = bench.agreed(hints, shares) if witnessed else np.ones(len(right), dtype=np.bool_)
    found, share = threshold_for(sure[agreed], right[agreed], wished + MARGIN * (1 - wished))
    classifier.threshold, classifier.coverage = found, share * float(agreed.mean())
    classifier.accuracy = float(right.mean())
    if above:
        classifier.above, classifier.broad = dict(above), bench.broad(shares, above)
    classifier.judged = Judged(sure, right, said, np.array(samples.labels), agreed)
    return classifier


def opinion(classifier: Classifier, samples: Samples) -> Opinion:
    """Learn another question on a classifier's features (另一判断), calibrated on unseen moulds."""
    bench = _Bench(classifier.features.transform(samples.texts), samples, NONE, 1.0, plain=True)
    shares, right, _ = bench.out_of_fold()
    model = bench.fit(np.arange(len(samples)), np.arange(0))
    return Opinion(model, calibrate(shares.max(axis=1), right), float(right.mean()))


def calibrate(sure: Floats, right: Floats) -> IsotonicRegression:
    """Learn how often a guess of some share was right (校准)."""
    return IsotonicRegression(out_of_bounds="clip", y_min=0.0, y_max=1.0).fit(sure, right)


@dataclass
class _Bench:
    """All rows at hand: samples first, then seeds, then what has no label."""

    rows: Rows
    samples: Samples
    seeds: Samples
    seed_weight: float
    plain: bool = False

    def fit(self, samples: NDArray[np.intp], seeds: NDArray[np.intp]) -> Model:
        """Learn from some samples and seeds."""
        at = np.concatenate([samples, len(self.samples) + seeds])
        labels = [self.samples.labels[i] for i in samples] + [self.seeds.labels[i] for i in seeds]
        counts = np.concatenate([np.ones(len(samples)), np.full(len(seeds), self.seed_weight)])
        more = self.rows.terms.shape[0] > len(self.samples) + len(self.seeds)
        model = Model(with_topics=more, plain=self.plain)
        return model.fit(self.rows.take(at), labels, counts, len(samples))

    def out_of_fold(self) -> tuple[Floats, Floats, NDArray[np.str_]]:
        """Judge each sample by a model that saw none of its mould: shares, right or not, labels."""
        labels = sorted(set(self.samples.labels) | set(self.seeds.labels))
        column = {label: n for n, label in enumerate(labels)}
        shares, right = np.zeros((len(self.samples), len(labels))), np.zeros(len(self.samples))
        folds = GroupKFold(n_splits=min(FOLDS, len(set(self.samples.groups))))
        for seen, unseen in folds.split(self.samples.texts, groups=self.samples.groups):
            model = self.fit(seen, self._free_seeds(unseen))
            found = shares_of(model, self.rows.take(unseen))
            shares[np.ix_(unseen, [column[label] for label in model.labels])] = found
            for i, row in zip(unseen, found, strict=True):
                right[i] = model.labels[int(row.argmax())] == self.samples.labels[i]
        return shares, right, np.array(labels)[shares.argmax(axis=1)]

    def broad(self, shares: Floats, above: Mapping[str, str]) -> IsotonicRegression:
        """Calibrate the level above by the same unseen texts (上级校准)."""
        labels = sorted(set(self.samples.labels) | set(self.seeds.labels))
        names, sums = summed(labels, shares, above)
        truth = np.array([above.get(label, label) for label in self.samples.labels])
        right = np.array(names)[sums.argmax(axis=1)] == truth
        return calibrate(sums.max(axis=1), right)

    def _free_seeds(self, unseen: NDArray[np.intp]) -> NDArray[np.intp]:
        """Leave out seeds that say what an unseen text says."""
        if not self.seeds.groups:
            return np.arange(len(self.seeds))
        judged = {self.samples.groups[i] for i in unseen}
        return np.array([i for i, g in enumerate(self.seeds.groups) if g not in judged], dtype=int)

    def agreed(self, hints: Hints, shares: Floats) -> NDArray[np.bool_]:
        """Tell where a keyword agrees with the best label."""
        labels = sorted(set(self.samples.labels) | set(self.seeds.labels))
        best = [labels[int(row.argmax())] for row in shares]
        return np.array(
            [label in hints(t) for label, t in zip(best, self.samples.texts, strict=True)]
        )


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
