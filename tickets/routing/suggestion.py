"""Puts the evidence together: matter, place, unit, kind, urgency, and what follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts import vocabulary
from accounts.models import Department
from accounts.selectors import living
from city import selectors as city
from city.models import Category, Region
from city.places import PlaceHit
from search import engine
from search.query import Permission
from tickets import indexes
from tickets.models import Ticket
from tickets.routing import authority, keywords, store
from tickets.routing.decision import decide, hold
from tickets.routing.door import door_of
from tickets.routing.duties import Duty, duty_for
from tickets.routing.findings import CategoryGuess, Neighbours, Suggestion, UnitGuess, Words
from tickets.routing.hazards import hazard_of
from tickets.routing.kinds import kind_of
from tickets.routing.recusal import conduct_words, superior_of
from tickets.routing.rules import Case, Match, verdict
from tickets.routing.signs import Signs, signs_of
from tickets.routing.store import Live

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.classifier import Classifier, Guess

BEST = 3
NEIGHBOURS = 5
WEIGHED = 60  # candidates; 200 give other neighbours in 4 of 100 and cost a third more
WEAK = 0.05  # a guess below leads to no second unit
WITHOUT_MODEL = 0.5
SHOWN = 4
RECUSED = 0.5
"""How much of its confidence a unit above keeps that stands in for the one complained of."""


def suggest(
    text: str,
    title: str = "",
    *,
    place: str = "",
    region: Region | None = None,
    kind: str = "",
    confidential: bool = False,
) -> Suggestion:
    """Suggest matter and unit for a demand (匹配建议), with evidence, however little there is."""
    return suggest_many([Words(text, title, place, region, kind, confidential)])[0]


def suggest_many(demands: Sequence[Words]) -> list[Suggestion]:
    """Suggest for many demands at once (批量匹配): texts are cut and weighed in one go."""
    if not demands:
        return []
    vocabulary.refresh()
    live = store.current()
    texts = [demand.all for demand in demands]
    found = matters(texts, live.classifier if live else None)
    paused = authority.paused()
    return [
        _suggestion(demand, categories, neighbours, live, paused)
        for demand, categories, neighbours in zip(demands, found, _neighbours(texts), strict=True)
    ]


def matters(texts: Sequence[str], classifier: "Classifier | None") -> list[list[CategoryGuess]]:
    """Guess the matters of texts with their evidence (事项建议), by keywords without a model."""
    if classifier is None:
        guesses = [_by_keywords(text) for text in texts]
        weighed: list[list[list[str]]] = [[[] for _ in best] for best in guesses]
    else:
        guesses = classifier.guesses(texts, BEST)
        weighed = classifier.evidence(texts, guesses)
    codes = {guess.label for best in guesses for guess in best}
    known = {row.code: row for row in Category.objects.filter(code__in=codes)}
    return [
        _categories(text, zip(best, words, strict=True), known)
        for text, best, words in zip(texts, guesses, weighed, strict=True)
    ]


def _by_keywords(text: str) -> "list[Guess]":
    """Guess from keywords alone, as long as no model is trained; never sure."""
    from tickets.routing.classifier import Guess  # sklearn takes seconds to load

    known = keywords.vocabulary()
    claims = {
        code: sum(len(w) / len(known.codes[w]) for w in words)
        for code, words in known.hits(text).items()
    }
    total = sum(claims.values())
    best = sorted(claims, key=lambda code: -claims[code])[:BEST]
    return [Guess(code, WITHOUT_MODEL * claims[code] / total) for code in best]


def _categories(
    text: str, guesses: "Iterable[tuple[Guess, list[str]]]", known: dict[str, Category]
) -> list[CategoryGuess]:
    """Dress guesses with their evidence: keywords of the matter, words that the model weighed."""
    hits = keywords.vocabulary().hits(text)
    found = []
    for guess, weighed in guesses:
        if guess.label not in known:
            continue
        said = hits.get(guess.label, [])[:SHOWN]
        reasons = [f"命中事项关键词：{'、'.join(said)}"] if said else []
        if weighed:
            reasons.append(f"与该事项历史用语相近：{'、'.join(weighed[:SHOWN])}")
        words = [*said, *weighed]
        sure = round(guess.confidence, 3)
        found.append(CategoryGuess(known[guess.label], sure, reasons, words, said))
    return found


def _suggestion(
    demand: Words,
    categories: list[CategoryGuess],
    neighbours: Neighbours,
    live: Live | None,
    paused: Mapping[str, str],
) -> Suggestion:
    place = _place(demand)
    region = demand.region or (place.region if place and not place.ambiguous else None)
    signs = signs_of(demand.all, confidential=demand.confidential, anonymous=demand.anonymous)
    rules = verdict(_case(demand, categories, region, signs))
    units = _units(demand.all, categories, region, neighbours)
    units = [_recused(demand.all, guess) for guess in _ruled(units, rules.leading, neighbours)]
    hazard, door = hazard_of(demand.all), door_of(demand.all)
    kind, kind_words = kind_of(demand.all)
    decision = decide(categories, units, region, neighbours, live, paused)
    decision = hold(decision, demand, hazard, kind, door, rules)
    version = live.version if live else ""
    said = (kind, kind_words, version, door, signs, rules)
    return Suggestion(categories, units, place, region, hazard, decision, *said)


def _case(
    demand: Words, categories: Sequence[CategoryGuess], region: Region | None, signs: Signs
) -> Case:
    return Case(
        text=demand.all,
        category=demand.category or (categories[0].category if categories else None),
        line=city.region_line(region) if region else [],
        place=demand.place,
        source=demand.source,
        at=demand.at or timezone.now(),
        signs=signs,
    )


def _ruled(
    units: list[UnitGuess], leading: Match | None, neighbours: Neighbours
) -> list[UnitGuess]:
    """Put the unit that a rule names before all others."""
    named = leading.rule.department if leading else None
    if leading is None or named is None:
        return units
    unit = living(named)
    same = next((guess for guess in units if guess.department == unit), None)
    reasons = [leading.reason, *(same.reasons if same else _history(unit, neighbours))]
    duty = same.duty if same else Duty(unit, leading.reason)
    matters = same.matters if same else []
    first = UnitGuess(unit, 1.0, reasons, duty, matters, rule=leading.rule.name)
    return [first, *(guess for guess in units if guess.department != unit)]


def _place(demand: Words) -> PlaceHit | None:
    """Find the most exact place, in the field made for it first."""
    for words in (demand.place, demand.all):
        found = city.find_places(words) if words else []
        if found:
            return found[0]
    return None


def _neighbours(texts: Sequence[str]) -> list[Neighbours]:
    """Find the nearest past tickets that have a unit; without the engine there are none."""
    everything = Permission.everything()
    try:
        hits = [indexes.nearest(text, everything, NEIGHBOURS, candidates=WEIGHED) for text in texts]
    except engine.Unavailable:
        return [Neighbours(degraded=True)] * len(texts)
    near = [[int(hit.id) for hit in found] for found in hits]
    rows = Ticket.objects.exclude(lead=None).select_related("category", "lead").defer("text")
    known = rows.in_bulk({pk for found in near for pk in found})
    return [Neighbours([known[pk] for pk in found if pk in known]) for found in near]


def _units(
    text: str,
    categories: Iterable[CategoryGuess],
    region: Region | None,
    neighbours: Neighbours,
) -> list[UnitGuess]:
    """Find the unit of each matter guessed; one unit for several matters adds up."""
    found: dict[int, UnitGuess] = {}
    for guess in categories:
        duty = duty_for(guess.category, region, text)
        if duty is None or (found and guess.confidence < WEAK):
            continue
        unit = duty.department
        before = found.get(unit.pk) or UnitGuess(unit, 0.0, _history(unit, neighbours), duty, [])
        found[unit.pk] = UnitGuess(
            unit,
            round(min(before.confidence + guess.confidence, 1.0), 3),
            [duty.reason, *(r for r in before.reasons if r != duty.reason)],
            before.duty,
            [*before.matters, guess.category.code],
        )
    return sorted(found.values(), key=lambda guess: -guess.confidence)


def _history(unit: Department, neighbours: Neighbours) -> list[str]:
    if neighbours.degraded:
        return ["检索暂不可用，未参考相似工单"]
    same = neighbours.of_unit(unit)
    return [f"最相近的 {len(neighbours.tickets)} 件中 {same} 件由其承办"] if same else []


def _recused(text: str, guess: UnitGuess) -> UnitGuess:
    """Put the unit above in the place of a unit whose own conduct is complained of (回避)."""
    words = conduct_words(text, guess.department)
    above = superior_of(guess.department) if words else None
    if above is None:
        return guess
    reason = f"回避：诉求反映{guess.department.name}自身（{'、'.join(words)}），转其上级"
    sure = round(guess.confidence * RECUSED, 3)
    return replace(
        guess, department=above, confidence=sure, reasons=[reason], recused=guess.department
    )
