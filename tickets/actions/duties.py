"""Writes the duty list (派单目录): drafted, reviewed by another, published, never overwritten."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Department, User
from city.actions import mark_changed, one_change
from city.models import Category, Region
from tickets import policy
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import DUTY_STEPS, DutyItem

State = DutyItem.State
OPEN = (State.DRAFT, State.IN_REVIEW)


@dataclass(frozen=True)
class DutyContent:
    """What one version of a row says."""

    category: Category
    department: Department
    valid_from: date
    region: Region | None = None
    keywords: Sequence[str] = ()
    excluded: Sequence[str] = ()
    assisting: Sequence[Department] = ()
    with_territory: bool = False
    basis: str = ""
    valid_to: date | None = None

    @property
    def columns(self) -> dict[str, object]:
        """The content as columns of the row."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        del given["assisting"]
        return given | {"keywords": list(self.keywords), "excluded": list(self.excluded)}


def add_duties(rows: Sequence[DutyItem]) -> int:
    """Add rows that are in force at once (初始派单目录), for an empty city; returns how many."""
    named: Counter[str] = Counter()
    for row in rows:
        name = row_name(row.category, row.region)
        named[name] += 1
        row.state = State.PUBLISHED
        row.key = name if named[name] == 1 else f"{name}-{named[name]}"
    found = len(DutyItem.objects.bulk_create(rows, 500))
    mark_changed()
    return found


def row_name(category: Category, region: Region | None) -> str:
    """Name a row after its matter and region (条目编号)."""
    return f"{category.code}-{region.code}" if region else category.code


@transaction.atomic
def draft_duty(content: DutyContent, *, by: User, key: str = "") -> DutyItem:
    """Write the first version of a new row (新增条目)."""
    _check(content, by)
    key = key or _free_key(row_name(content.category, content.region))
    if DutyItem.objects.filter(key=key).exists():
        raise Invalid(key=f"已有编号为 {key} 的条目，请改用修改。")
    return _write(DutyItem(key=key), content, by)


@transaction.atomic
def revise_duty(item: DutyItem, content: DutyContent, *, by: User) -> DutyItem:
    """Write what a row shall say (修改条目): a draft in place, else a new version beside it."""
    _check(content, by)
    versions = DutyItem.objects.select_for_update().filter(key=item.key).order_by("-version")
    newest = versions[0]
    if newest.state == State.IN_REVIEW:
        raise WrongState("这个条目有一版正在审核，请先审核或退回。")
    if newest.state == State.DRAFT:
        return _write(newest, content, by)
    return _write(DutyItem(key=item.key, version=newest.version + 1), content, by)


@transaction.atomic
def discard_duty(item: DutyItem, *, by: User) -> None:
    """Throw a draft away (放弃草稿); what was ever published stays."""
    row = _locked(item, by)
    if row.state != State.DRAFT:
        raise WrongState("只有草稿可以放弃。")
    row.delete()


@transaction.atomic
def move_duty(item: DutyItem, verb: str, *, by: User, note: str = "") -> DutyItem:
    """Submit, publish, send back or withdraw a version (提交、发布、退回、停用)."""
    step, row = DUTY_STEPS[verb], _locked(item, by)
    if row.state != step.source:
        raise WrongState(f"这一版目前是“{row.get_state_display()}”，不能{step.label}。")
    if not policy.may_move_duty(by, step, row):
        raise NotAllowed("起草人不能审核自己的条目，请由另一位督办员或管理员审核。")
    if step.needs_note and not note.strip():
        raise Invalid(note="请写明理由。")
    if verb == "publish":
        _check_units([row.department, *row.assisting.all()])
        others = DutyItem.objects.filter(key=row.key, state=State.PUBLISHED)
        others.update(state=State.REPLACED)
    row.state, row.note = step.target, note.strip()[:200]
    if verb != "submit":
        row.reviewed_by, row.reviewed_at = by, timezone.now()
    row.save()
    mark_changed()
    return row


@transaction.atomic
def move_duties(items: Iterable[DutyItem], verb: str, *, by: User) -> int:
    """Do one step on many rows (批量提交、批量发布), all or none; returns how many."""
    with one_change():
        return len([move_duty(item, verb, by=by) for item in items])


@transaction.atomic
def import_duties(rows: Iterable[tuple[str, DutyContent]], *, by: User) -> int:
    """Take in a file's rows as drafts (导入派单目录), all or none; returns how many.

    A row whose key is known becomes a new version of it, one without a key a new row.
    """
    done = 0
    for key, content in rows:
        known = DutyItem.objects.filter(key=key).order_by("-version").first() if key else None
        if known:
            revise_duty(known, content, by=by)
        else:
            draft_duty(content, by=by, key=key)
        done += 1
    return done


def _locked(item: DutyItem, by: User) -> DutyItem:
    if not policy.may_write_duties(by):
        raise NotAllowed("只有督办员和管理员可以维护派单目录。")
    return DutyItem.objects.select_for_update().get(pk=item.pk)


def _write(row: DutyItem, content: DutyContent, by: User) -> DutyItem:
    for name, value in content.columns.items():
        setattr(row, name, value)
    row.written_by, row.written_at, row.note = by, timezone.now(), ""
    row.save()
    row.assisting.set(content.assisting)
    return row


def _check(content: DutyContent, by: User) -> None:
    if not policy.may_write_duties(by):
        raise NotAllowed("只有督办员和管理员可以维护派单目录。")
    if content.valid_to and content.valid_to <= content.valid_from:
        raise Invalid(valid_to="失效日期应晚于生效日期。")
    if content.department in content.assisting:
        raise Invalid(assisting=f"{content.department.name}已是主办单位，不能同时协办。")
    _check_units([content.department, *content.assisting])


def _check_units(units: Iterable[Department]) -> None:
    for unit in units:
        if not unit.active:
            raise Invalid(department=f"{unit.name}已停用，请换一个单位。")


def _free_key(name: str) -> str:
    """Number the rows of one matter and region: 0101-990102, 0101-990102-2, …"""
    taken = set(DutyItem.objects.filter(key__startswith=name).values_list("key", flat=True))
    key, n = name, 1
    while key in taken:
        n += 1
        key = f"{name}-{n}"
    return key
