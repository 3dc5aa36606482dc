"""How many of the tickets found have which state, unit or matter: exact, of what may be seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from accounts.models import Department
from city.models import Category, Region
from search import engine
from search.query import Query
from tickets.finding.wanted import FIELDS, Wanted
from tickets.indexes import TICKETS
from tickets.models import Source
from tickets.workflow import Status, Urgency

NESTED = ("category", "region")
PLACES = 24
SPANS = {1: "今天", 7: "近 7 天", 30: "近 30 天"}


@dataclass(frozen=True)
class Choice:
    """One value to narrow by, and how many tickets would be left."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """One way of narrowing (筛选项); `above` are the chosen values of a tree, topmost first."""

    name: str
    label: str
    choices: list[Choice]
    above: list[Choice] = field(default_factory=list)


Counts = Mapping[str, int]


def facets_of(wanted: Wanted, asked: Query, counted: Mapping[str, Counts]) -> list[Facet]:
    """Count what each way of narrowing would leave (分面计数).

    A flat one that is narrowed by already is counted as if it were not, so that its other values
    are offered; a tree is counted below the value chosen.
    """
    found = [
        _flat("status", "状态", Status.choices, wanted, asked, counted),
        of_matters(wanted.category, counted["matters"]),
        of_units(wanted.unit, _counts("unit", wanted, asked, counted)),
        _region(wanted, counted["areas"]),
        _place(wanted, counted["places"]),
        _dates(wanted, asked),
        _flat("urgency", "紧急程度", Urgency.choices, wanted, asked, counted),
        _flat("source", "来源", Source.choices, wanted, asked, counted),
    ]
    return [facet for facet in found if facet.choices or facet.above]


def _counts(
    name: str, wanted: Wanted, asked: Query, counted: Mapping[str, Counts]
) -> dict[str, int]:
    """The counts of one field, its own condition left out."""
    index_field = FIELDS[name]
    if not getattr(wanted, name):
        return dict(counted[index_field])
    wider = replace(
        asked, filters=[*wanted.but(name).filters()], limit=0, after="", facets=(index_field,)
    )
    return dict(engine.current().search(TICKETS, wider).facets.get(index_field, {}))


def of_labels(
    name: str, label: str, labels: Iterable[tuple[str, str]], chosen: str, counts: Counts
) -> Facet:
    """Offer values that have labels (按取值筛选), in the order of the labels."""
    offered = [(value, words) for value, words in labels if counts.get(value) or value == chosen]
    return Facet(name, label, [Choice(v, w, counts.get(v, 0), v == chosen) for v, w in offered])


def _flat(
    name: str,
    label: str,
    labels: Iterable[tuple[str, str]],
    wanted: Wanted,
    asked: Query,
    counted: Mapping[str, Counts],
) -> Facet:
    counts = _counts(name, wanted, asked, counted)
    return of_labels(name, label, labels, getattr(wanted, name), counts)


def of_units(chosen: str, counts: Counts) -> Facet:
    """Offer the units counted by code (按单位筛选), most first."""
    codes = {code for code in counts if code} | ({chosen} - {""})
    units = Department.objects.filter(code__in=codes)
    choices = [
        Choice(unit.code, str(unit), counts.get(unit.code, 0), unit.code == chosen)
        for unit in units
    ]
    return Facet("unit", "承办单位", _most_first(choices))


def of_matters(code: str, counts: Counts) -> Facet:
    """Offer the matters counted by code (按事项筛选): those below the one chosen, and its line."""
    rows = {row.code: row for row in Category.objects.filter(code__in={*counts, code})}
    chosen = rows.get(code)
    below = [row for row in rows.values() if row.parent_id == (chosen.pk if chosen else None)]
    above = _line(chosen, list(rows.values())) if chosen else []
    return _tree("category", "事项分类", below, above, counts)


def _region(wanted: Wanted, counts: Counts) -> Facet:
    rows = {row.code: row for row in Region.objects.filter(code__in={*counts, wanted.region})}
    chosen = rows.get(wanted.region)
    roots = [row for row in rows.values() if row.parent_id is None]
    parent = chosen or (roots[0] if len(roots) == 1 else None)
    below = [row for row in rows.values() if row.parent_id == (parent.pk if parent else None)]
    above = _line(chosen, [r for r in rows.values() if r not in roots]) if chosen else []
    return _tree("region", "区域", below, above, counts)


def _place(wanted: Wanted, counts: Counts) -> Facet:
    """Offer the places named most (地点); one that a single ticket names narrows nothing."""
    offered = {name: n for name, n in counts.items() if name and (n > 1 or name == wanted.place)}
    choices = [Choice(name, name, n, name == wanted.place) for name, n in offered.items()]
    return Facet("place", "地点", _most_first(choices)[:PLACES])


Node = Category | Region


def _line(node: Node, known: Sequence[Node]) -> list[Node]:
    """The chosen node and those above it that are known, the topmost first."""
    by_key = {row.pk: row for row in known}
    line = [node]
    while line[0].parent_id in by_key:
        line.insert(0, by_key[line[0].parent_id])
    return line


def _tree(
    name: str, label: str, below: Sequence[Node], above: Sequence[Node], counts: Counts
) -> Facet:
    def choice(row: Node, *, chosen: bool = False) -> Choice:
        return Choice(row.code, row.name, counts.get(row.code, 0), chosen)

    offered = _most_first(choice(row) for row in below if counts.get(row.code))
    return Facet(name, label, offered, [choice(row, chosen=True) for row in above])


def _most_first(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda choice: (not choice.chosen, -choice.count, choice.label))


def _dates(wanted: Wanted, asked: Query) -> Facet:
    """Count the last days, each anew: a day's count is no facet of the engine."""
    free = wanted.but("dates")
    choices = []
    for days, label in SPANS.items():
        within = replace(asked, filters=[*replace(free, days=days).filters()])
        count = engine.current().count(TICKETS, within)
        choices.append(Choice(str(days), label, count, wanted.days == days))
    return Facet("days", "受理时间", [choice for choice in choices if choice.count])
