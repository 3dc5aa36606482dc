"""Everything that writes the city's reference data; each change marks the revision."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from city import lexicon, presets, taxonomy
from city.events import CalendarChanged, PlaceMoved, WordChanged
from city.models import (
    CalendarDay,
    Category,
    DeptType,
    Parameter,
    Place,
    Region,
    Revision,
    SpecialForm,
    Synonym,
    TimeLimit,
    Word,
    WorkFrame,
)
from outbox.bus import publish

START = date(2020, 1, 1)
_held: ContextVar[bool] = ContextVar("held", default=False)


@contextmanager
def one_change() -> Iterator[None]:
    """Let many changes count as one (批量变更); a row rewritten a thousand times is slow."""
    held = _held.set(True)
    try:
        yield
    finally:
        _held.reset(held)
    mark_changed()


def mark_changed() -> None:
    """Give the reference data a new token (基础数据版本), so that every process reads it anew."""
    if _held.get():
        return
    Revision.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})


@transaction.atomic
def save_region(region: Region) -> Region:
    """Write a region with its path (保存区划)."""
    region.clean()
    before = region.path
    region.save()
    region.path = f"{region.parent.path if region.parent else '/'}{region.pk}/"
    region.save(update_fields=["path"])
    if before and before != region.path:
        _move_below(before, region)
    mark_changed()
    return region


def _move_below(before: str, region: Region) -> None:
    """Give all that lay under the old path the new one."""
    for below in Region.objects.filter(path__startswith=before).exclude(pk=region.pk):
        below.path = region.path + below.path.removeprefix(before)
        below.save(update_fields=["path"])


def add_region(
    code: str, name: str, level: str, parent: Region | None = None, aliases: Sequence[str] = ()
) -> Region:
    """Add a region to the tree (新建区划)."""
    return save_region(
        Region(code=code, name=name, level=level, parent=parent, aliases=list(aliases))
    )


@transaction.atomic
def add_places(places: Iterable[Place]) -> list[Place]:
    """Add many places at once (批量新建地点)."""
    made = Place.objects.bulk_create(places)
    mark_changed()
    return made


@transaction.atomic
def save_row(row: Model) -> None:
    """Write one row of reference data as an editor left it (保存基础数据)."""
    if isinstance(row, Region):
        save_region(row)
    elif isinstance(row, Category):
        save_category(row)
    else:
        row.save()
        _tell(row)


@transaction.atomic
def remove_row(row: Model) -> None:
    """Delete one row of reference data (删除基础数据)."""
    row.delete()
    _tell(row)


def _tell(row: Model) -> None:
    """Mark the change, and let those who count days or cut texts know of it."""
    mark_changed()
    if isinstance(row, Word):
        publish(WordChanged(row.text))
    if isinstance(row, Place):
        publish(PlaceMoved(row.name))
        for name in (row.name, *row.aliases):
            publish(WordChanged(name))
    if isinstance(row, CalendarDay | WorkFrame):
        publish(CalendarChanged())


@transaction.atomic
def save_category(category: Category) -> Category:
    """Write a matter (保存事项), its level and full name, and those of all below it."""
    parent = category.parent
    category.level = parent.level + 1 if parent else 1
    category.path_name = f"{parent.path_name} / {category.name}" if parent else category.name
    category.save()
    for child in category.children.all():
        child.parent = category
        save_category(child)
    mark_changed()
    return category


@transaction.atomic
def save_calendar_day(
    on: date, *, is_working: bool, name: str = "", region: Region | None = None
) -> CalendarDay:
    """Declare a day working or free (设定工作日), for the city or for one region of it."""
    day, _ = CalendarDay.objects.update_or_create(
        on=on, region=region, defaults={"is_working": is_working, "name": name}
    )
    _tell(day)
    return day


@transaction.atomic
def load_taxonomy(file: Path | None = None) -> int:
    """Load the tree of matters (导入事项分类), the shipped one by default; returns matters loaded.

    Loading again updates by code, so that what refers to a matter keeps its meaning.
    """
    tree = taxonomy.read(file) if file else taxonomy.shipped()
    DeptType.objects.bulk_create(
        [DeptType(key=key, name=name) for key, name in tree.dept_types.items()],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name"],
    )
    _add_words(tree.hazard_words, Word.Kind.HAZARD)
    known: dict[str, Category] = {}
    for level in (1, 2, 3):
        known |= _write_level(
            [node for node in tree.nodes if node.columns["level"] == level], known
        )
    mark_changed()
    return len(known)


def _write_level(nodes: list[taxonomy.Node], above: dict[str, Category]) -> dict[str, Category]:
    """Write one level of the tree in one statement; matters known before are changed in place."""
    Category.objects.bulk_create(
        [Category(code=n.code, parent=above.get(n.parent), **n.columns) for n in nodes],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["parent", *nodes[0].columns] if nodes else None,
    )
    return Category.objects.in_bulk([node.code for node in nodes], field_name="code")


def _add_words(texts: Iterable[str], kind: Word.Kind) -> None:
    """Add words that are not there yet; what an editor has changed stays as it is."""
    Word.objects.bulk_create([Word(text=text, kind=kind) for text in texts], ignore_conflicts=True)


@transaction.atomic
def load_words(file: Path | None = None) -> int:
    """Load words and synonyms (导入词库), the shipped ones by default; returns groups added."""
    content = lexicon.read(file or lexicon.DEFAULT)
    _add_words(content.terms, Word.Kind.TERM)
    known = {tuple(words) for words in Synonym.objects.values_list("words", flat=True)}
    fresh = [Synonym(words=words) for words in content.synonyms if tuple(words) not in known]
    Synonym.objects.bulk_create(fresh)
    mark_changed()
    return len(fresh)


@transaction.atomic
def load_defaults() -> None:
    """Load all that a city starts from (初始化基础数据): matters, limits, words."""
    load_taxonomy()
    load_words()
    if not TimeLimit.objects.exists():
        load_limits(from_day=START)
    if not Parameter.objects.exists():
        _load_numbers()
    if not SpecialForm.objects.exists():
        SpecialForm.objects.bulk_create(SpecialForm(**row) for row in taxonomy.shipped_forms())
        mark_changed()


def _load_numbers() -> None:
    Parameter.objects.bulk_create(
        Parameter(name=name, amount=amount, valid_from=START)
        for name, amount in presets.NUMBERS.items()
    )
    mark_changed()


@transaction.atomic
def load_limits(preset: str = presets.DEFAULT, *, from_day: date | None = None) -> list[TimeLimit]:
    """Put a preset's limits in force from a day on (启用时限方案); the rows before end there."""
    start = from_day or timezone.localdate()
    TimeLimit.objects.filter(valid_from__gte=start).delete()
    TimeLimit.objects.filter(valid_to=None).update(valid_to=start)
    TimeLimit.objects.filter(valid_to__gt=start).update(valid_to=start)
    rows = TimeLimit.objects.bulk_create(
        TimeLimit(preset=preset, valid_from=start, **columns) for columns in presets.limits(preset)
    )
    for name, amount in presets.EXTENDED.get(preset, {}).items():
        Parameter.objects.update_or_create(name=name, valid_from=start, defaults={"amount": amount})
    mark_changed()
    return rows
