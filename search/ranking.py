"""One scorer over the candidates of either engine, so that both rank alike and are tuned alike.

BM25 is computed anew from words, bigrams and, where that helps, characters as separate fields, with
k1 and b of the kind of document, then once more with the query weighted by idf; a title that the
query covers counts too, and so does meaning where a query and its candidates were embedded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from search import embedding, signature
from search.analysis import Reading, Wanted, pinyin_keys
from search.backends.base import Candidate, Statistics
from search.backends.documents import number_of, repeats
from search.closeness import Asked, closeness
from search.embedding import Vector
from search.geo import metres, spot_of
from search.index import Index
from search.query import Closer, Decay, Reason

Numbers = NDArray[np.float64]

TITLE_WEIGHT = 0.5
PINYIN_WEIGHT = 1.0
BY_WORDS = "by_words"
"""The evidence that all others are weighed against."""
REASONS = 6
TINY = 1e-9
_WORDS, _CHARACTERS = 0, 2


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term of the query stands in each candidate, and how long those are."""

    terms: Mapping[str, int]
    """The column of each term."""
    counts: Numbers
    """By candidate, field, cut (words, bigrams, characters) and term."""
    lengths: Numbers
    """By candidate, field and cut."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What each term adds to the score of each candidate."""

    terms: Sequence[Wanted]
    counts: Numbers
    """By candidate, field and term; a field counts as much as its boost."""
    shares: Numbers
    """By candidate and term."""
    coverage: Numbers
    """By candidate and field: the share of the field's weight that the query covers."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place (排序结果), with its score and the reasons for it."""

    candidate: Candidate
    score: float
    reasons: Sequence[Reason]


