"""The figures of the live board (督办看板), counted over what the person may see."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import Department, User
from city import selectors as city
from tickets import policy, selectors
from tickets.assessment import answers, behind
from tickets.assessment.answers import Rates
from tickets.assessment.beside import Punctuality, punctuality
from tickets.models import Ticket
from tickets.workflow import OPEN, UNCOUNTED, Status

DAYS = 14
WORST_UNITS = 8
URGENT_ROWS = 10


@dataclass(frozen=True)
class UnitLoad:
    """One unit's open tickets."""

    code: str
    name: str
    open: int
    overdue: int


@dataclass(frozen=True)
class Board:
    """What a supervisor sees first."""

    at: datetime
    today: int
    usual: int
    open: int
    near_due: int
    overdue: int
    auto_share: int
    by_status: list[tuple[str, str, int]]
    days: list[tuple[date, int]]
    units: list[UnitLoad]
    rates: Rates
    behind: dict[str, int]
    signed_in_time: float | None
    punctual: list[Punctuality]
    newest: datetime | None

    @property
    def fullest(self) -> int:
        """The most open tickets of a unit shown: the one scale of their bars."""
        return max((unit.open for unit in self.units), default=1)


def board(user: User, now: datetime) -> Board:
    """Count the live board (看板) at a moment."""
    rows = policy.visible_to(user)
    days = intake_by_day(user, now)
    before = [count for _, count in days[:-1]]
    heaps = _open(rows, now)
    said = answers.of_month(rows, now)
    found = behind.counted(rows, said, now)
    return Board(
        at=now,
        today=days[-1][1],
        usual=round(sum(before) / len(before)),
        open=sum(heap.open for heap in heaps),
        near_due=sum(heap.near for heap in heaps),
        overdue=sum(heap.overdue for heap in heaps),
        auto_share=round(100 * found["auto"] / found["sent"]) if found["sent"] else 0,
        by_status=_by_status(heaps),
        days=days,
        units=_worst_units(heaps),
        rates=said.rates,
        behind=found,
        signed_in_time=behind.signed_in_time(found),
        punctual=punctuality(rows, now),
        newest=rows.aggregate(newest=Max("accepted_at"))["newest"],
    )


class Heap(NamedTuple):
    """The open tickets of one state that one unit leads."""

    status: str
    lead: int | None
    open: int
    near: int
    overdue: int


def _open(rows: QuerySet[Ticket], now: datetime) -> list[Heap]:
    """Count what is open by state and unit, in one walk along an index that holds all of it."""
    soon = selectors.near_due_before(now, city.calendar())
    found = rows.filter(status__in=OPEN).order_by().values_list("status", "lead")
    counted = found.annotate(
        open=Count("id"),
        near=Count("id", filter=Q(due_at__gte=now, due_at__lte=soon)),
        overdue=Count("id", filter=Q(due_at__lt=now)),
    )
    return [Heap(*row) for row in counted]


def intake_by_day(user: User, now: datetime) -> list[tuple[date, int]]:
    """Count what came in (受理量) on each of the last fourteen days, today last."""
    first = behind.midnight(now) - timedelta(days=DAYS - 1)
    starts = [first + timedelta(days=n) for n in range(DAYS + 1)]
    counts = {
        f"day_{n}": Count("id", filter=Q(accepted_at__gte=start, accepted_at__lt=end))
        for n, (start, end) in enumerate(pairwise(starts))
    }
    demands = policy.visible_to(user).exclude(status__in=UNCOUNTED)
    found = demands.filter(accepted_at__gte=first).aggregate(**counts)
    days = [timezone.localdate(start) for start in starts[:DAYS]]
    return list(zip(days, found.values(), strict=True))


def _by_status(heaps: list[Heap]) -> list[tuple[str, str, int]]:
    found = Counter[str]()
    for heap in heaps:
        found[heap.status] += heap.open
    return [(s.value, str(s.label), found[s.value]) for s in Status if s in OPEN]


def _worst_units(heaps: list[Heap]) -> list[UnitLoad]:
    """List the units with most overdue tickets first (超期最多)."""
    open_of, late_of = Counter[int](), Counter[int]()
    for heap in heaps:
        if heap.lead is not None:
            open_of[heap.lead] += heap.open
            late_of[heap.lead] += heap.overdue
    worst = sorted(open_of, key=lambda unit: (-late_of[unit], -open_of[unit], unit))[:WORST_UNITS]
    names = Department.objects.in_bulk(worst)
    return [UnitLoad(names[pk].code, names[pk].name, open_of[pk], late_of[pk]) for pk in worst]


def pressing(user: User, now: datetime) -> list[Ticket]:
    """List the tickets longest overdue (超期清单) that USER may see."""
    rows = selectors.overdue(policy.visible_to(user), now).order_by("due_at", "id")
    keys = list(rows.values_list("pk", flat=True)[:URGENT_ROWS])  # sorts keys, not whole rows
    return list(selectors.in_order(Ticket.objects.filter(pk__in=keys)))
