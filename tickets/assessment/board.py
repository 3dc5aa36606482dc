"""The figures of the live board (督办看板), counted over what the person may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Aggregate, Avg, Case, Count, FloatField, Max, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import Department, User
from city import selectors as city
from tickets import policy, selectors
from tickets.assessment import behind
from tickets.assessment.beside import Punctuality, punctuality
from tickets.models import CallbackAttempt, Contacted, Rating, Satisfied, Solved, Ticket
from tickets.workflow import OPEN, UNCOUNTED, Status

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
    days = _intake_by_day(rows, now)
    before = [count for _, count in days[:-1]]
    totals = _totals(rows, now)
    found = behind.counted(rows, now)
    return Board(
        at=now,
        today=days[-1][1],
        usual=round(sum(before) / len(before)),
        open=totals["open"],
        near_due=totals["near"],
        overdue=totals["overdue"],
        auto_share=round(100 * found["auto"] / found["sent"]) if found["sent"] else 0,
        by_status=_by_status(rows),
        days=days,
        units=_worst_units(rows, now),
        rates=rates(rows, now),
        behind=found,
        signed_in_time=behind.signed_in_time(found),
        punctual=punctuality(rows, now),
        newest=totals["newest"],
    )


def _totals(rows: QuerySet[Ticket], now: datetime) -> dict[str, Any]:
    """Count what is open and find the newest; each by an index."""
    soon = selectors.near_due_before(now, city.calendar())
    clocks: dict[str, Any] = rows.filter(status__in=OPEN).aggregate(
        open=Count("id"),
        near=Count("id", filter=Q(due_at__gte=now, due_at__lte=soon)),
        overdue=Count("id", filter=Q(due_at__lt=now)),
    )
    return clocks | rows.aggregate(newest=Max("accepted_at"))


def _intake_by_day(rows: QuerySet[Ticket], now: datetime) -> list[tuple[date, int]]:
    """Count what came in (受理量) on each of the last fourteen days, today last."""
    first = behind.midnight(now) - timedelta(days=DAYS - 1)
    starts = [first + timedelta(days=n) for n in range(DAYS + 1)]
    counts = {
        f"day_{n}": Count("id", filter=Q(accepted_at__gte=start, accepted_at__lt=end))
        for n, (start, end) in enumerate(pairwise(starts))
    }
    demands = rows.exclude(status__in=UNCOUNTED)
    found = demands.filter(accepted_at__gte=first).aggregate(**counts)
    days = [timezone.localdate(start) for start in starts[:DAYS]]
    return list(zip(days, found.values(), strict=True))


def _by_status(rows: QuerySet[Ticket]) -> list[tuple[str, str, int]]:
    counted = rows.filter(status__in=OPEN).order_by().values_list("status")
    found = dict(counted.annotate(count=Count("id")))
    return [(s.value, str(s.label), found.get(s.value, 0)) for s in Status if s in OPEN]


def _worst_units(rows: QuerySet[Ticket], now: datetime) -> list[UnitLoad]:
    """List the units with most overdue tickets first (超期最多)."""
    found = (
        rows.filter(status__in=OPEN, lead__isnull=False)
        .order_by()
        .values_list("lead")
        .annotate(open=Count("id"), overdue=Count("id", filter=Q(due_at__lt=now)))
    )
    worst = sorted(found, key=lambda row: (-row[2], -row[1], row[0]))[:WORST_UNITS]
    names = Department.objects.in_bulk([row[0] for row in worst])
    return [UnitLoad(names[pk].code, names[pk].name, *counts) for pk, *counts in worst]


def rates(rows: QuerySet[Ticket], now: datetime) -> Rates:
    """Count 三率 (响应率、解决率、满意率) since the first of the month, by phone and online."""
    return joined([part.aggregate(**MEANS) for part in answers(rows, behind.month(now))])


Answers = QuerySet[CallbackAttempt] | QuerySet[Rating]


def answers(rows: QuerySet[Ticket], since: datetime) -> tuple[Answers, Answers]:
    """Give what was answered by phone and online (回访、评价) about ROWS since then."""
    phoned = CallbackAttempt.objects.filter(outcome="reached", at__gte=since)
    online = Rating.objects.filter(at__gte=since)
    gone = behind.taken_back(since)
    phoned, online = phoned.exclude(ticket__in=gone), online.exclude(ticket__in=gone)
    if rows.query.has_filters():  # who sees all need not be asked of each answer
        phoned, online = phoned.filter(ticket__in=rows), online.filter(ticket__in=rows)
    return phoned.order_by(), online.order_by()


def _weights(field: str, worth: dict[Any, float]) -> Case:
    whens = [When(**{field: value}, then=Value(weight)) for value, weight in worth.items()]
    return Case(*whens, default=Value(0.0), output_field=FloatField())


MEANS: dict[str, Aggregate] = {
    "answered": Count("id"),
    "contacted": Avg(_weights("contacted", {Contacted.YES: 1.0})),
    "solved": Avg(_weights("solved", {Solved.YES: 1.0, Solved.PARTLY: PARTLY_SOLVED})),
    "satisfied": Avg(
        _weights("satisfied", {Satisfied.YES: 1.0, Satisfied.MOSTLY: MOSTLY_SATISFIED})
    ),
}
"""三率 of answers, each a share of one; all but the first are its fields' names in Rates."""


def joined(parts: list[dict[str, Any]]) -> Rates:
    """Join what was answered by phone and online (合计三率) to one."""
    answered = sum(part["answered"] for part in parts)
    return Rates(answered, *(_share(parts, name, answered) for name in list(MEANS)[1:]))


def _share(parts: list[dict[str, Any]], name: str, answered: int) -> float | None:
    if not answered:
        return None
    total: float = sum((part[name] or 0.0) * part["answered"] for part in parts)
    return 100 * total / answered


def pressing(user: User, now: datetime) -> list[Ticket]:
    """List the tickets longest overdue (超期清单) that USER may see."""
    rows = selectors.overdue(policy.visible_to(user), now).order_by("due_at", "id")
    keys = list(rows.values_list("pk", flat=True)[:URGENT_ROWS])  # sorts keys, not whole rows
    return list(selectors.in_order(Ticket.objects.filter(pk__in=keys)))
