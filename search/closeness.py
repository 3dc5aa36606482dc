"""How much a whole message and a document have to do with each other, beyond the words they share.

BM25 asks what a document says of the message. An answer says little else: most of what tells in it
stands in the message too, and it takes up the title. How telling the rest of a document is, is
judged among the candidates, so that phrases of courtesy count for nothing (docs/adr/0010).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.signature import Hashes

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """The terms of a message in one cut (words, bigrams, characters)."""

    hashes: Hashes
    idf: Numbers
    said: Numbers
    """How often each was said, logarithmically."""
    heading: NDArray[np.bool_]
    """Which of them stand in the title."""
    found: Numbers
    """How often each stands in each candidate."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What each candidate says in one cut: the sum of its terms' weights, and its length."""

    mass: Numbers
    norm: Numbers


def closeness(
    lengths: NDArray[np.int64], hashes: Hashes, asked: Sequence[Asked]
) -> dict[str, Numbers]:
    """Compare candidates beyond BM25 (切合度); lengths and hashes are those of search.signature.

    Named as search.index.Weights names what each counts.
    """
    rows = np.repeat(np.arange(lengths.size), lengths.ravel())
    candidate, _, cut_of = np.unravel_index(rows, lengths.shape)
    share, heading = np.zeros(len(lengths)), np.zeros(len(lengths))
    for cut, terms in enumerate(asked):
        mine = cut_of == cut
        told = _told(candidate[mine], hashes[mine], terms, len(lengths))
        there = terms.found > 0
        share += _ratio(there @ terms.idf, told.mass)
        title = np.where(terms.heading, terms.idf, 0.0)
        heading += (there @ title) / (title.sum() or 1.0)
    return {"share": share, "heading": heading, "likeness": _cosine(terms, told)}


def _told(candidate: NDArray[np.intp], hashes: Hashes, asked: Asked, most: int) -> _Told:
    cells, times = np.unique(candidate.astype(np.uint64) << 32 | hashes, return_counts=True)
    who = (cells >> 32).astype(np.intp)
    terms, place, holders = np.unique(
        cells.astype(np.uint32), return_inverse=True, return_counts=True
    )
    idf = np.log1p((most - holders + 0.5) / (holders + 0.5))
    at = np.searchsorted(terms, asked.hashes).clip(max=max(len(terms) - 1, 0))
    known = terms[at] == asked.hashes if len(terms) else np.zeros(len(at), dtype=np.bool_)
    idf[at[known]] = asked.idf[known]
    weight = idf[place]
    mass: Numbers = np.bincount(who, weight, minlength=most).astype(np.float64)
    squares = np.bincount(who, (weight * (1 + np.log(times))) ** 2, minlength=most)
    return _Told(mass, np.sqrt(squares))


def _cosine(asked: Asked, told: _Told) -> Numbers:
    query = asked.idf * asked.said
    counted = np.where(asked.found > 0, 1 + np.log(np.maximum(asked.found, 1)), 0.0)
    return _ratio((counted * asked.idf) @ query, told.norm * (np.linalg.norm(query) or 1.0))


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
