"""Which units the words themselves speak for (文字指向), whatever matter they are taken for.

What is learned is a kind: a unit that serves the whole city, or a line (such as 区城管局) of which
every district has its own. Which of a line it is only the place says: words never name a street.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import Department
from accounts.selectors import living
from city import selectors as city
from city.memo import Memo
from city.models import Region
from tickets.routing.duties import in_use
from tickets.routing.feedback import Lesson

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.classifier import Guess

BEST, SHOWN = 3, 4
FEWEST, FEWEST_ALL = 5, 60
"""Fewer confirmed tickets of one kind, or of all, teach nothing."""
UNIT, LINE = "unit", "line"


@dataclass(frozen=True)
class Voice:
    """A kind of unit that a text speaks for: its label, how surely, and by which words."""

    label: str
    sure: float
    words: Sequence[str]


@dataclass(frozen=True)
class Heard:
    """A unit of today and of this place that the words speak for, with the reason."""

    unit: Department
    sure: float
    reason: str


def kind_of(unit: Department) -> str:
    """Name the kind of a unit as it is learned (单位类别)."""
    whole = unit.region is None or unit.region.level == Region.Level.CITY
    if unit.citywide or whole or not unit.dept_type:
        return f"{UNIT}:{unit.code}"
    return f"{LINE}:{unit.kind}:{unit.dept_type}"


def taught(lessons: Sequence[Lesson]) -> tuple[list[str], list[str]]:
    """Take the texts that teach a kind of unit, and the kinds (单位样本); none with too few."""
    leads = [in_use().get(lesson.lead.code) if lesson.lead else None for lesson in lessons]
    kinds = [kind_of(lead) if lead else "" for lead in leads]
    counts = Counter(filter(None, kinds))
    kept = [at for at, kind in enumerate(kinds) if counts[kind] >= FEWEST]
    if len(kept) < FEWEST_ALL or len({kinds[at] for at in kept}) < 2:
        return [], []
    return [lessons[at].text for at in kept], [kinds[at] for at in kept]


def voices(guesses: "Iterable[Guess]", words: Iterable[Sequence[str]]) -> list[Voice]:
    """Put guesses and their words together."""
    pairs = zip(guesses, words, strict=True)
    return [Voice(guess.label, guess.confidence, said) for guess, said in pairs]


def heard(said: Iterable[Voice], region: Region | None) -> list[Heard]:
    """Find the units of today that the words speak for (落到单位); merged ones by their heir."""
    line = [row.pk for row in reversed(city.region_line(region))] if region else []
    found: dict[Department, Heard] = {}
    for voice in said:
        unit = _unit_of(voice.label, line)
        if unit is None or unit in found:
            continue
        why = f"用语与其办结的工单相近：{'、'.join(voice.words[:SHOWN])}"
        found[unit] = Heard(unit, voice.sure, why if voice.words else "用语与其办结的工单相近")
    return list(found.values())


def _unit_of(label: str, line: Sequence[int]) -> Department | None:
    known = _by_kind.get().get(label, {})
    if label.startswith(f"{UNIT}:"):
        return next(iter(known.values()), None)
    return next((known[region] for region in line if region in known), None)


def _build() -> dict[str, dict[int, Department]]:
    """Give the units of today by the kind they, or those they succeeded, were learned as."""
    found: dict[str, dict[int, Department]] = {}
    for row in Department.objects.select_related("region", "successor").order_by("active", "-pk"):
        unit = living(row)
        if unit.active:
            found.setdefault(kind_of(row), {})[row.region_id or 0] = unit
    return found


_by_kind = Memo(_build)
