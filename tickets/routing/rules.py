"""Applies the rules people wrote (派单规则): what matched and why, and which of them are broken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from django.utils import timezone

from accounts.selectors import living
from city.memo import Memo
from city.models import Category, Region
from city.selectors import living_matter
from tickets.models import Rule, Source
from tickets.routing.signs import LABELS, Signs


@dataclass(frozen=True)
class Case:
    """What a rule may ask about one demand; `line` are the regions from the city down."""

    text: str
    category: Category | None
    line: Sequence[Region]
    place: str
    source: str
    at: datetime
    signs: Signs


@dataclass(frozen=True)
class Match:
    """A rule that holds for a demand, with the conditions that were met."""

    rule: Rule
    why: list[str]

    @property
    def reason(self) -> str:
        """Name the rule and what met it (规则依据)."""
        return f"规则《{self.rule.name}》：{'；'.join(self.why) or '无条件'}"


@dataclass(frozen=True)
class Verdict:
    """All that the rules say about one demand, in their order."""

    matches: list[Match] = field(default_factory=list)
    broken: list[tuple[Rule, str]] = field(default_factory=list)

    @property
    def leading(self) -> Match | None:
        """The first rule that names a unit (派往)."""
        return next((match for match in self.matches if match.rule.department), None)

    @property
    def urgency(self) -> str:
        """The urgency that the first rule which names one asks for."""
        return next((match.rule.urgency for match in self.matches if match.rule.urgency), "")

    @property
    def holds(self) -> list[str]:
        """Why the rules leave the demand to a person (转人工), broken ones included."""
        asked = [f"{match.reason}，须人工派单" for match in self.matches if match.rule.hold]
        failed = [f"规则《{rule.name}》出错（{error}），须人工派单" for rule, error in self.broken]
        return [*failed, *asked]

    @property
    def flags(self) -> list[str]:
        """The marks that the rules set (标记)."""
        return list(dict.fromkeys(match.rule.flag for match in self.matches if match.rule.flag))


def _build() -> list[Rule]:
    rows = Rule.objects.filter(active=True)
    return list(rows.select_related("category", "region", "department__region"))


_rules = Memo(_build)


def verdict(case: Case) -> Verdict:
    """Apply all rules in force (应用规则); one that fails is broken, never silent."""
    matches, broken = [], []
    for rule in _rules.get():
        try:
            why = met(rule, case)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            broken.append((rule, f"条件无法执行：{error}"))
            continue
        if why is None:
            continue
        problem = problem_of(rule)
        if problem:
            broken.append((rule, problem))
        else:
            matches.append(Match(rule, why))
    return Verdict(matches, broken)


def broken_rules() -> list[Rule]:
    """List the rules that failed and were not mended since (规则告警)."""
    return list(Rule.objects.exclude(error=""))


def problem_of(rule: Rule) -> str:
    """Tell what keeps a rule from being carried out (规则错误), "" if nothing does."""
    if rule.department and not living(rule.department).active:
        return f"{rule.department.name}已停用"
    if rule.category and not living_matter(rule.category).active:
        return f"事项“{rule.category.name}”已停用"
    return ""


def met(rule: Rule, case: Case) -> list[str] | None:
    """Name the conditions of a rule that a demand meets (命中条件); None if one is not met."""
    why: list[str] = []
    for asked, said in _conditions(rule, case):
        if asked and said is None:
            return None
        why += [said] if asked and said else []
    return why


def _conditions(rule: Rule, case: Case) -> Iterable[tuple[object, str | None]]:
    """Give what the rule asks, and how the demand answers (None: it does not)."""
    yield rule.category_id, _category(rule, case.category)
    yield rule.words, _words(rule.words, case.text)
    yield rule.excluded, None if any(word in case.text for word in rule.excluded) else ""
    yield rule.region_id, _region(rule, case.line)
    yield rule.place, f"地点含“{rule.place}”" if rule.place in case.place + case.text else None
    yield rule.sources, _source(rule.sources, case.source)
    yield rule.hour_from and rule.hour_to, _hours(rule, case.at)
    for sign in rule.signs:
        yield sign, _sign(sign, case.signs)


def _category(rule: Rule, category: Category | None) -> str | None:
    asked = living_matter(rule.category) if rule.category else None
    while asked and category is not None:
        if category == asked:
            return f"事项“{category.name}”"
        category = category.parent
    return None


def _words(words: Sequence[str], text: str) -> str | None:
    said = [word for word in words if word in text]
    return f"含“{'、'.join(said)}”" if said else None


def _region(rule: Rule, line: Sequence[Region]) -> str | None:
    return next((f"位于{region.name}" for region in line if region.pk == rule.region_id), None)


def _source(sources: Sequence[str], source: str) -> str | None:
    return f"来自{Source(source).label}" if source in sources else None


def _hours(rule: Rule, at: datetime) -> str | None:
    if rule.hour_from is None or rule.hour_to is None:
        return ""
    inside = within(timezone.localtime(at).time(), rule.hour_from, rule.hour_to)
    return f"时段 {rule.hour_from:%H:%M}–{rule.hour_to:%H:%M}" if inside else None


def within(at: time, start: time, end: time) -> bool:
    """Tell whether a time lies in a frame of the day (时段), over midnight too."""
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def _sign(sign: str, signs: Signs) -> str | None:
    label, said = LABELS[sign], signs.get(sign)
    if said is None:
        return None
    return f"{label}（{'、'.join(said[:3])}）" if said else label
