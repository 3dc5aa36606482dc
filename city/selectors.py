"""Questions about matters, places, the calendar, limits and words."""

from collections import ChainMap, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import TypeVar

from chinese_calendar.constants import holidays, workdays
from django.db.models import QuerySet
from django.utils import timezone

from city import naming, presets
from city.memo import Memo
from city.models import (
    CalendarDay,
    Category,
    Parameter,
    Place,
    Region,
    SpecialForm,
    Synonym,
    TimeLimit,
    Word,
    WorkFrame,
)
from city.places import Gazetteer, PlaceHit
from city.taxonomy import shipped_forms
from city.working_time import OFFICE_HOURS, Calendar, Frame

T = TypeVar("T")


def _known_until(own: set[date]) -> date:
    """Find the last day of the known table.

    A year that the city enters itself is known once it holds both 1 January and 1 October, the
    first and the last holiday that the State Council decrees.
    """
    year = max(holidays).year
    while {date(year + 1, 1, 1), date(year + 1, 10, 1)} <= own:
        year += 1
    return date(year, 12, 31)


class _Limits(dict[tuple[str, str, str, date], TimeLimit]):
    """The limits by clock, kind, urgency and day, each looked for once (适用时限)."""

    def __init__(self, rows: list[TimeLimit]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, key: tuple[str, str, str, date]) -> TimeLimit:
        clock, kind, urgency, day = key
        rows = [row for row in self._rows if row.clock == clock and _in_force(row, day)]
        self[key] = fitting(rows or _shipped(clock), clock, kind=kind, urgency=urgency)
        return self[key]


class _Numbers(dict[tuple[str, date], int]):
    """The numbers of the trade by name and day, each looked for once (业务参数)."""

    def __init__(self, rows: list[Parameter]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, key: tuple[str, date]) -> int:
        name, day = key
        rows = [row for row in self._rows if row.name == name and row.valid_from <= day]
        newest = max(rows, key=lambda row: row.valid_from, default=None)
        self[key] = newest.amount if newest else presets.NUMBERS[name]
        return self[key]


@dataclass(frozen=True)
class Almanac:
    """The city's calendar, and what regions declare beside it."""

    base: Calendar
    regional: dict[int, dict[date, bool]]
    hours: dict[int, tuple[Frame, ...]]

    def of(self, region_id: int | None) -> Calendar:
        """Give the calendar of a region: its own days and hours over those of the regions above."""
        if region_id is None or not (self.regional or self.hours):
            return self.base
        line = [region.pk for region in reversed(region_line(_gazetteer.get().regions[region_id]))]
        days = [self.regional[pk] for pk in line if pk in self.regional]
        hours = tuple(self.hours[pk] for pk in line if pk in self.hours)
        decreed = dict(ChainMap(*days, dict(self.base.decreed)))
        return replace(self.base, decreed=decreed, own=hours)


def _build_almanac() -> Almanac:
    days: defaultdict[int | None, dict[date, bool]] = defaultdict(dict)
    for region, on, is_working in CalendarDay.objects.values_list("region", "on", "is_working"):
        days[region][on] = is_working
    own = days.pop(None, {})
    frames: defaultdict[int | None, tuple[Frame, ...]] = defaultdict(tuple)
    for row in WorkFrame.objects.all():
        valid = (row.valid_from or date.min, row.valid_to or date.max)
        frames[row.region_id] += (Frame(row.starts, row.ends, *valid),)
    citywide = frames.pop(None, OFFICE_HOURS)
    national = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
    base = Calendar(_known_until(set(own)), national | own, citywide)
    return Almanac(base, _by_region(days), _by_region(frames))


def _by_region(found: dict[int | None, T]) -> dict[int, T]:
    return {pk: each for pk, each in found.items() if pk is not None}


_almanac = Memo(_build_almanac)
_limits = Memo(lambda: _Limits(list(TimeLimit.objects.all())))
_numbers = Memo(lambda: _Numbers(list(Parameter.objects.all())))
_hazards = Memo(
    lambda: list(Word.objects.filter(kind=Word.Kind.HAZARD).values_list("text", flat=True))
)
_forms = Memo(lambda: list(SpecialForm.objects.all()))
_gazetteer = Memo(lambda: Gazetteer(Region.objects.all(), Place.objects.all()))


def calendar(region_id: int | None = None) -> Calendar:
    """Give the working calendar (工作日历): the national table with the city's own days over it.

    With a region, the days that it or a region above declares stand over both.
    """
    return _almanac.get().of(region_id)


def calendar_ends_on(now: datetime) -> date | None:
    """Give the last known day of the calendar where it is near (日历将尽), None where it is far."""
    known = calendar().known_until
    near = known - timedelta(days=number(Parameter.Name.CALENDAR_DAYS, at=now))
    return known if timezone.localdate(now) >= near else None


