"""Which case of a matter (三级事项) a text is about, by the texts that people put there.

Pure of rows. A case is the middle of its texts and of its name; the nearest within the matter is
guessed, and how often such a guess was right on phrasings that were not seen is its calibration.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import normalize

from tickets.routing.classifier import FOLDS, Classifier, Guess, Samples, calibrate
from tickets.routing.features import Floats

SHARPNESS = 0.05
FEWEST = 30
"""With fewer texts only the names of the cases tell them apart."""
Named = Mapping[str, tuple[str, str]]
"""Code of a case → code of its matter, name."""


@dataclass(frozen=True)
class Cases:
    """What was learned of the cases: a row for each, and which stand under a matter."""

    under: Mapping[str, list[str]]
    at: Mapping[str, int]
    means: csr_matrix
    calibration: IsotonicRegression | None = None
    accuracy: float = 0.0

    def nearest(self, row: csr_matrix, matter: str) -> tuple[str, float] | None:
        """Find the nearest case of a matter and its share among them (最近的三级事项)."""
        cases = self.under.get(matter, [])
        if len(cases) < 2:
            return None
        near = np.asarray((self.means[[self.at[c] for c in cases]] @ row.T).todense()).ravel()
        powers = np.exp((near - near.max()) / SHARPNESS)
        best = int(near.argmax())
        return cases[best], float(powers[best] / powers.sum())

    def guess(self, row: csr_matrix, matter: str) -> Guess | None:
        """Guess the case within a matter, calibrated (三级预测)."""
        found = self.nearest(row, matter)
        if found is None or self.calibration is None:
            return None
        return Guess(found[0], float(self.calibration.predict([found[1]])[0]))

    def weights(self, case: str, matter: str) -> Floats:
        """Say how much each term speaks for a case against the others of its matter."""
        others = [self.at[c] for c in self.under[matter]]
        return np.asarray(self.means[self.at[case]] - self.means[others].mean(axis=0)).ravel()


def learn_cases(classifier: Classifier, named: Named, samples: Samples) -> Cases | None:
    """Learn the cases of all matters (训练三级事项); None with too few texts."""
    if len(samples) < FEWEST or len(set(samples.groups)) < FOLDS:
        return None
    codes = sorted(named)
    at = {code: n for n, code in enumerate(codes)}
    under: dict[str, list[str]] = {}
    for code in codes:
        under.setdefault(named[code][0], []).append(code)
    rows = classifier.features.transform(samples.texts).terms
    names = classifier.features.transform([named[code][1] for code in codes]).terms
    labels = np.array([at[label] for label in samples.labels])
    shares, right = np.zeros(len(labels)), np.zeros(len(labels))
    folds = GroupKFold(n_splits=FOLDS)
    for seen, unseen in folds.split(samples.texts, groups=samples.groups):
        young = Cases(under, at, _means(rows[seen], labels[seen], names))
        for i in unseen:
            label = samples.labels[i]
            case, shares[i] = young.nearest(rows[i], named[label][0]) or ("", 0.0)
            right[i] = case == label
    calibration = calibrate(shares, right)
    return Cases(under, at, _means(rows, labels, names), calibration, float(right.mean()))


def _means(rows: csr_matrix, labels: NDArray[np.intp], names: csr_matrix) -> csr_matrix:
    ones = np.ones(len(labels), dtype=np.float32)
    members = csr_matrix((ones, (labels, np.arange(len(labels)))), (names.shape[0], len(labels)))
    return csr_matrix(normalize(members @ rows + names))
