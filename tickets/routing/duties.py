"""From matter, place and words to the unit: the duty list first, the tree where it is silent.

The published rows are kept in memory until any reference data changes, in every process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import Department
from accounts.selectors import living
from city import selectors as city
from city.memo import Memo
from city.models import Category, Region
from tickets.models import DutyItem

Where = tuple[int, int | None]
"""A matter and a region, by their keys."""
CITYWIDE = frozenset({"city", "enterprise", "vertical", "center"})


@dataclass(frozen=True)
class Duty:
    """The unit for a matter at a place, and why; `item` is the duty row, if there is one."""

    department: Department
    reason: str
    item: DutyItem | None = None
    assisting: tuple[Department, ...] = ()

    @property
    def citywide(self) -> bool:
        """Tell whether the unit serves the whole city, so that the place does not decide."""
        if self.item is not None and self.item.region_id is None:
            return True
        return self.department.citywide


_units = Memo(
    lambda: list(Department.objects.filter(active=True).select_related("region", "parent"))
)


_by_code = Memo(lambda: {unit.code: unit for unit in _units.get()})


def in_use() -> dict[str, Department]:
    """Give the units in use by their code (在用单位)."""
    return _by_code.get()


def _build_list() -> dict[Where, list[DutyItem]]:
    rows = DutyItem.objects.filter(state=DutyItem.State.PUBLISHED)
    rows = rows.select_related("category", "region", "department__region", "department__parent")
    found: dict[Where, list[DutyItem]] = {}
    for row in rows.prefetch_related("assisting"):
        found.setdefault((row.category_id, row.region_id), []).append(row)
    return found


_list = Memo(_build_list)


def duty_for(category: Category, region: Region | None, text: str = "") -> Duty | None:
    """Find who is responsible (责任单位): the most exact published duty row, else by the tree."""
    line = city.region_line(region) if region else []
    item = _best_row(category, line, text, timezone.localdate())
    if item is None:
        unit = _by_tree(category, line)
        return Duty(unit, f"按事项责任部门和属地推断：{unit.name}") if unit else None
    said = [word for word in item.keywords if word in text]
    words = f" · 含“{'、'.join(said)}”" if said else ""
    reason = f"派单目录 {item.key} 第{item.version}版：{item.category.name} · {item.where}{words}"
    unit, also = living(item.department), _also(item, line)
    heir = "" if unit == item.department else f" · {item.department.name}已由{unit.name}继任"
    return Duty(unit, f"{reason} · {item.basis or '未写依据'}{heir}", item, tuple(also))


def applies(item: DutyItem, text: str, on: date) -> bool:
    """Tell whether a row holds for these words on this day (条目适用): unit, dates, words."""
    if not living(item.department).active or item.valid_from > on:
        return False
    if item.valid_to is not None and item.valid_to <= on:
        return False
    if any(word in text for word in item.excluded):
        return False
    return not item.keywords or any(word in text for word in item.keywords)


def _best_row(category: Category, line: Sequence[Region], text: str, on: date) -> DutyItem | None:
    """Take the row of the narrowest region, then of the narrowest matter, then one with words."""
    known = _list.get()
    for region in [*(row.pk for row in reversed(line)), None]:
        for matter in (category.pk, category.parent_id):
            rows = known.get((matter or 0, region), [])
            fitting = [row for row in rows if applies(row, text, on)]
            if fitting:
                return max(fitting, key=lambda row: (bool(row.keywords), -row.pk))
    return None


def _also(item: DutyItem, line: Sequence[Region]) -> list[Department]:
    """Give the units beside the lead (协办): those of the row and, for 双派, the territory's."""
    named = [living(unit) for unit in item.assisting.all()]
    territory = territory_of(line) if item.with_territory else None
    lead = living(item.department)
    units = [unit for unit in [*named, territory] if unit and unit.active and unit != lead]
    return list(dict.fromkeys(units))


def territory_of(line: Sequence[Region]) -> Department | None:
    """Give the street office, or the district's government, where a demand lies (属地单位)."""
    kind = Department.Kind.STREET
    streets = {unit.region_id: unit for unit in _units.get() if unit.kind == kind}
    found = (streets[region.pk] for region in reversed(line) if region.pk in streets)
    return next(found, None) or _government(line)


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