class Ranking:
    """The candidates of one query, scored."""

    def __init__(
        self,
        index: Index,
        fields: Sequence[str],
        reading: Reading,
        statistics: Statistics,
        candidates: Sequence[Candidate],
        meaning: Vector | None = None,
    ) -> None:
        self.index = index
        self.fields = fields
        self._texts = [index.texts[name] for name in fields]
        self.candidates = candidates
        self._counts = counts = _counted(index, fields, reading, candidates)
        self._cuts = [
            self._shares(cut, counts, terms, statistics)
            for cut, terms in enumerate(reading.cuts[: _cuts(index)])
        ]
        named = [name for name in fields if index.texts[name].pinyin] if reading.pinyin else []
        self._spelt = [_spellings(named, reading, c) if named else [] for c in candidates]
        self.scores = self._scores()
        self.evidence = {BY_WORDS: self.scores.copy()}
        if meaning is not None:
            near = embedding.nearness(meaning, [c.vector for c in candidates])
            self._weigh({"meaning": near})

    def compare(self, reading: Reading, statistics: Statistics, title: Reading) -> None:
        """Add how close a whole message and each candidate are (切合度)."""
        asked = [
            _asked(cut, self._counts, terms, title.cuts[cut], statistics)
            for cut, terms in enumerate(reading.cuts[: _cuts(self.index)])
        ]
        self._weigh(closeness(*_held(self.index, self.candidates), asked))

    def liken(self, likeness: Numbers) -> None:
        """Order by how alike whole messages are (相似度), not by the words found in them."""
        self.evidence["alike"] = self.scores = likeness

    def prefer(self, decay: Decay | Closer) -> None:
        """Add what being near the wished moment or spot is worth (时间衰减、距离衰减)."""
        for at, candidate in enumerate(self.candidates):
            written = candidate.load().get(decay.field)
            if isinstance(written, str):
                self.scores[at] += decay.weight * 0.5 ** _halves(decay, written)

    def parts(self) -> dict[str, dict[str, float]]:
        """Tell what each candidate's score is made of (得分构成), by its id."""
        return {
            candidate.id: {name: float(found[at]) for name, found in self.evidence.items()}
            for at, candidate in enumerate(self.candidates)
        }

    def best(self, start: int, stop: int, distinct: str = "") -> list[Ranked]:
        """Give one page of the order (一页结果): best first, equal ones by id.

        Of those that share the value of the `distinct` field the first stays.
        """
        ids = [candidate.id for candidate in self.candidates]
        order = iter(sorted(range(len(ids)), key=lambda at: (-self.scores[at], ids[at])))
        kept = self._first_of_each(order, distinct) if distinct else order
        return [
            Ranked(self.candidates[at], float(self.scores[at]), self._reasons(at))
            for at in islice(kept, start, stop)
        ]

    def _first_of_each(self, order: Iterable[int], field: str) -> Iterator[int]:
        seen = set()
        for at in order:
            value = str(self.candidates[at].load().get(field))
            if value not in seen:
                seen.add(value)
                yield at

    def _weigh(self, evidence: Mapping[str, Numbers]) -> None:
        """Let each piece of evidence count as the kind of document has it."""
        self.evidence |= evidence
        for name, found in evidence.items():
            self.scores += getattr(self.index.kind.value, name) * found

    def _scores(self) -> Numbers:
        scores: Numbers = np.sum([c.shares.sum(axis=1) for c in self._cuts], axis=0)
        titles = [at for at, name in enumerate(self.fields) if self.index.texts[name].title]
        if titles:
            scores = scores + TITLE_WEIGHT * self._cuts[_WORDS].coverage[:, titles].max(axis=1)
        spelt = [sum(reason.weight for reason in reasons) for reasons in self._spelt]
        scores += np.array(spelt)
        return scores

    def _shares(
        self, cut: int, counts: Counts, terms: Sequence[Wanted], statistics: Statistics
    ) -> Shares:
        boosts = np.array([text.boost for text in self._texts])
        columns = [counts.terms[term.text] for term in terms]
        found = counts.counts[:, :, cut, :][:, :, columns]
        boosted = found * boosts[None, :, None]
        idf = _idf(statistics, cut, terms)
        length = counts.lengths[:, :, cut] @ np.array([repeats(t) for t in self._texts])
        whole_documents = len(self.fields) == len(self.index.texts)
        mean = statistics.mean_lengths[cut] if whole_documents else float(length.mean())
        full = _saturated(boosted.sum(axis=1), length / max(mean, 1.0), self.index)
        said = np.array([term.weight * term.count for term in terms])
        logged = np.array([term.weight * (1 + np.log(term.count)) for term in terms])
        weights = self.index.kind.value
        rare = _of_best(full * (idf * idf * logged))
        shares = _of_best(full * (idf * said)) + weights.rarity * rare
        shares *= (weights.words, 1.0, weights.characters)[cut]
        covered = (found > 0) @ idf
        rest = np.maximum(counts.lengths[:, :, cut] - (found > 0).sum(axis=2), 0)
        whole = covered + rest * (idf.mean() if len(terms) else 1.0)
        coverage = np.divide(covered, whole, out=np.zeros_like(covered), where=whole > 0)
        return Shares(terms, boosted, shares, coverage)

    def _reasons(self, at: int) -> list[Reason]:
        reasons = list(self._spelt[at])
        for cut in self._cuts[:_CHARACTERS]:
            if not reasons:
                reasons = _reasons_of(cut, at, self.fields)
        return reasons


def _halves(decay: Decay | Closer, written: str) -> float:
    """Tell how many half-lives, or half-ways, something is off."""
    if isinstance(decay, Closer):
        return metres(decay.spot, spot_of(written)) / decay.half_way
    away = abs(number_of(decay.at) - number_of(written))
    return away / (decay.half_life.total_seconds() * 1000)


def _cuts(index: Index) -> int:
    return _CHARACTERS + bool(index.kind.value.characters)


def _counted(
    index: Index, fields: Sequence[str], reading: Reading, candidates: Sequence[Candidate]
) -> Counts:
    """Count all terms in all candidates in one sweep over their hashes."""
    every = list(index.texts)
    cuts = _cuts(index)
    lengths, hashes = _held(index, candidates)
    texts = list(dict.fromkeys(w.text for terms in reading.cuts[:cuts] for w in terms))
    wanted = np.array([signature.hashed(text) for text in texts], dtype=np.uint32)
    order = np.argsort(wanted)
    sweep = _sweep(hashes, wanted[order])
    rows = np.repeat(np.arange(lengths.size), lengths.ravel())[sweep.at]
    cells = np.bincount(rows * len(texts) + sweep.column, minlength=lengths.size * len(texts))
    counts = cells.reshape(*lengths.shape, len(texts)).astype(np.float64)
    chosen = [every.index(name) for name in fields]
    return Counts(
        terms={texts[int(place)]: column for column, place in enumerate(order)},
        counts=counts[:, chosen],
        lengths=lengths[:, chosen].astype(np.float64),
    )


