"""From matter and place to the unit: the duty list first, the tree of units where it is silent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts.models import Department
from city import selectors as city
from city.memo import Memo
from city.models import Category, Region
from tickets.models import DutyItem

WHERE = ("region", "category")
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


_units = Memo(
    lambda: list(Department.objects.filter(active=True).select_related("region", "parent"))
)


class Duties:
    """The duty rows of some matters, read at once."""

    def __init__(self, matters: Iterable[Category]) -> None:
        today = timezone.localdate()
        valid = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))
        ids = {pk for matter in matters for pk in (matter.pk, matter.parent_id)}
        rows = DutyItem.objects.filter(valid, category__in=ids, department__active=True)
        self._of: dict[int, list[DutyItem]] = {}
        for row in rows.select_related("department__region", "department__parent", *WHERE):
            self._of.setdefault(row.category_id, []).append(row)

    def duty(self, category: Category, region: Region | None) -> Duty | None:
        """Find who is responsible (责任单位): the most exact duty row, else by the tree."""
        line = city.region_line(region) if region else []
        rows = [
            row for pk in (category.pk, category.parent_id) for row in self._of.get(pk or 0, [])
        ]
        item = _best_row(rows, line)
        if item:
            where = item.region.name if item.region else "全市"
            return Duty(
                item.department, f"派单目录：{category.name} · {where} · {item.basis}", item
            )
        unit = _by_tree(category, line)
        return Duty(unit, f"按事项责任部门和属地推断：{unit.name}") if unit else None


def duty_for(category: Category, region: Region | None) -> Duty | None:
    """Find who is responsible for one matter at one place (责任单位)."""
    return Duties([category]).duty(category, region)


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
    typed = [unit for unit in _units.get() if unit.dept_type == category.dept_type]
    if category.route_level in CITYWIDE:
        return min(typed, key=lambda unit: (unit.level, unit.pk), default=None)
    at = {unit.region_id: unit for unit in reversed(typed)}
    for region in reversed(line):
        if region.pk in at:
            return at[region.pk]
    return _government(line) or _of_the_city(typed)


def _government(line: Sequence[Region]) -> Department | None:
    """Find the government of the district on the way up (区政府)."""
    districts = {region.pk for region in line if region.level == Region.Level.DISTRICT}
    kind = Department.Kind.DISTRICT
    found = (u for u in _units.get() if u.kind == kind and u.region_id in districts)
    return next(found, None)


def _of_the_city(typed: Iterable[Department]) -> Department | None:
    found = (u for u in typed if u.region and u.region.level == Region.Level.CITY)
    return min(found, key=lambda unit: unit.pk, default=None)
