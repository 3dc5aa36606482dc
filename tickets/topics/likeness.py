"""How alike messages are: words and bigrams of title and beginning, the title once more (相似度).

A title says in ten characters what a message is about, so it counts twice in the text and once by
itself. What a message's nearest ones resemble, it resembles too: `ranked` lets them speak.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from search import analysis

BEGINNING = 300
TITLE_WEIGHT = 0.6
NEAREST = 15
NEAREST_WEIGHT = 0.8
Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Message:
    """What a citizen wrote: title and text."""

    title: str
    text: str

    @property
    def head(self) -> str:
        """The title, or where there is none the first words."""
        return self.title or self.text[:30]

    @property
    def whole(self) -> str:
        """Title, twice, and the beginning of the text."""
        return f"{self.title}\n{self.title}\n{self.text[:BEGINNING]}"


def vectors(messages: Sequence[Message]) -> csr_matrix:
    """Give each message a vector of length 1 (向量化); their products say how alike they are."""
    wholes = _weighed([message.whole for message in messages])
    heads = _weighed([message.head for message in messages])
    parts = hstack([wholes, heads * np.float32(TITLE_WEIGHT**0.5)])
    return csr_matrix(parts / np.float32((1 + TITLE_WEIGHT) ** 0.5))


def _weighed(texts: Sequence[str]) -> csr_matrix:
    vectoriser = TfidfVectorizer(analyzer=_terms, sublinear_tf=True, dtype=np.float32)
    try:
        return csr_matrix(vectoriser.fit_transform(texts))
    except ValueError:  # not one word in all the texts
        return csr_matrix((len(texts), 1), dtype=np.float32)


def _terms(text: str) -> list[str]:
    """Cut into words and bigrams, kept apart: 停水 the word is not 停水 the bigram."""
    return [f"w{w}" for w in analysis.words(text)] + [f"b{b}" for b in analysis.bigrams(text)]


def alike(rows: csr_matrix, others: csr_matrix) -> Numbers:
    """Compare vectors (两两相似度), by row and column from 0 to 1."""
    return np.asarray((rows @ others.T).toarray(), dtype=np.float32)


def ranked(messages: Sequence[Message], best: int) -> list[list[int]]:
    """Find for each message the places of those most like it (最相似), best first, not itself."""
    likeness = alike(said := vectors(messages), said)
    np.fill_diagonal(likeness, 0)
    return [_best(_with_nearest(likeness, at), best) for at in range(len(messages))]


def _with_nearest(likeness: Numbers, at: int) -> Numbers:
    """Add what the nearest messages resemble."""
    row: Numbers = likeness[at].copy()
    near = _best(row, NEAREST)
    if near:
        row += NEAREST_WEIGHT * likeness[near].mean(axis=0)
    row[at] = 0
    return row


def _best(row: Numbers, best: int) -> list[int]:
    order = np.argsort(-row, kind="stable")[:best]
    return [int(at) for at in order if row[at] > 0]