def _held(
    index: Index, candidates: Sequence[Candidate]
) -> tuple[NDArray[np.int64], signature.Hashes]:
    return signature.unpacked((c.signature for c in candidates), len(index.texts), _cuts(index))


def _asked(
    cut: int,
    counts: Counts,
    terms: Sequence[Wanted],
    title: Sequence[Wanted],
    statistics: Statistics,
) -> Asked:
    named = {term.text for term in title}
    known = [term for term in terms if statistics.holders[cut][term.text]]
    columns = [counts.terms[term.text] for term in known]
    return Asked(
        hashes=np.array([signature.hashed(term.text) for term in known], dtype=np.uint32),
        idf=_idf(statistics, cut, known),
        said=np.array([1 + np.log(term.count) for term in known]),
        heading=np.array([term.text in named for term in known], dtype=np.bool_),
        found=counts.counts[:, :, cut, :][:, :, columns].sum(axis=1),
    )


@dataclass(frozen=True, slots=True)
class _Sweep:
    at: NDArray[np.intp]
    column: NDArray[np.intp]


def _sweep(hashes: signature.Hashes, wanted: signature.Hashes) -> _Sweep:
    """Find where the wanted hashes stand; a table of their low bits spares most of the look-ups."""
    maybe = np.zeros(1 << 16, dtype=np.bool_)
    maybe[wanted & 0xFFFF] = True
    at = np.flatnonzero(maybe[hashes & 0xFFFF])
    column = np.searchsorted(wanted, hashes[at]).clip(max=max(len(wanted) - 1, 0))
    same = wanted[column] == hashes[at]
    return _Sweep(at[same], column[same])


def _saturated(found: Numbers, length: Numbers, index: Index) -> Numbers:
    """Let repetition count less and less, and long documents less than short ones."""
    k1, b = index.kind.value.k1, index.kind.value.b
    rest = k1 * (1 - b + b * length)[:, None]  # nothing, where there is not one term
    return found * (k1 + 1) / np.maximum(found + rest, TINY)


def _idf(statistics: Statistics, cut: int, terms: Sequence[Wanted]) -> Numbers:
    held = np.array([statistics.holders[cut][term.text] for term in terms], dtype=np.float64)
    return np.log1p((np.maximum(statistics.docs, held) - held + 0.5) / (held + 0.5))


def _of_best(shares: Numbers) -> Numbers:
    """Divide by the score of the best candidate."""
    best = float(shares.sum(axis=1).max(initial=0.0))
    return shares / best if best > 0 else shares


def _spellings(named: Sequence[str], reading: Reading, candidate: Candidate) -> list[Reason]:
    reasons = []
    for name in named:
        keys = pinyin_keys(str(candidate.load().get(name) or ""))
        for typed in reading.pinyin:
            weight = max((_nearness(typed, key) for key in keys), default=0.0)
            if weight:
                reasons.append(Reason(typed, name, weight))
    return reasons


def _nearness(typed: str, key: str) -> float:
    """Judge how much of a spelt name was typed."""
    return PINYIN_WEIGHT * len(typed) / len(key) if key.startswith(typed) else 0.0


def _reasons_of(cut: Shares, at: int, fields: Sequence[str]) -> list[Reason]:
    """Name the terms that weighed most, without those that are part of a longer one."""
    heaviest: Iterable[int] = np.argsort(-cut.shares[at], kind="stable")
    held = [column for column in heaviest if cut.shares[at, column] > 0]
    said = [(cut.terms[column].text, cut.terms[column].via) for column in held]
    reasons = (
        Reason(
            text,
            fields[int(cut.counts[at, :, column].argmax())],
            round(float(cut.shares[at, column]), 4),
            via,
        )
        for column, (text, via) in zip(held, said, strict=True)
        if not any(via == v and text != other and text in other for other, v in said)
    )
    return list(islice(reasons, REASONS))
