"""The figures of the live board (督办看板), counted over what the person may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Case, Count, FloatField, Max, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import User
from tickets import policy, selectors
from tickets.models import CallbackAttempt, Contacted, Rating, Satisfied, Solved, Ticket
from tickets.workflow import OPEN, Status

DAYS = 14
WORST_UNITS = 8
URGENT_ROWS = 10
PARTLY_SOLVED, MOSTLY_SATISFIED = 1.0, 0.8
"""What 基本解决 and 基本满意 count for; 0.8 follows the figures of a Shanghai town."""


@dataclass(frozen=True)
class UnitLoad:
    """One unit's open tickets."""

    code: str
    name: str
    open: int
    overdue: int


@dataclass(frozen=True)
class Rates:
    """三率 of the month: contacted, solved, satisfied, each of those who answered; None: nobody."""

    answered: int
    contacted: float | None
    solved: float | None
    satisfied: float | None


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
    newest: datetime | None


def board(user: User, now: datetime) -> Board:
    """Count the live board (看板) at a moment."""
    rows = policy.visible_to(user)
    days = _intake_by_day(rows, now)
    before = [count for _, count in days[:-1]]
    totals = _totals(rows, now)
    return Board(
        at=now,
        today=days[-1][1],
        usual=round(sum(before) / len(before)),
        open=totals["open"],
        near_due=totals["near"],
        overdue=totals["overdue"],
        auto_share=round(100 * totals["auto"] / totals["sent"]) if totals["sent"] else 0,
        by_status=_by_status(rows),
        days=days,
        units=_worst_units(rows, now),
        rates=rates(rows, now),
        newest=totals["newest"],
    )


def _totals(rows: QuerySet[Ticket], now: datetime) -> dict[str, Any]:
    near = selectors.near_due(Ticket.objects.all(), now)
    midnight = _midnight(now)
    is_open = Q(status__in=OPEN)
    return rows.aggregate(
        open=Count("id", filter=is_open),
        near=Count("id", filter=Q(pk__in=near.values("pk"))),
        overdue=Count("id", filter=is_open & Q(due_at__lt=now)),
        sent=Count("id", filter=Q(dispatched_at__gte=midnight)),
        auto=Count("id", filter=Q(dispatched_at__gte=midnight, auto_dispatched=True)),
        newest=Max("accepted_at"),
    )


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _intake_by_day(rows: QuerySet[Ticket], now: datetime) -> list[tuple[date, int]]:
    """Count what came in (受理量) on each of the last fourteen days, today last."""
    first = _midnight(now) - timedelta(days=DAYS - 1)
    found = dict(
        rows.filter(accepted_at__gte=first)
        .annotate(day=TruncDate("accepted_at"))
        .order_by("day")
        .values_list("day")
        .annotate(count=Count("id"))
    )
    days = [timezone.localdate(first) + timedelta(days=n) for n in range(DAYS)]
    return [(day, found.get(day, 0)) for day in days]


def _by_status(rows: QuerySet[Ticket]) -> list[tuple[str, str, int]]:
    counted = rows.filter(status__in=OPEN).order_by().values_list("status")
    found = dict(counted.annotate(count=Count("id")))
    return [(s.value, str(s.label), found.get(s.value, 0)) for s in Status if s in OPEN]


def _worst_units(rows: QuerySet[Ticket], now: datetime) -> list[UnitLoad]:
    """List the units with most overdue tickets first (超期最多)."""
    found = (
        rows.filter(status__in=OPEN)
        .exclude(lead=None)
        .order_by()
        .values_list("lead__code", "lead__name")
        .annotate(open=Count("id"), overdue=Count("id", filter=Q(due_at__lt=now)))
        .order_by("-overdue", "-open", "lead__code")
    )
    return [UnitLoad(*row) for row in found[:WORST_UNITS]]


def rates(rows: QuerySet[Ticket], now: datetime) -> Rates:
    """Count 三率 (响应率、解决率、满意率) since the first of the month, by phone and online."""
    since = _midnight(now).replace(day=1)
    phoned = CallbackAttempt.objects.filter(ticket__in=rows, outcome="reached", at__gte=since)
    online = Rating.objects.filter(ticket__in=rows, at__gte=since)
    parts = [_means(phoned), _means(online)]
    answered = sum(part["answered"] for part in parts)
    return Rates(answered, *(_joined(parts, name, answered) for name in ANSWERS))


ANSWERS = ("contacted", "solved", "satisfied")


def _means(rows: QuerySet[CallbackAttempt] | QuerySet[Rating]) -> dict[str, Any]:
    return rows.aggregate(
        answered=Count("id"),
        contacted=Avg(_weights("contacted", {Contacted.YES: 1.0})),
        solved=Avg(_weights("solved", {Solved.YES: 1.0, Solved.PARTLY: PARTLY_SOLVED})),
        satisfied=Avg(
            _weights("satisfied", {Satisfied.YES: 1.0, Satisfied.MOSTLY: MOSTLY_SATISFIED})
        ),
    )


def _weights(field: str, worth: dict[Any, float]) -> Case:
    whens = [When(**{field: value}, then=Value(weight)) for value, weight in worth.items()]
    return Case(*whens, default=Value(0.0), output_field=FloatField())


def _joined(parts: list[dict[str, Any]], name: str, answered: int) -> float | None:
    if not answered:
        return None
    total: float = sum((part[name] or 0.0) * part["answered"] for part in parts)
    return 100 * total / answered


def pressing(user: User, now: datetime) -> list[Ticket]:
    """List the tickets longest overdue (超期清单) that USER may see."""
    rows = selectors.overdue(policy.visible_to(user), now)
    return list(selectors.in_order(rows)[:URGENT_ROWS])
