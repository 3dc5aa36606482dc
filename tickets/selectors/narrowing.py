"""A list of work narrowed by what people ask of it, and the three numbers above it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Department, User
from city import selectors as city
from tickets import policy
from tickets.models import Assignment, Entry, SavedSearch, Ticket
from tickets.selectors.own_clock import by_ticket, with_clock
from tickets.selectors.worklists import WORK_LISTS, WorkList, near_due_before

Rows = QuerySet[Ticket]
TOOK_UP = ("sign", "reply")


def worklists_of(user: User) -> list[WorkList]:
    """The lists of work of USER's roles (本岗工作列表), in the order of a ticket's way."""
    return [row for row in WORK_LISTS.values() if user.has_role(*row.roles)]


def work_of(user: User, *names: str) -> Rows:
    """The tickets of these lists of USER's (待办工单), of all of them where none is named.

    Each has the clock that is his to keep as `clock_at`.
    """
    lists = [row for row in worklists_of(user) if not names or row.name in names]
    asked = reduce(or_, (row.rows_of(user) for row in lists), Q(pk__in=[]))
    rows = policy.visible_to(user).filter(asked)
    return with_clock(rows, user) if any(row.turns for row in lists) else by_ticket(rows)


def units_below(user: User) -> QuerySet[Department]:
    """The units by which USER may narrow a list (本单位及下级): the hotline's people by all."""
    units = Department.objects.filter(active=True).exclude(kind=Department.Kind.CENTER)
    if user.has_role(*policy.SEES_ALL):
        return units
    mine = Q(pk__in=[])
    for path in policy.unit_paths(user):
        mine |= Q(path__startswith=path)
    return units.filter(mine)


def _with_unit(rows: Rows, unit: Department) -> Rows:
    """Keep what the unit, or one below it, has a live turn at."""
    turns = Assignment.objects.filter(ticket=OuterRef("pk"), voided_at=None)
    return rows.filter(Exists(turns.filter(department__path__startswith=unit.path)))


def ids_with(unit: Department) -> list[int]:
    """List the tickets at which the unit, or one below it, has a live turn (在办单位的工单)."""
    return list(_with_unit(Ticket.objects.order_by("pk"), unit).values_list("pk", flat=True))


def begins(day: date) -> datetime:
    """Give the moment a day begins in the city (零时): an index of moments answers no dates.

    Of years that nobody means the nearest that a database can hold in every zone.
    """
    sane = min(max(day, date(1900, 1, 1)), date(9000, 1, 1))
    return timezone.make_aware(datetime.combine(sane, time.min))


def accepted_on(rows: Rows, day: date) -> Rows:
    """Keep what was accepted on a day (当日受理)."""
    since = begins(day)
    return rows.filter(accepted_at__gte=since, accepted_at__lt=since + timedelta(days=1))


NARROWED_BY: dict[str, Callable[[Rows, Any], Rows]] = {
    "status": lambda rows, status: rows.filter(status=status),
    "urgency": lambda rows, urgency: rows.filter(urgency=urgency),
    "kind": lambda rows, kind: rows.filter(kind=kind),
    "source": lambda rows, source: rows.filter(source=source),
    "category": lambda rows, matter: rows.filter(category__code__startswith=matter.code),
    "unit": _with_unit,
    "since": lambda rows, day: rows.filter(accepted_at__gte=begins(day)),
    "until": lambda rows, day: rows.filter(accepted_at__lt=begins(day) + timedelta(days=1)),
}
"""What a list is narrowed by: the name of the question, and what its answer keeps."""


def narrowed(rows: Rows, user: User, asked: Mapping[str, Any]) -> Rows:
    """Keep what answers all that was asked (筛选); an empty answer narrows nothing."""
    for name, narrow in NARROWED_BY.items():
        if asked.get(name):
            rows = narrow(rows, asked[name])
    return taken_up_by(rows, user) if asked.get("mine") else rows


def taken_up_by(rows: Rows, user: User) -> Rows:
    """Keep what USER signed for, wrote on or was handed (我承办的), not what he handed over."""
    wrote = Entry.objects.filter(ticket=OuterRef("pk"), by=user, step__in=TOOK_UP)
    turns = Assignment.objects.filter(ticket=OuterRef("pk"), voided_at=None)
    handed_to_another = turns.exclude(handler=None).exclude(handler=user)
    mine = Exists(turns.filter(handler=user)) | (Exists(wrote) & ~Exists(handed_to_another))
    return rows.filter(mine)


def tonight(now: datetime) -> datetime:
    """Give the end of the day, as clocks in the city show it (今日)."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


@dataclass(frozen=True)
class Pressing:
    """The three numbers above a list of work."""

    total: int
    today: int
    overdue: int


def pressing_of(rows: Rows, now: datetime) -> Pressing:
    """Count what a list holds, what of it is due today and what is overdue (三个数字)."""
    today = Q(clock_at__gte=now, clock_at__lt=tonight(now))
    found = rows.aggregate(
        total=Count("id"),
        today=Count("id", filter=today),
        overdue=Count("id", filter=Q(clock_at__lt=now)),
    )
    return Pressing(**found)


def by_clock(rows: Rows, due: str, now: datetime) -> Rows:
    """Keep what is due today, nearly due or overdue by `clock_at` (按时限)."""
    match due:
        case "today":
            return rows.filter(Q(clock_at__gte=now, clock_at__lt=tonight(now)))
        case "near":
            until = near_due_before(now, city.calendar())
            return rows.filter(Q(clock_at__gte=now, clock_at__lte=until))
        case "overdue":
            return rows.filter(Q(clock_at__lt=now))
        case _:
            return rows


def last_done(user: User, step: str) -> datetime | None:
    """Tell when USER last did STEP (上次办理), None if never."""
    newest = Entry.objects.filter(by=user, step=step).order_by("-at").values_list("at", flat=True)
    return newest.first()


def kept_by(user: User, page: str) -> QuerySet[SavedSearch]:
    """The searches or views that USER keeps for a page (常用搜索、常用视图), by name."""
    return SavedSearch.objects.filter(owner=user, page=page).order_by("name")
