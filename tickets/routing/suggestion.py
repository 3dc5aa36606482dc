"""Puts the evidence together: matter, place, unit, kind, urgency, and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts import vocabulary
from city import selectors as city
from city.memo import steady
from city.models import Region
from city.places import PlaceHit
from search import engine
from search.query import Permission
from tickets import indexes
from tickets.models import Ticket
from tickets.routing import authority, store
from tickets.routing.decision import decide, hold
from tickets.routing.door import door_of
from tickets.routing.findings import CategoryGuess, Neighbours, Part, Suggestion, Words
from tickets.routing.hazards import hazard_of
from tickets.routing.kinds import kind_of
from tickets.routing.matters import matters, read
from tickets.routing.rules import Case, verdict
from tickets.routing.several import parts_of
from tickets.routing.signs import Signs, signs_of
from tickets.routing.store import Live
from tickets.routing.units import candidates, recused, ruled
from tickets.routing.voices import Voice

NEIGHBOURS, ASKED = 5, 9
"""So many count, of some more that are found: those that no unit has yet tell nothing."""
WEIGHED = 60  # candidates; 200 give other neighbours in 4 of 100 and cost a third more


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
    with steady():
        return _suggestions(demands)


def _suggestions(demands: Sequence[Words]) -> list[Suggestion]:
    live = store.current()
    classifier = live.classifier if live else None
    texts = [demand.all for demand in demands]
    found = read(texts, classifier)
    parts = parts_of(texts, lambda pieces: matters(pieces, classifier))
    read_of = (found.categories, found.fields, found.voices, found.cases)
    seen = map(Seen, *read_of, parts, _neighbours(texts))
    paused = authority.paused()
    return [_suggestion(*pair, live, paused) for pair in zip(demands, seen, strict=True)]


@dataclass(frozen=True)
class Seen:
    """What was found of one text alone: its matters, its parts, and tickets like it."""

    categories: list[CategoryGuess]
    broad: CategoryGuess | None
    voices: list[Voice]
    case: Voice | None
    parts: list[Part]
    neighbours: Neighbours


def _suggestion(
    demand: Words, seen: Seen, live: Live | None, paused: Mapping[str, str]
) -> Suggestion:
    categories, neighbours = seen.categories, seen.neighbours
    place = _place(demand)
    region = demand.region or (place.region if place and not place.ambiguous else None)
    signs = signs_of(demand.all, confidential=demand.confidential, anonymous=demand.anonymous)
    rules = verdict(_case(demand, categories, region, signs))
    past = live.classifier.past if live else None
    units = candidates(demand.all, categories, region, neighbours, past or {}, seen.voices)
    units = [recused(demand.all, guess) for guess in ruled(units, rules.leading)]
    hazard, door = hazard_of(demand.all), door_of(demand.all)
    kind, kind_words = kind_of(demand.all)
    decision = decide(categories, units, region, neighbours, live, paused)
    return Suggestion(
        text=demand.all,
        categories=categories,
        units=units,
        place=place,
        region=region,
        hazard=hazard,
        decision=hold(decision, demand, hazard, kind, door, rules, seen.parts),
        kind=kind,
        kind_words=kind_words,
        model_version=live.version if live else "",
        door=door,
        signs=signs,
        rules=rules,
        broad=seen.broad,
        case=seen.case,
        parts=seen.parts,
        neighbours=neighbours,
    )


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
        hits = [indexes.nearest(text, everything, ASKED, candidates=WEIGHED) for text in texts]
    except engine.Unavailable:
        return [Neighbours(degraded=True)] * len(texts)
    near = [[int(hit.id) for hit in found] for found in hits]
    rows = Ticket.objects.exclude(lead=None).select_related("category", "lead").defer("text")
    known = rows.in_bulk({pk for found in near for pk in found})
    had = [[known[pk] for pk in found if pk in known] for found in near]
    return [Neighbours(tickets[:NEIGHBOURS]) for tickets in had]
