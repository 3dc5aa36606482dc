"""Which matter a demand may be about (事项建议): by the model, by keywords, on all levels."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from city import selectors as city
from city.models import Category
from tickets.routing import keywords
from tickets.routing.findings import CategoryGuess
from tickets.routing.voices import BEST as VOICES
from tickets.routing.voices import Voice, voices

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.classifier import Classifier, Guess, Reading

BEST = 3
WITHOUT_MODEL = 0.5
SHOWN = 4


def matters(texts: Sequence[str], classifier: "Classifier | None") -> list[list[CategoryGuess]]:
    """Guess the matters of texts with their evidence (事项建议), by keywords without a model."""
    return read(texts, classifier).categories


@dataclass(frozen=True)
class Read:
    """What was read from some texts: for each its matters, other levels, and its voices."""

    categories: list[list[CategoryGuess]]
    fields: list[CategoryGuess | None]
    voices: list[list[Voice]]
    cases: list[Voice | None]
    """The learned case of the best matter, how sure within it, and its words."""


def read(texts: Sequence[str], classifier: "Classifier | None") -> Read:
    """Guess the second level of each text and the first, and hear its words (二级和一级事项).

    Matters that are newer than the model are guessed from their keywords beside its guesses.
    """
    reading = classifier.read(texts) if classifier else None
    if classifier is None or reading is None:
        guesses = [_by_keywords(text) for text in texts]
        above: Sequence[Guess | None] = [None] * len(texts)
        spoken: list[list[Voice]] = [[] for _ in texts]
        weighed: list[list[list[str]]] = [[[] for _ in best] for best in guesses]
    else:
        guesses, above = reading.matters(BEST)
        weighed = reading.evidence(guesses)
        spoken = _voices(reading)
        _add_new(texts, guesses, weighed, classifier.model.labels)
    codes = {guess.label for best in [*guesses, above] for guess in best if guess}
    rows = Category.objects.filter(code__in=codes).select_related("parent")
    known = {row.code: city.living_matter(row) for row in rows}
    known = {code: row for code, row in known.items() if row.active}
    found = [
        _categories(text, zip(best, words, strict=True), known)
        for text, best, words in zip(texts, guesses, weighed, strict=True)
    ]
    fields = [_field(guess, known) for guess in above]
    return Read(found, fields, spoken, [_case(reading, n, best) for n, best in enumerate(found)])


def _case(reading: "Reading | None", at: int, best: Sequence[CategoryGuess]) -> Voice | None:
    case = reading.case(at, best[0].category.code) if reading and best else None
    return Voice(case[0].label, case[0].confidence, case[1]) if case else None


def _voices(reading: "Reading") -> list[list[Voice]]:
    """Hear the units that the words speak for, where the version learned any."""
    found, opinion = reading.units(VOICES), reading.by.units
    words = reading.evidence(found, opinion.model if opinion else None)
    return [voices(*pair) for pair in zip(found, words, strict=True)]


def _field(guess: "Guess | None", known: dict[str, Category]) -> CategoryGuess | None:
    if guess is None or guess.label not in known:
        return None
    return CategoryGuess(known[guess.label], round(guess.confidence, 3), [])


def _add_new(
    texts: Sequence[str],
    guesses: "list[list[Guess]]",
    weighed: list[list[list[str]]],
    labels: Sequence[str],
) -> None:
    """Add matters that the model has not learned yet, behind what it is surer of (新增事项)."""
    new = frozenset(code for codes in keywords.vocabulary().codes.values() for code in codes)
    new -= frozenset(labels)
    for text, best, words in zip(texts, guesses, weighed, strict=True) if new else ():
        for guess in _by_keywords(text, new):
            at = sum(other.confidence >= guess.confidence for other in best)
            best.insert(at, guess)
            words.insert(at, [])
        del best[BEST:], words[BEST:]


def _by_keywords(text: str, only: Container[str] | None = None) -> "list[Guess]":
    """Guess from keywords alone, as long as no model is trained; never sure."""
    from tickets.routing.classifier import Guess  # sklearn takes seconds to load

    known = keywords.vocabulary()
    claims = {
        code: sum(len(w) / len(known.codes[w]) for w in words)
        for code, words in known.hits(text).items()
    }
    total = sum(claims.values())
    best = sorted(claims, key=lambda code: -claims[code])[:BEST]
    sure = {code: WITHOUT_MODEL * claims[code] / total for code in best}
    return [Guess(code, sure[code]) for code in best if only is None or code in only]


def _categories(
    text: str, guesses: "Iterable[tuple[Guess, list[str]]]", known: dict[str, Category]
) -> list[CategoryGuess]:
    """Dress guesses with their evidence: keywords of the matter, words that the model weighed."""
    hits = keywords.vocabulary().hits(text)
    found: dict[int, CategoryGuess] = {}
    for guess, weighed in guesses:
        if guess.label not in known:
            continue
        matter = known[guess.label]
        said = hits.get(matter.code, [])[:SHOWN]
        reasons = [f"命中事项关键词：{'、'.join(said)}"] if said else []
        if weighed:
            reasons.append(f"与该事项历史用语相近：{'、'.join(weighed[:SHOWN])}")
        words = [*said, *weighed]
        before = found.pop(matter.pk, None)  # guessed by the name of one that was merged into it
        sure = round(guess.confidence + (before.confidence if before else 0), 3)
        found[matter.pk] = before or CategoryGuess(matter, sure, reasons, words, said)
        found[matter.pk] = replace(found[matter.pk], confidence=sure)
    return sorted(found.values(), key=lambda guess: -guess.confidence)
