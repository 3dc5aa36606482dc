"""Puts the evidence together: matter, place, unit, urgency, and whether that is sure enough.

A demand is dispatched without a person only when the calibrated confidence reaches the threshold,
keywords agree, a duty row names the unit, the place is known (or the unit serves the whole city),
and nothing speaks for a person: danger, threats, many people, a 举报, confidentiality.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from accounts import vocabulary
from accounts.models import Department
from city import selectors as city
from city.models import Category, Region
from city.places import PlaceHit
from search import engine
from search.query import Permission
from tickets import indexes
from tickets.models import Ticket
from tickets.routing import keywords, store
from tickets.routing.classifier import Classifier, Guess
from tickets.routing.duties import Duty, duty_for
from tickets.routing.hazards import Hazard, group_words, hazard_of, threat_words
from tickets.workflow import Kind, Urgency

BEST = 3
NEIGHBOURS = 5
WITHOUT_MODEL = 0.5
SHOWN = 4


@dataclass(frozen=True)
class Words:
    """What is known of a demand when it is matched."""

    text: str
    title: str = ""
    place: str = ""
    region: Region | None = None
    kind: str = ""
    confidential: bool = False

    @property
    def all(self) -> str:
        """Title and text as one."""
        return f"{self.title}\n{self.text}".strip()


@dataclass(frozen=True)
class CategoryGuess:
    """A matter that the words may be about, with the words that say so."""

    category: Category
    confidence: float
    reasons: list[str]
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class UnitGuess:
    """A unit that may be responsible, with the rules that say so."""

    department: Department
    confidence: float
    reasons: list[str]
    duty: Duty
    matters: list[str]


@dataclass(frozen=True)
class Decision:
    """Whether the platform dispatches by itself, where to, and why or why not."""

    auto: bool
    unit: Department | None
    why: list[str]


@dataclass(frozen=True)
class Suggestion:
    """Everything the matching found, with its evidence."""

    categories: list[CategoryGuess]
    units: list[UnitGuess]
    place: PlaceHit | None
    region: Region | None
    hazard: Hazard
    decision: Decision
    model_version: str = ""

    @property
    def urgency(self) -> str:
        """The urgency that the words suggest."""
        return self.hazard.urgency


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
    """Suggest for many demands at once: the texts are cut and weighed in one go."""
    vocabulary.refresh()
    live = store.current()
    texts = [demand.all for demand in demands]
    guesses = live[1].guesses(texts, BEST) if live else [_by_keywords(text) for text in texts]
    codes = {guess.label for best in guesses for guess in best}
    known = {row.code: row for row in Category.objects.filter(code__in=codes)}
    return [
        _suggestion(demand, [g for g in best if g.label in known], known, live)
        for demand, best in zip(demands, guesses, strict=True)
    ]


def _by_keywords(text: str) -> list[Guess]:
    """Guess from keywords alone, as long as no model is trained; never sure."""
    hits = keywords.vocabulary().hits(text)
    claims = {
        code: sum(len(w) / len(keywords.vocabulary().codes[w]) for w in words)
        for code, words in hits.items()
    }
    total = sum(claims.values())
    best = sorted(claims, key=lambda code: -claims[code])[:BEST]
    return [Guess(code, WITHOUT_MODEL * claims[code] / total) for code in best]


def _suggestion(
    demand: Words,
    guesses: Sequence[Guess],
    known: dict[str, Category],
    live: tuple[str, Classifier] | None,
) -> Suggestion:
    place = _place(demand)
    region = demand.region or (place.region if place and not place.ambiguous else None)
    hits = keywords.vocabulary().hits(demand.all)
    neighbours = _neighbours(demand.all)
    classifier = live[1] if live else None
    categories = [_category(g, known[g.label], demand, hits, classifier) for g in guesses]
    units = _units(categories, region, neighbours)
    hazard = hazard_of(demand.all)
    decision = _decide(demand, categories, units, region, hazard, hits, classifier)
    version = live[0] if live else ""
    return Suggestion(categories, units, place, region, hazard, decision, version)


def _place(demand: Words) -> PlaceHit | None:
    """Find the most exact place, in the field made for it first."""
    for words in (demand.place, demand.all):
        found = city.find_places(words) if words else []
        if found:
            return found[0]
    return None


def _category(
    guess: Guess,
    category: Category,
    demand: Words,
    hits: dict[str, list[str]],
    classifier: Classifier | None,
) -> CategoryGuess:
    """Dress a guess with its evidence: keywords of the matter, words that the model weighed."""
    said = hits.get(guess.label, [])[:SHOWN]
    weighed = classifier.evidence(demand.all, guess.label) if classifier else []
    reasons = [f"命中事项关键词：{'、'.join(said)}"] if said else []
    if weighed:
        reasons.append(f"与该事项历史用语相近：{'、'.join(weighed[:SHOWN])}")
    return CategoryGuess(category, round(guess.confidence, 3), reasons, [*said, *weighed])


def _neighbours(text: str) -> list[Ticket]:
    """The nearest past tickets that have a unit; none while the engine is out of reach."""
    try:
        hits = indexes.nearest(text, Permission.everything(), NEIGHBOURS)
    except engine.Unavailable:
        return []
    rows = Ticket.objects.exclude(lead=None).in_bulk([int(hit.id) for hit in hits])
    return list(rows.values())


def _units(
    categories: Iterable[CategoryGuess], region: Region | None, neighbours: Sequence[Ticket]
) -> list[UnitGuess]:
    """Find the unit of each matter guessed; one unit for several matters adds up."""
    found: dict[int, UnitGuess] = {}
    for guess in categories:
        duty = duty_for(guess.category, region)
        if duty is None:
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


def _history(unit: Department, neighbours: Sequence[Ticket]) -> list[str]:
    same = sum(ticket.lead_id == unit.pk for ticket in neighbours)
    return [f"最相近的 {len(neighbours)} 件中 {same} 件由其承办"] if same else []


def _decide(
    demand: Words,
    categories: Sequence[CategoryGuess],
    units: Sequence[UnitGuess],
    region: Region | None,
    hazard: Hazard,
    hits: dict[str, list[str]],
    classifier: Classifier | None,
) -> Decision:
    if not categories or not units:
        missing = [] if region else ["未说明地点，或地点有重名"]
        return Decision(False, None, ["没有找到匹配的事项或单位，建议人工判断", *missing])
    first, unit = categories[0], units[0]
    doubts = [
        *_doubts_of_matter(first, hits, classifier),
        *_doubts_of_unit(unit, first, region),
        *_calls_for_a_person(demand, hazard),
    ]
    if doubts:
        return Decision(False, unit.department, doubts)
    return Decision(True, unit.department, [*first.reasons, *unit.reasons])


def _doubts_of_matter(
    first: CategoryGuess, hits: dict[str, list[str]], classifier: Classifier | None
) -> list[str]:
    if classifier is None:
        return ["分类模型尚未训练，仅按关键词给出建议"]
    doubts = []
    if first.confidence < classifier.threshold:
        doubts.append(f"分类把握 {first.confidence:.2f}，未达到门槛 {classifier.threshold:.2f}")
    if first.category.code not in hits:
        doubts.append("没有命中该事项的关键词，缺少独立佐证")
    return doubts


def _doubts_of_unit(unit: UnitGuess, first: CategoryGuess, region: Region | None) -> list[str]:
    doubts = []
    if first.category.code not in unit.matters:
        doubts.append(f"{first.category.name}没有对应的承办单位")
    if unit.duty.item is None:
        doubts.append("派单目录没有对应条目")
    if region is None and not (unit.duty.citywide and first.category.code in unit.matters):
        doubts.append("未说明地点，或地点有重名")
    return doubts


def _calls_for_a_person(demand: Words, hazard: Hazard) -> list[str]:
    """List what always goes to a person first (须人工)."""
    doubts = []
    if demand.kind == Kind.REPORT or demand.confidential:
        doubts.append("举报或保密诉求须人工派单")
    if hazard.urgency != Urgency.NORMAL:
        doubts.append(f"疑似险情：{'、'.join(hazard.words)}")
    for label, words in (("扬言", threat_words(demand.all)), ("群体诉求", group_words(demand.all))):
        if words:
            doubts.append(f"疑似{label}：{'、'.join(words[:SHOWN])}")
    return doubts
