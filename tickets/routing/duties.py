"""From matter and place to the unit: the duty list first, the tree of units where it is silent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts.models import Department
from city import selectors as city
from city.models import Category, Region
from tickets.models import DutyItem

CITYWIDE = frozenset({"city", "enterprise", "vertical", "center"})


@dataclass(frozen=True)
class Duty:
    """The unit for a matter at a place, and why; `item` is the duty row, if there is one."""

    department: Department
    reason: str
    item: DutyItem | None = None

    @property
    def citywide(self) -> bool:
        """Tell whether the unit serves the whole city, so that the place does not decide."""
        if self.item is not None and self.item.region_id is None:
            return True
        return self.department.citywide


def duty_for(category: Category, region: Region | None) -> Duty | None:
    """Find who is responsible (责任单位): the most exact duty row, else the unit by the tree."""
    line = city.region_line(region) if region else []
    item = _best_row(_rows(category), line)
    if item:
        where = item.region.name if item.region else "全市"
        return Duty(item.department, f"派单目录：{category.name} · {where} · {item.basis}", item)
    unit = _by_tree(category, line)
    return Duty(unit, f"按事项责任部门和属地推断：{unit.name}") if unit else None


def _rows(category: Category) -> Iterable[DutyItem]:
    today = timezone.localdate()
    valid = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))
    matters = [pk for pk in (category.pk, category.parent_id) if pk]
    rows = DutyItem.objects.filter(valid, category__in=matters, department__active=True)
    return rows.select_related("department", "region", "category")


def _best_row(rows: Iterable[DutyItem], line: Sequence[Region]) -> DutyItem | None:
    """Take the row of the narrowest region, then of the narrowest matter."""
    depth = {region.pk: n for n, region in enumerate(line, 1)}
    fitting = [row for row in rows if row.region_id is None or row.region_id in depth]
    if not fitting:
        return None
    return max(fitting, key=lambda row: (depth.get(row.region_id or 0, 0), row.category.level))


def _by_tree(category: Category, line: Sequence[Region]) -> Department | None:
    """Find the unit by kind of department and region, going up from the narrowest region.

    Where the place is not known no street is guessed: the city's own unit, or none.
    """
    units = Department.objects.filter(active=True)
    typed = units.filter(dept_type=category.dept_type)
    if category.route_level in CITYWIDE:
        return typed.order_by("level", "pk").first()
    for region in reversed(line):
        found = typed.filter(region=region).first()
        if found:
            return found
    districts = [region for region in line if region.level == Region.Level.DISTRICT]
    government = units.filter(kind=Department.Kind.DISTRICT, region__in=districts).first()
    return government or typed.filter(region__level=Region.Level.CITY).order_by("pk").first()
