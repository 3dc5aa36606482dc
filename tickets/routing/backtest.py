"""Tries a candidate on the last weeks that it has not seen, beside the version in force (回测).

Each version has a twin that was trained the same way without its last weeks. The twins are what is
compared, so that neither side has seen a ticket that it is judged on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from accounts.models import Department
from city.memo import steady
from city.models import Category, Parameter
from city.selectors import number
from tickets.models import Ticket
from tickets.routing.feedback import Lesson
from tickets.routing.findings import CategoryGuess, Neighbours
from tickets.routing.matters import read
from tickets.routing.units import candidates
from tickets.routing.voices import Voice
from tickets.routing.went import Went

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.classifier import Classifier

FEWEST = 20
"""Fewer tickets prove nothing, neither over all nor of one unit."""
AT_MOST = 3
"""No more than one in so many lessons is held back; else the newest fifth is."""
NEWEST = 5
SHOWN = 100
GAIN, LOSS = Parameter.Name.PROMOTE_GAIN, Parameter.Name.PROMOTE_LOSS
Figures = dict[str, Any]
BINS = 10
Bin = tuple[float, float, int]
"""The mean confidence of some guesses, the share of them that was right, and how many."""


@dataclass(frozen=True)
class Side:
    """What one version says of the tickets: matter, confidence, unit, and whether it was right."""

    matters: list[str]
    sure: list[float]
    units: list[Department | None]
    right: list[bool] = field(default_factory=list)
    unit_right: list[bool] = field(default_factory=list)


def split(lessons: Sequence[Lesson], now: datetime) -> tuple[list[Lesson], list[Lesson]]:
    """Hold the last weeks back (留出最近几周): what came before, and they, the newest first."""
    since = now - timedelta(days=number(Parameter.Name.BACKTEST_DAYS))
    order = sorted(lessons, key=lambda lesson: (lesson.at, lesson.ticket), reverse=True)
    recent = sum(lesson.at >= since for lesson in order)
    if recent * AT_MOST > len(order):
        recent = len(order) // NEWEST
    return order[recent:], order[:recent]


def compare(
    candidate: "Classifier | None", live: "Classifier | None", unseen: Sequence[Lesson]
) -> Figures:
    """Judge both versions on the same tickets (回测对比); without enough of them say so."""
    if candidate is None or len(unseen) < FEWEST:
        return {"rows": len(unseen), "why": "最近的已确认工单太少，无法回测"}
    with steady():
        new = judge(candidate, unseen)
        old = judge(live, unseen) if live else None
    found: Figures = {
        "rows": len(unseen),
        "since": min(lesson.at for lesson in unseen).isoformat(),
        "until": max(lesson.at for lesson in unseen).isoformat(),
        "candidate": _figures(new),
    }
    return found | (_beside(new, old, unseen) if old else {"why": "没有可比的现用版本"})


def judge(classifier: "Classifier", lessons: Sequence[Lesson]) -> Side:
    """Let a version say its first guess of each ticket, and tell what was right (评判)."""
    found = read([row.text for row in lessons], classifier)
    side = Side([], [], [])
    for best, said, lesson in zip(found.categories, found.voices, lessons, strict=True):
        unit = _unit(best, said, lesson, classifier.past or {})
        code, sure = (best[0].category.code, best[0].confidence) if best else ("", 0.0)
        side.matters.append(code)
        side.sure.append(sure)
        side.units.append(unit)
        side.right.append(code == lesson.matter)
        side.unit_right.append(_same(unit, lesson.lead))
    return side


def _unit(
    best: Sequence[CategoryGuess], said: Sequence[Voice], lesson: Lesson, past: Went
) -> Department | None:
    """Name the unit that the version would suggest first; like tickets are left out: no index."""
    units = candidates(lesson.text, best, lesson.region, Neighbours(), past, said)
    return units[0].department if units else None


def _same(unit: Department | None, lead: Department | None) -> bool:
    """Tell whether a unit is the one that had it; one above or below it handed it on."""
    if unit is None or lead is None:
        return unit is lead
    return unit.path.startswith(lead.path) or lead.path.startswith(unit.path)


def _figures(side: Side) -> Figures:
    return {
        "accuracy": share(side.right),
        "unit_accuracy": share(side.unit_right),
        "coverage": coverage(side.sure, side.right, wished()),
    }


def wished() -> float:
    """Give the precision that dispatching by itself must hold (期望准确率)."""
    return number(Parameter.Name.ROUTING_PRECISION) / 100


def share(right: Sequence[bool]) -> float:
    """Give the share that is right, as percent with one digit more than is shown."""
    return round(100 * sum(right) / len(right), 2) if right else 0.0


def coverage(sure: Sequence[float], right: Sequence[bool], precision: float) -> float:
    """Give the largest share, surest first, that still has the precision (覆盖率), in percent."""
    order = sorted(range(len(sure)), key=lambda at: -sure[at])
    held, good = 0, 0
    for count, at in enumerate(order, 1):
        good += right[at]
        held = count if good >= precision * count else held
    return round(100 * held / len(order), 2) if order else 0.0


def bins(sure: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Sort guesses into tenths of confidence (校准): mean confidence, share right, count."""
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for pair in zip(sure, right, strict=True):
        groups[min(int(pair[0] * BINS), BINS - 1)].append(pair)
    return [
        (
            round(sum(p[0] for p in group) / len(group), 3),
            round(sum(p[1] for p in group) / len(group), 3),
            len(group),
        )
        for _, group in sorted(groups.items())
    ]


