"""Which units may be responsible (承办单位建议): duty list, past, words, like tickets as one.

A matter's probability goes to the unit of the duty list, to those that had such tickets before, by
their numbers, and to those that the words speak for; what is left to no matter goes where the most
similar tickets went. What weighs how much is a row that an administrator edits (业务参数).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from accounts.models import Department
from accounts.selectors import living
from city import selectors as city
from city.models import Parameter, Region
from tickets.routing.duties import Duty, duty_for, in_use
from tickets.routing.findings import CategoryGuess, Neighbours, UnitGuess
from tickets.routing.recusal import conduct_words, superior_of
from tickets.routing.rules import Match
from tickets.routing.voices import Heard, Voice, heard
from tickets.routing.went import Went, where_it_went

LEAST = 0.01
RECUSED = 0.5
"""How much of its confidence a unit above keeps that stands in for the one complained of."""


@dataclass
class Claim:
    """What speaks for one unit so far."""

    duty: Duty
    sure: float = 0.0
    reasons: list[str] = field(default_factory=list)
    matters: list[str] = field(default_factory=list)

    def add(self, sure: float, reason: str) -> None:
        """Add a probability with its reason."""
        self.sure += sure
        self.reasons += [reason] if reason not in self.reasons else []


Claims = dict[Department, Claim]


def candidates(
    text: str,
    categories: Iterable[CategoryGuess],
    region: Region | None,
    neighbours: Neighbours,
    past: Went,
    said: Iterable[Voice] = (),
) -> list[UnitGuess]:
    """Weigh the units that may be responsible (候选单位), the likeliest first."""
    claims: Claims = {}
    left = 1.0
    spoken = _weighed(heard(said, region))
    for guess in categories:
        duty = duty_for(guess.category, region, text)
        if duty is not None:
            left -= guess.confidence
            counts = where_it_went(past, guess.category.code, region, in_use())
            _claim(claims, guess, duty, counts, spoken)
    _near(claims, max(left, 0.0), neighbours, region, spoken)
    found = [
        UnitGuess(unit, round(min(claim.sure, 1.0), 3), claim.reasons, claim.duty, claim.matters)
        for unit, claim in claims.items()
        if claim.sure >= LEAST
    ]
    return sorted(found, key=lambda guess: -guess.confidence)


Spoken = Sequence[tuple[Heard, float]]
"""Units that the words speak for, each with how many past tickets that weighs as much as."""


def _weighed(found: Iterable[Heard]) -> Spoken:
    weight = city.number(Parameter.Name.ROUTING_WORDS)
    return [(row, row.sure * weight) for row in found]


def _claim(
    claims: Claims, guess: CategoryGuess, duty: Duty, counts: Counter[Department], spoken: Spoken
) -> None:
    """Share a matter's probability between the duty's unit, where it went, and what is said."""
    name = Parameter.Name.ROUTING_FIRM if duty.item else Parameter.Name.ROUTING_LOOSE
    weight, named, past = city.number(name), duty.department, counts.total()
    total = weight + past + sum(weight for _, weight in spoken)
    if not total:
        return
    named_too = [unit for unit in counts if unit != named and _same_line(unit, named)]
    had = counts[named] + sum(counts.pop(unit) for unit in named_too)
    claim = claims.setdefault(named, Claim(duty))
    claim.add(guess.confidence * (weight + had) / total, duty.reason)
    claim.matters.append(guess.category.code)
    shares = {named: had} if had else {}
    for unit, count in (shares | dict(counts)).items():
        said = f"同类 {count}/{past} 件由其办结"
        other = claims.setdefault(unit, Claim(Duty(unit, said)))
        other.add(0.0 if unit == named else guess.confidence * count / total, said)
        other.matters += [code for code in [guess.category.code] if code not in other.matters]
    for row, heft in spoken:
        unit = named if _same_line(row.unit, named) else row.unit
        _hear(claims, unit, row.reason, guess.confidence * heft / total)


def _hear(claims: Claims, unit: Department, reason: str, sure: float) -> None:
    claims.setdefault(unit, Claim(Duty(unit, reason))).add(sure, reason)


def _same_line(one: Department, other: Department) -> bool:
    """Tell whether one stands above the other: it handed the ticket on."""
    return one.path.startswith(other.path) or other.path.startswith(one.path)


def _near(
    claims: Claims, left: float, neighbours: Neighbours, region: Region | None, spoken: Spoken
) -> None:
    """Let what no matter claims go where the nearest tickets went, and to what is said."""
    if neighbours.degraded:
        for claim in claims.values():
            claim.add(0.0, "检索暂不可用，未参考相似工单")
    here = list(_here(neighbours, city.region_line(region) if region else []))
    unseen = city.number(Parameter.Name.ROUTING_UNSEEN)
    total = max(1.0, len(here) + unseen + sum(weight for _, weight in spoken))
    for unit in dict.fromkeys(here):
        count = here.count(unit)
        who = "其" if neighbours.of_unit(unit) == count else "其或别处的同类单位"
        said = f"最相近的 {len(neighbours.tickets)} 件中 {count} 件由{who}承办"
        claim = claims.setdefault(unit, Claim(Duty(unit, said)))
        claim.add(left * count / total, said)
    for row, weight in spoken:
        _hear(claims, row.unit, row.reason, left * weight / total)


def _here(neighbours: Neighbours, line: Sequence[Region]) -> Iterator[Department]:
    """Give the neighbours' units, of other districts their like of this one."""
    places = {region.pk for region in line}
    for ticket in neighbours.tickets:
        unit = living(ticket.lead) if ticket.lead else None
        if unit is None or not unit.active:
            continue
        if unit.citywide or unit.region_id in places:
            yield unit
            continue
        like = (u for u in in_use().values() if u.dept_type == unit.dept_type)
        near = next((u for u in like if u.region_id in places and u.kind == unit.kind), None)
        if near is not None:
            yield near


def ruled(units: list[UnitGuess], leading: Match | None) -> list[UnitGuess]:
    """Put the unit that a rule names before all others (规则优先)."""
    named = leading.rule.department if leading else None
    if leading is None or named is None:
        return units
    unit = living(named)
    same = next((guess for guess in units if guess.department == unit), None)
    reasons = [leading.reason, *(same.reasons if same else [])]
    duty = same.duty if same else Duty(unit, leading.reason)
    matters = same.matters if same else []
    first = UnitGuess(unit, 1.0, reasons, duty, matters, rule=leading.rule.name)
    return [first, *(guess for guess in units if guess.department != unit)]


def recused(text: str, guess: UnitGuess) -> UnitGuess:
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
