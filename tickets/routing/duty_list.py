"""Looks at the duty list as a whole (派单目录): gaps, conflicts, dates, and how well it does."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations

from django.db.models import Count, Q, QuerySet

from accounts.selectors import living
from city import selectors as city
from city.models import Category, Region
from tickets.models import DutyItem, Ticket
from tickets.routing.duties import duty_for

State = DutyItem.State
SOON = timedelta(days=30)
QUARTER = timedelta(days=92)
LABELS = {
    "category": "事项分类",
    "keywords": "须含词语",
    "excluded": "不含词语",
    "region": "区划",
    "department": "主办单位",
    "assisting": "协办单位",
    "with_territory": "双派",
    "basis": "依据",
    "valid_from": "生效日期",
    "valid_to": "失效日期",
}


def items(state: str = "", text: str = "") -> QuerySet[DutyItem]:
    """List rows of the duty list (目录条目) by state and words; by default those in force."""
    rows = DutyItem.objects.select_related("category", "region", "department", "written_by")
    rows = rows.filter(state=state) if state else rows.filter(state=State.PUBLISHED)
    if text:
        words = Q(key__icontains=text) | Q(basis__icontains=text)
        words |= Q(category__path_name__icontains=text) | Q(region__name__icontains=text)
        rows = rows.filter(words | Q(department__name__icontains=text))
    return rows


def state_counts() -> dict[str, int]:
    """Count the rows of each state (各状态条数)."""
    found = DutyItem.objects.order_by().values_list("state").annotate(n=Count("id"))
    return dict(found)


def versions(item: DutyItem) -> QuerySet[DutyItem]:
    """List the versions of a row (历次版本), the newest first."""
    rows = DutyItem.objects.filter(key=item.key).order_by("-version")
    people = ("written_by", "reviewed_by")
    return rows.select_related("category", "region", "department", *people)


def columns_of(item: DutyItem) -> dict[str, str]:
    """Give what a version says as words (条目内容), by field."""
    return {
        "category": item.category.path_name,
        "keywords": "、".join(item.keywords),
        "excluded": "、".join(item.excluded),
        "region": item.where,
        "department": item.department.name,
        "assisting": "、".join(unit.name for unit in item.assisting.order_by("code")),
        "with_territory": "是" if item.with_territory else "否",
        "basis": item.basis,
        "valid_from": f"{item.valid_from:%Y-%m-%d}",
        "valid_to": f"{item.valid_to:%Y-%m-%d}" if item.valid_to else "长期",
    }


def differences(before: DutyItem, after: DutyItem) -> list[tuple[str, str, str]]:
    """List what a version changed (版本差异): label, before, after."""
    old, new = columns_of(before), columns_of(after)
    return [(LABELS[name], old[name], new[name]) for name in LABELS if old[name] != new[name]]


@dataclass(frozen=True)
class Problems:
    """What is wrong with the list as it is in force."""

    gaps: list[Category] = field(default_factory=list)
    conflicts: list[tuple[DutyItem, DutyItem]] = field(default_factory=list)
    dissolved: list[DutyItem] = field(default_factory=list)
    expired: list[DutyItem] = field(default_factory=list)
    ending: list[DutyItem] = field(default_factory=list)


def problems(on: date) -> Problems:
    """Find gaps, conflicts, dissolved units and expired rows (目录体检)."""
    rows = list(items().order_by("key").prefetch_related("assisting"))
    live = [row for row in rows if row.valid_to is None or row.valid_to > on]
    has = {row.category_id for row in live}
    has |= {row.category.parent_id or 0 for row in live if row.category.level > 2}
    matters = Category.objects.filter(level=2, active=True).order_by("code")
    return Problems(
        gaps=[row for row in matters if row.pk not in has and row.parent_id not in has],
        conflicts=_conflicts(live),
        dissolved=[row for row in live if _has_dissolved(row)],
        expired=[row for row in rows if row.valid_to is not None and row.valid_to <= on],
        ending=[row for row in live if row.valid_to is not None and row.valid_to <= on + SOON],
    )


def _has_dissolved(row: DutyItem) -> bool:
    return not all(living(unit).active for unit in (row.department, *row.assisting.all()))


def _conflicts(rows: Sequence[DutyItem]) -> list[tuple[DutyItem, DutyItem]]:
    """Find pairs that hold for the same demand and name different units (重复冲突)."""
    groups: dict[tuple[int, int | None], list[DutyItem]] = defaultdict(list)
    for row in rows:
        groups[row.category_id, row.region_id].append(row)
    pairs = (pair for group in groups.values() for pair in combinations(group, 2))
    return [(a, b) for a, b in pairs if a.department_id != b.department_id and _overlap(a, b)]


def _overlap(a: DutyItem, b: DutyItem) -> bool:
    apart = (a.valid_to and a.valid_to <= b.valid_from) or (
        b.valid_to and b.valid_to <= a.valid_from
    )
    if apart or bool(a.keywords) != bool(b.keywords):
        return False  # with words goes before without: no conflict
    return not a.keywords or bool(set(a.keywords) & set(b.keywords))


@dataclass
class Line:
    """How the list does for one matter: tickets, with a row, and where the row's unit had it."""

    category: Category
    tickets: int = 0
    covered: int = 0
    agreed: int = 0

    @property
    def share(self) -> int:
        """The share of tickets with a row, in percent."""
        return round(100 * self.covered / self.tickets) if self.tickets else 0


def coverage(now: datetime) -> list[Line]:
    """Report what the list covers of the last quarter's tickets (覆盖率), the worst first.

    Rows that ask for words are left out: whether they hold is a matter of each text.
    """
    rows = Ticket.objects.filter(accepted_at__gte=now - QUARTER).exclude(category=None)
    names = ("category", "region", "lead")
    groups = rows.order_by().values_list(*names).annotate(n=Count("id"))
    matters = Category.objects.select_related("parent").in_bulk({row[0] for row in groups})
    places = Region.objects.in_bulk({row[1] for row in groups if row[1]})
    found: dict[int, Line] = {}
    for matter, region, lead, n in groups:
        category = matters[matter]
        line = found.setdefault(category.second.pk, Line(category.second))
        duty = duty_for(category, places.get(region))
        line.tickets += n
        if duty and duty.item:
            line.covered += n
            line.agreed += n if duty.department.pk == lead else 0
    return sorted(found.values(), key=lambda line: (line.covered - line.tickets, -line.tickets))


def regions() -> QuerySet[Region]:
    """List the regions that a row may speak of (可选区划)."""
    return Region.objects.order_by("path")


def matters() -> QuerySet[Category]:
    """List the matters that a row may speak of (可选事项)."""
    return city.categories().filter(level__gte=2)
