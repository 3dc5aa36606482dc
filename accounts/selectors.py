"""Questions about units and people."""

from bisect import bisect_left
from datetime import datetime, timedelta
from itertools import takewhile

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AccessLog, Department, SignInAttempt, User, held_at
from accounts.roles import Role
from city import selectors as city
from city.memo import Memo

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)


def subtree(department: Department) -> QuerySet[Department]:
    """Find the unit and all below it (本单位及下级)."""
    return Department.objects.filter(path__startswith=department.path)


def superiors(department: Department) -> list[Department]:
    """List the units above, the topmost first (上级单位)."""
    ids = [int(part) for part in department.path.split("/") if part][:-1]
    return list(Department.objects.filter(pk__in=ids).order_by("level"))


def by_code(code: str) -> Department | None:
    """Find a unit by its code (单位编码)."""
    return Department.objects.filter(code=code).first()


def find_departments(text: str, limit: int = 20) -> list[Department]:
    """Find active units by a part of name, code, pinyin or initials (检索单位)."""
    typed = text.strip().lower()
    if not typed:
        return []
    found = Department.objects.filter(active=True).filter(
        Q(name__icontains=typed)
        | Q(short_name__icontains=typed)
        | Q(code__istartswith=typed)
        | Q(pinyin__contains=typed)
        | Q(initials__contains=typed)
    )
    return sorted(found, key=lambda unit: (not _starts(unit, typed), unit.level, unit.path))[:limit]


def _starts(unit: Department, typed: str) -> bool:
    names = [unit.name, unit.short_name, unit.code.lower()]
    names += unit.pinyin.split() + unit.initials.split()
    return any(name.startswith(typed) for name in names)


def members(department: Department, *roles: Role) -> QuerySet[User]:
    """Find the active people of a unit, of all roles or of those named (单位人员)."""
    chosen = roles or tuple(Role)
    posts = Q(memberships__department=department, memberships__role__in=chosen)
    posts &= held_at(timezone.now(), "memberships__")
    return User.objects.filter(posts, is_active=True).distinct().order_by("id")


def acting_as(*roles: Role) -> QuerySet[User]:
    """Find the active people who act in any of the roles (按角色找人)."""
    posts = Q(memberships__role__in=roles) & held_at(timezone.now(), "memberships__")
    return User.objects.filter(posts, is_active=True).distinct().order_by("id")


def locked_until(username: str, now: datetime) -> datetime | None:
    """Tell until when a name may not sign in (登录锁定): five failures in a row lock 15 minutes."""
    since = SignInAttempt.objects.filter(username=username, at__gt=now - LOCKED_FOR)
    latest = list(since.order_by("-at", "-id").values_list("ok", "at")[:FAILURES_ALLOWED])
    if len(latest) < FAILURES_ALLOWED or any(ok for ok, _ in latest):
        return None
    return latest[0][1] + LOCKED_FOR


def accesses_of(subject_type: str, subject_id: str) -> QuerySet[AccessLog]:
    """Find who looked at a subject's personal data (查阅记录), the latest first."""
    return AccessLog.objects.filter(
        subject_type=subject_type, subject_id=subject_id
    ).select_related("user")


def lexicon() -> city.Lexicon:
    """Give the city's words and synonyms with the names of the units (词库), for cutting text."""
    known = city.lexicon()
    names = Department.objects.filter(active=True).values_list("name", "short_name")
    units = sorted({name for pair in names for name in pair if name})
    return city.Lexicon([*units, *known.words], known.synonyms)


def _heirs() -> dict[int, Department]:
    """Follow each closed unit to the one in use that took its duties."""
    rows = Department.objects.filter(Q(active=True) | ~Q(successor=None))
    units = {unit.pk: unit for unit in rows.select_related("region", "parent")}
    found: dict[int, Department] = {}
    for unit in units.values():
        heir: Department | None = unit
        for _ in units:
            if heir is None or heir.active:
                break
            heir = units.get(heir.successor_id or 0)
        if heir is not None and heir.active and heir != unit:
            found[unit.pk] = heir
    return found


_succession = Memo(_heirs)


def living(unit: Department) -> Department:
    """Give the unit that has this one's duties now (继任单位): itself while it is in use.

    A closed unit without a successor is given as it is. Known to all processes at once when a
    unit is changed.
    """
    return unit if unit.active else _succession.get().get(unit.pk, unit)


def _by_path() -> list[tuple[str, int]]:
    """List the units in use by their paths: what lies below one stands right behind it."""
    return sorted(Department.objects.filter(active=True).values_list("path", "pk"))


_paths = Memo(_by_path)


def ids_from(unit: Department) -> list[int]:
    """List the unit and all below it that are in use (本单位及下级), as ids and without a query."""
    rows = _paths.get()
    behind = rows[bisect_left(rows, (unit.path, 0)) :]
    return [pk for _, pk in takewhile(lambda row: row[0].startswith(unit.path), behind)]