def _beside(new: Side, old: Side, unseen: Sequence[Lesson]) -> Figures:
    names = dict(Category.objects.filter(level=2).values_list("code", "name"))
    leads = [row.lead.name if row.lead else "" for row in unseen]
    units = _by(leads, old.unit_right, new.unit_right)
    matters = _by([names.get(row.matter, "") for row in unseen], old.right, new.right)
    changed = [at for at in range(len(unseen)) if new.matters[at] != old.matters[at]]
    return {
        "live": _figures(old),
        "units": units,
        "matters": matters,
        "worst_unit": max((_loss(row) for row in units if row[1] >= FEWEST), default=0.0),
        "changed": len(changed),
        "better": sum(new.right[at] and not old.right[at] for at in changed),
        "worse": sum(old.right[at] and not new.right[at] for at in changed),
        "changes": _changes(changed[:SHOWN], new, old, unseen, names),
    }


def _by(names: Iterable[str], before: Sequence[bool], after: Sequence[bool]) -> list[list[Any]]:
    """Count by unit or matter: its name, tickets, right before, right now; the largest first."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for name, was, is_ in zip(names, before, after, strict=True):
        row = found[name]
        row[0], row[1], row[2] = row[0] + 1, row[1] + was, row[2] + is_
    order = sorted(found.items(), key=lambda pair: -pair[1][0])
    return [[name, *counts] for name, counts in order if name]


def _loss(row: Sequence[Any]) -> float:
    """Tell by how many points a unit's tickets are matched worse than before."""
    rows, before, after = (float(count) for count in row[1:])
    return round(max(0.0, 100 * (before - after) / rows), 2)


def _changes(
    changed: Sequence[int],
    new: Side,
    old: Side,
    unseen: Sequence[Lesson],
    names: dict[str, str],
) -> list[list[str]]:
    """Name the tickets that would be matched otherwise: number, before, now, and in fact."""
    keys = [unseen[at].ticket for at in changed]
    numbers = dict(Ticket.objects.filter(pk__in=keys).values_list("pk", "number"))
    return [
        [numbers.get(unseen[at].ticket, ""), *(names.get(code, code) for code in codes)]
        for at in changed
        for codes in [(old.matters[at], new.matters[at], unseen[at].matter)]
    ]


def worth_it(figures: Figures) -> str:
    """Say why a candidate may go live by rule (自动启用规则), "" where a person must decide."""
    if "live" not in figures:
        return ""
    gain = figures["candidate"]["accuracy"] - figures["live"]["accuracy"]
    least, most = (number(name) / 10 for name in (GAIN, LOSS))
    if gain < least or figures["worst_unit"] > most:
        return ""
    return f"回测准确率提高 {gain:.1f} 个百分点，没有单位下降超过 {most:.1f} 个百分点"