def limit_for(clock: str, *, kind: str = "", urgency: str = "", at: datetime) -> TimeLimit:
    """Give the limit in force at a moment (时限), the most specific one; urgency beats kind.

    Where the city has set none, the default preset holds.
    """
    return _limits.get()[clock, kind, urgency, timezone.localdate(at)]


def fitting(rows: Iterable[TimeLimit], clock: str, *, kind: str, urgency: str) -> TimeLimit:
    """Give the most specific of these limits for a clock (适用时限); urgency beats kind."""
    fits = [row for row in rows if row.clock == clock and _fits(row, kind, urgency)]
    return max(fits, key=lambda row: (bool(row.urgency), bool(row.kind)))


def number(name: str, *, at: datetime | None = None) -> int:
    """Give a number of the trade (业务参数) as in force at a moment, now unless told."""
    return _numbers.get()[name, timezone.localdate(at)]


def _in_force(row: TimeLimit, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _fits(row: TimeLimit, kind: str, urgency: str) -> bool:
    return row.kind in {"", kind} and row.urgency in {"", urgency}


@cache
def _shipped(clock: str) -> list[TimeLimit]:
    rows = [TimeLimit(**columns) for columns in presets.limits(presets.DEFAULT)]
    return [row for row in rows if row.clock == clock]


def find_places(text: str) -> list[PlaceHit]:
    """Find the regions and places that a text names (地点识别), the most exact first.

    Names that several share come last and are marked ambiguous, unless the text settles them.
    """
    return _gazetteer.get().find(text)


def named_places(text: str) -> list[str]:
    """List the spots that a text names (提到的地点): estates, roads, firms, communities."""
    return naming.named(text, find_places(text[: naming.READ]))


def located(names: Iterable[str], region: Region | None = None) -> Place | None:
    """Give the first of these places that has coordinates (有坐标的地点).

    Of several of one name it is the one in the region.
    """
    known, within = _gazetteer.get(), region.path if region else ""
    return next((place for name in names if (place := known.located(name, within))), None)


def place_at(pk: int) -> Place | None:
    """Give the place of a key, if it has coordinates (按键查有坐标的地点)."""
    return _gazetteer.get().place(pk)


def region_line(region: Region) -> list[Region]:
    """List a region and all above it, the city first (区划链)."""
    known = _gazetteer.get().regions
    return [known[int(part)] for part in region.path.split("/") if part]


def district_of(region: Region) -> Region | None:
    """Give the district that a region is or lies in (所属区县)."""
    line = region_line(region)
    return next((r for r in line if r.level == Region.Level.DISTRICT), None)


def region_by_code(code: str) -> Region | None:
    """Give the region of a code (按代码查区划), if there is one."""
    return Region.objects.filter(code=code).first()


def regions_under(region: Region) -> QuerySet[Region]:
    """Find a region and all below it (本级及下级区划)."""
    return Region.objects.filter(path__startswith=region.path)


def categories(level: int | None = None) -> QuerySet[Category]:
    """Find the matters in use (事项), of one level or of all."""
    active = Category.objects.filter(active=True)
    return active if level is None else active.filter(level=level)


def _build_heirs() -> dict[int, Category]:
    rows = Category.objects.filter(active=False).exclude(successor=None)
    return {row.pk: row.successor for row in rows.select_related("successor") if row.successor}


_heirs = Memo(_build_heirs)


def living_matter(category: Category) -> Category:
    """Give the matter that this one was merged into (并入事项): itself while it is in use.

    Of a chain of mergers the last; a closed one without a successor is given as it is.
    """
    seen = {category.pk}
    while not category.active and category.pk in _heirs.get():
        category = _heirs.get()[category.pk]
        if category.pk in seen:
            break
        seen.add(category.pk)
    return category


@dataclass(frozen=True)
class Lexicon:
    """Words to keep whole, those with a set frequency as pairs, and groups of synonyms."""

    words: list[str | tuple[str, int]]
    synonyms: list[list[str]]


def lexicon() -> Lexicon:
    """Give the words and synonyms for cutting text (词库): the editor's, matters' and places'."""
    words = set(_gazetteer.get().names())
    for keywords in categories().exclude(keywords=[]).values_list("keywords", flat=True):
        words.update(keywords)
    words.update(Word.objects.filter(freq=0).values_list("text", flat=True))
    weighed = Word.objects.filter(freq__gt=0).values_list("text", "freq")
    synonyms = Synonym.objects.values_list("words", flat=True)
    return Lexicon([*sorted(words), *weighed], list(synonyms))


def special_forms() -> list[SpecialForm]:
    """List the special forms in use (专项表单): the city's, or else those that are shipped."""
    rows = _forms.get() or [SpecialForm(**columns) for columns in shipped_forms()]
    return [form for form in rows if form.active]


def special_form(code: str) -> SpecialForm | None:
    """Give the special form of a code (按代码查专项表单)."""
    return next((form for form in special_forms() if form.code == code), None)


def hazard_words() -> list[str]:
    """List the words that tell of danger to life or property (险情词)."""
    return _hazards.get()
