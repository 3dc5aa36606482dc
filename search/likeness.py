"""How alike whole messages are (相似度): words and pairs of title and beginning, by their rarity.

A title says in ten characters what a message is about, so it counts twice in the text and once by
itself. What a message's nearest ones resemble, it resembles too: `with_nearest` lets them speak.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from search import analysis, signature
from search.backends.documents import cuts
from search.index import Index

CUTS = (analysis.words, analysis.bigrams)
BEGINNING = (120, 260)
"""So many words, and so many pairs, of a text are compared: some 300 characters."""
FIRST_WORDS = (12, 29)
"""So many stand for a title that is missing."""
LOOKED_AT = 600
"""Characters of a text that is asked; they hold its beginning."""
TITLE_WEIGHT = 0.6
NEAREST = 15
NEAREST_WEIGHT = 0.8
Numbers = NDArray[np.float32]
Places = NDArray[np.intp]
_CUT_BITS, _TERM_BITS = np.uint64(32), np.uint64(34)


@dataclass(frozen=True, slots=True)
class Terms:
    """Which terms stand in which of some messages, and how often."""

    messages: int
    at: NDArray[np.intp]
    term: NDArray[np.uint64]
    times: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages as they are compared (待比较的诉求): as wholes, and by their titles alone."""

    wholes: Terms
    heads: Terms


def signed(index: Index, title: str, text: str) -> bytes:
    """Sign a message (诉求签名) as the documents of an index are signed."""
    said = (title if field.title else text[:LOOKED_AT] for field in index.texts.values())
    unused: list[list[str]] = [[] for _ in cuts(index)[len(CUTS) :]]
    return signature.packed([[*(cut(part) for cut in CUTS), *unused] for part in said])


def read(index: Index, signatures: Sequence[bytes]) -> Messages:
    """Read messages out of their signatures (读取诉求); titles are the fields declared as such."""
    lengths, hashes = signature.unpacked(signatures, len(index.texts), len(cuts(index)))
    held = lengths.ravel()
    run = np.repeat(np.arange(held.size), held)
    message, field, cut = np.unravel_index(run, lengths.shape)
    place = np.arange(len(run)) - (held.cumsum() - held)[run]
    term = hashes | cut.astype(np.uint64) << _CUT_BITS
    titles = np.array([text.title for text in index.texts.values()])
    titled = (lengths[:, titles, :].sum(axis=(1, 2)) > 0)[message]
    compared = cut < len(CUTS)
    heading = compared & titles[field]
    whole = heading | (compared & _among_first(BEGINNING, cut, place))
    head = heading | (compared & ~titled & _among_first(FIRST_WORDS, cut, place))
    twice = np.where(heading, 2.0, 1.0)
    return Messages(
        _terms(len(lengths), message[whole], term[whole], twice[whole]),
        _terms(len(lengths), message[head], term[head], np.ones(int(head.sum()))),
    )


def _among_first(limits: Sequence[int], cut: Places, place: Places) -> NDArray[np.bool_]:
    among: NDArray[np.bool_] = place < np.array(limits)[cut.clip(max=len(limits) - 1)]
    return among


@dataclass(frozen=True, slots=True)
class Known:
    """How rare terms are among messages of one kind."""

    messages: int
    terms: NDArray[np.uint64]
    holders: NDArray[np.int64]

    @classmethod
    def by(cls, terms: Terms) -> "Known":
        """Count who holds each term."""
        return cls(terms.messages, *np.unique(terms.term, return_counts=True))

    def idf(self, terms: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Weigh terms by their rarity; one that was never met is the rarest."""
        held = np.zeros(len(terms))
        if len(self.terms):
            at = np.searchsorted(self.terms, terms).clip(max=len(self.terms) - 1)
            held = np.where(self.terms[at] == terms, self.holders[at], 0)
        return np.log((1 + self.messages) / (1 + held)) + 1


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare terms are in a collection (词的稀有度), in whole messages and in titles."""

    wholes: Known
    heads: Known

    @classmethod
    def among(cls, messages: Messages) -> "Rarity":
        """Count the terms of a collection, or of a sample of it (统计)."""
        return cls(Known.by(messages.wholes), Known.by(messages.heads))


def vectors(messages: Messages, rarity: Rarity) -> csr_matrix:
    """Give each message a vector of length 1 (向量化); their products say how alike they are."""
    wholes = _weighed(messages.wholes, rarity.wholes)
    heads = _weighed(messages.heads, rarity.heads)
    parts = hstack([wholes, heads * np.float32(TITLE_WEIGHT**0.5)])
    return csr_matrix(parts / np.float32((1 + TITLE_WEIGHT) ** 0.5))


def alike(rows: csr_matrix, others: csr_matrix) -> Numbers:
    """Compare vectors (两两相似度), by row and column from 0 to 1."""
    return np.asarray((rows @ others.T).toarray(), dtype=np.float32)


def to_first(messages: Messages, rarity: Rarity) -> NDArray[np.float64]:
    """Tell how alike the first of some messages and each of the others are (相似度)."""
    said = vectors(messages, rarity)
    likeness = alike(said, said[1:])
    others = likeness[1:]
    np.fill_diagonal(others, 0)
    return with_nearest(likeness[0], others).astype(np.float64)


def with_nearest(row: Numbers, likeness: Numbers) -> Numbers:
    """Add to a message's likeness to some what the nearest of them resemble (近邻佐证)."""
    near = best(row, NEAREST)
    return row + NEAREST_WEIGHT * likeness[near].mean(axis=0) if near else row


def best(row: Numbers, most: int) -> list[int]:
    """Give the places of the most alike (最相似), the first of equal ones first."""
    order = np.argsort(-row, kind="stable")[:most]
    return [int(at) for at in order if row[at] > 0]


def _terms(
    messages: int,
    at: NDArray[np.intp],
    term: NDArray[np.uint64],
    times: NDArray[np.float64],
) -> Terms:
    cells, place = np.unique(at.astype(np.uint64) << _TERM_BITS | term, return_inverse=True)
    return Terms(
        messages,
        (cells >> _TERM_BITS).astype(np.intp),
        cells & ((np.uint64(1) << _TERM_BITS) - np.uint64(1)),
        np.bincount(place, times, minlength=len(cells)).astype(np.float64),
    )


def _weighed(terms: Terms, known: Known) -> csr_matrix:
    weights = (1 + np.log(terms.times)) * known.idf(terms.term)
    lengths = np.sqrt(np.bincount(terms.at, weights**2, minlength=terms.messages))
    names, columns = np.unique(terms.term, return_inverse=True)
    values = (weights / lengths[terms.at]).astype(np.float32)
    return csr_matrix((values, (terms.at, columns)), shape=(terms.messages, max(len(names), 1)))
