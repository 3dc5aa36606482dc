"""Everything that writes units, people, posts, and who saw what."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from pypinyin import Style, lazy_pinyin

from accounts.events import UnitMoved
from accounts.fields import encrypted_columns, phone_hash
from accounts.ledgers import Ledger, sealed
from accounts.models import (
    AccessLog,
    Anchor,
    Department,
    Membership,
    Role,
    SignInAttempt,
    StandIn,
    User,
)
from city.actions import mark_changed
from city.events import WordChanged
from outbox.bus import publish


def _spelled(department: Department) -> tuple[str, str]:
    """Spell the unit's names in pinyin and in initials, for people who type letters."""
    names = [name for name in (department.name, department.short_name) if name]
    full = " ".join("".join(lazy_pinyin(name)) for name in names)
    first = " ".join("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)) for name in names)
    return full[:300], first[:80]


@transaction.atomic
def save_department(department: Department) -> Department:
    """Write a unit (保存单位) with its spelling and its path; what is below moves along."""
    department.clean()
    before, parent = department.path, department.parent
    known = Department.objects.filter(pk=department.pk).values_list("name", "short_name").first()
    department.pinyin, department.initials = _spelled(department)
    department.level = parent.level + 1 if parent else 1
    department.save()
    department.path = f"{parent.path if parent else '/'}{department.pk}/"
    department.save(update_fields=["path"])
    if before and before != department.path:
        _move_below(before, department)
        publish(UnitMoved(unit_id=department.pk))
    mark_changed()
    _tell_names(set(known or ()), department)
    return department


def _tell_names(before: set[str], department: Department) -> None:
    """Let those who cut texts know of the names that a unit took or gave up."""
    if before:
        for name in (before ^ {department.name, department.short_name}) - {""}:
            publish(WordChanged(name))


def create_department(
    code: str, name: str, *, kind: str, parent: Department | None = None, **fields: Any
) -> Department:
    """Add a unit to the tree (新建单位)."""
    return save_department(Department(code=code, name=name, kind=kind, parent=parent, **fields))


def change_department(department: Department, **fields: Any) -> Department:
    """Change a unit (修改单位)."""
    for name, value in fields.items():
        setattr(department, name, value)
    return save_department(department)


def _move_below(before: str, department: Department) -> None:
    """Give all that hung under the old path the new one."""
    for unit in Department.objects.filter(path__startswith=before).exclude(pk=department.pk):
        unit.path = department.path + unit.path.removeprefix(before)
        unit.level = unit.path.count("/") - 1
        unit.save(update_fields=["path", "level"])


@transaction.atomic
def create_user(
    username: str,
    *,
    name: str,
    password: str | None = None,
    agent_no: str = "",
    posts: Iterable[tuple[Role, Department | None]] = (),
) -> User:
    """Add a member of staff with posts (新建人员)."""
    user = User.objects.create_user(username, password=password, name=name, agent_no=agent_no)
    for role, department in posts:
        grant(user, role, department)
    return user


@transaction.atomic
def grant(user: User, role: Role, department: Department | None = None) -> Membership:
    """Give a post (授予角色); the administrator also gets Django's own pages."""
    post, _ = Membership.objects.get_or_create(
        user=user, role=role, department=department, begins_at=None
    )
    _settle(user)
    return post


@transaction.atomic
def revoke(user: User, role: Role, department: Department | None = None) -> None:
    """Take a post away (收回角色); what it allowed ends with the next request."""
    Membership.objects.filter(user=user, role=role, department=department).delete()
    _settle(user)


@transaction.atomic
def set_posts(user: User, wanted: set[tuple[Role, Department | None]]) -> None:
    """Make the posts exactly these (调整任职)."""
    posts = user.memberships.filter(begins_at=None).select_related("department")
    held = {(Role(post.role), post.department) for post in posts}
    for role, department in held - wanted:
        revoke(user, role, department)
    for role, department in wanted - held:
        grant(user, role, department)


@transaction.atomic
def stand_in(post: StandIn) -> StandIn:
    """Give somebody a post for a time (代理、值班); it begins and ends by itself."""
    post.clean()
    post.save()
    vars(post.user).pop("posts", None)
    return post


def save_user(user: User) -> User:
    """Write a person as an administrator left it (保存人员)."""
    user.save()
    return user


def _settle(user: User) -> None:
    """Forget the posts read before, and let only administrators into Django's pages."""
    vars(user).pop("posts", None)
    is_admin = user.has_role(Role.ADMIN)
    if user.is_staff != is_admin:
        user.is_staff = user.is_superuser = is_admin
        user.save(update_fields=["is_staff", "is_superuser"])


def record_sign_in(username: str, *, ok: bool, ip: str | None = None) -> SignInAttempt:
    """Note a try to sign in (登录记录)."""
    return SignInAttempt.objects.create(username=username[:150], ok=ok, ip=ip, at=timezone.now())


def log_access(
    by: User,
    action: str,
    subject: models.Model,
    *,
    fields: Iterable[str] = (),
    reason: str = "",
    ip: str | None = None,
) -> AccessLog:
    """Note that somebody saw personal data (查阅留痕); call it in the transaction that shows it."""
    return AccessLog.objects.create(
        user=by,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        fields=list(fields),
        reason=reason[:200],
        ip=ip,
    )


def log_phone_search(
    by: User, hashed: str, *, shown: str, found: int, ip: str | None = None
) -> AccessLog:
    """Note that somebody looked for a citizen's number (按电话查单留痕): its hash, it masked."""
    return AccessLog.objects.create(
        user=by,
        action="search_phone",
        subject_type="phone",
        subject_id=hashed[:40],
        fields=["phone"],
        reason=f"按电话 {shown} 查单，找到 {found} 件",
        ip=ip,
    )


def log_export(by: User, *, asked: str, count: int, ip: str | None = None) -> AccessLog:
    """Note that somebody took rows away as a file (导出留痕): how many, and what was asked for."""
    return AccessLog.objects.create(
        user=by,
        action="export",
        subject_type="tickets",
        subject_id=str(count),
        fields=["name", "phone", "text"],
        reason=f"导出 {count} 件（已脱敏）：{asked or '未筛选'}"[:200],
        ip=ip,
    )


def rotate_fields(model: type[models.Model], *, batch: int = 500) -> int:
    """Write all encrypted columns anew under the newest key (密钥轮换); returns rows written.

    A column named `X_hash` beside an encrypted `X` is its phone hash. Safe to run again.
    """
    encrypted = encrypted_columns(model)
    names = {f.name for f in model._meta.fields}
    hashes = {f"{name}_hash": name for name in encrypted if f"{name}_hash" in names}
    columns = [*encrypted, *hashes]
    last, count = 0, 0
    while rows := _rotate_batch(model, columns, hashes, last, batch):
        last, count = rows[-1].pk, count + len(rows)
    return count


@transaction.atomic
def _rotate_batch(
    model: type[models.Model], columns: list[str], hashes: Mapping[str, str], last: int, batch: int
) -> list[models.Model]:
    """Rewrite the next rows under a lock, so that nothing typed meanwhile is lost."""
    after = model._default_manager.select_for_update().filter(pk__gt=last)
    rows = list(after.order_by("pk")[:batch])
    for row in rows:
        for column, source in hashes.items():
            setattr(row, column, phone_hash(getattr(row, source) or ""))
    if rows:
        model._default_manager.bulk_update(rows, columns)
    return rows


def anchor(ledger: Ledger, on: date) -> Anchor | None:
    """Seal what a ledger has grown by the end of the day ON (日锚); None where that is done.

    Call it once every writer of that day has finished; days missed are sealed with it.
    """
    last = ledger.anchors().last()
    if last and last.on >= on:
        return None
    midnight = timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))
    after, before = (last.until, last.seal) if last else (0, "")
    until = max(after, ledger.last_before(midnight))
    seal, rows = sealed(ledger, after, until, before)
    said = {"until": until, "rows": rows, "seal": seal}
    made, new = Anchor.objects.get_or_create(ledger=ledger.name, on=on, defaults=said)
    return made if new else None
