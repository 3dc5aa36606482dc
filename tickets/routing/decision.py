"""Decides whether a demand may go to its unit without a person (自动派单判断), and says why.

It may where the calibrated confidence reaches the threshold, keywords and similar tickets agree, a
duty row names the unit, the place is known (or the unit serves the whole city), and nothing speaks
for a person: danger, threats, many people, a 举报, confidentiality, a unit's own conduct.
"""

from collections.abc import Mapping, Sequence

from city.models import Parameter, Region
from city.selectors import number
from tickets.routing.door import Door
from tickets.routing.findings import (
    CategoryGuess,
    Decision,
    Neighbours,
    Part,
    UnitGuess,
    Words,
)
from tickets.routing.hazards import Hazard, group_words, threat_words
from tickets.routing.rules import Verdict
from tickets.routing.store import Live
from tickets.workflow import Kind, Urgency

SHOWN = 4
NO_PLACE = "未说明地点，或地点有重名"


def decide(
    categories: Sequence[CategoryGuess],
    units: Sequence[UnitGuess],
    region: Region | None,
    neighbours: Neighbours,
    live: Live | None,
    paused: Mapping[str, str],
) -> Decision:
    """Decide (派单判断): dispatch, or leave it to a person with what is missing."""
    if not units or not (categories or units[0].rule):
        missing = [] if region else [NO_PLACE]
        return Decision(False, None, ["没有找到匹配的事项或单位，建议人工判断", *missing])
    unit = units[0]
    if unit.rule and unit.recused is None:
        return Decision(True, unit.department, unit.reasons)
    first = categories[0]
    doubts = [
        *doubts_of_matter(first, live),
        *_pauses(first, paused),
        *_doubts_of_neighbours(first, unit, neighbours),
        *_doubts_of_unit(unit, first, region),
    ]
    if doubts:
        sure = 100 * unit.confidence >= number(Parameter.Name.ROUTING_UNSURE)
        return Decision(False, unit.department, doubts, sure)
    return Decision(True, unit.department, [*first.reasons, *unit.reasons])


def hold(
    decision: Decision,
    demand: Words,
    hazard: Hazard,
    kind: str,
    door: Door,
    rules: Verdict,
    parts: Sequence[Part] = (),
) -> Decision:
    """Leave to a person what always goes to one first (须人工), however sure the matching is."""
    calls = [*rules.holds, *_of_nature(demand, kind), *_of_danger(demand, hazard), *_of_door(door)]
    if parts:
        named = "、".join(part.guess.category.name for part in parts)
        calls.append(f"疑似含 {len(parts)} 件事（{named}），建议拆单")
    if not calls:
        return decision
    why = calls if decision.auto else [*calls, *decision.why]
    return Decision(False, decision.unit, why, sure=decision.auto or decision.sure)


def doubts_of_matter(first: CategoryGuess, live: Live | None) -> list[str]:
    """List what is not sure about the matter (事项存疑): too low a confidence, no keyword."""
    if live is None:
        return ["分类模型尚未训练，仅按关键词给出建议"]
    doubts, threshold = [], live.threshold(first.category.code)
    if first.confidence < threshold:
        doubts.append(_too_unsure(first.confidence, threshold))
    if not first.keywords:
        doubts.append("没有命中该事项的关键词，缺少独立佐证")
    return doubts


def _pauses(first: CategoryGuess, paused: Mapping[str, str]) -> list[str]:
    """Say where the platform lost its authority (自动派单暂停): of this matter, or of all."""
    return [paused[code] for code in (first.category.code, "") if code in paused]


def _too_unsure(confidence: float, threshold: float) -> str:
    if threshold > 1:
        return f"分类把握 {confidence:.2f}；模型在新说法上尚未达到期望准确率，暂不自动派单"
    return f"分类把握不足 {confidence:.2f} < {threshold:.2f}"


def _doubts_of_neighbours(
    first: CategoryGuess, unit: UnitGuess, neighbours: Neighbours
) -> list[str]:
    """Doubt what similar tickets contradict; where there are none, they say nothing."""
    if not neighbours.tickets:
        return []
    agree = neighbours.of_unit(unit.department) or neighbours.of_matter(first.category)
    return [] if agree else ["最相近的历史工单属于其他事项和单位，缺少独立佐证"]


def _doubts_of_unit(unit: UnitGuess, first: CategoryGuess, region: Region | None) -> list[str]:
    doubts = []
    if unit.recused is not None:
        doubts.append(f"诉求反映{unit.recused.name}自身问题，须回避并由人工派单")
    if first.category.code not in unit.matters:
        doubts.append(f"{first.category.name}没有对应的承办单位")
    if unit.duty.item is None:
        doubts.append("派单目录没有对应条目")
    if region is None and not (unit.duty.citywide and first.category.code in unit.matters):
        doubts.append(NO_PLACE)
    return doubts


def _of_nature(demand: Words, kind: str) -> list[str]:
    if Kind.REPORT in {demand.kind, kind} or demand.confidential:
        return ["举报或保密诉求须人工派单"]
    return []


def _of_door(door: Door) -> list[str]:
    if not door.unusual:
        return []
    return [f"受理建议“{door.label}”：{'、'.join(door.words[:SHOWN])}"]


def _of_danger(demand: Words, hazard: Hazard) -> list[str]:
    calls = []
    if hazard.urgency != Urgency.NORMAL:
        calls.append(f"疑似险情：{'、'.join(hazard.words)}")
    for label, words in (("扬言", threat_words(demand.all)), ("群体诉求", group_words(demand.all))):
        if words:
            calls.append(f"疑似{label}：{'、'.join(words[:SHOWN])}")
    return calls
