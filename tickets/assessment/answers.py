"""What citizens answered this month, by phone or online (回访、评价): 三率, and whose it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tickets.models import CallbackAttempt, Contacted, Rating, Satisfied, Solved, Ticket
from tickets.workflow import Status

Rows = QuerySet[Ticket]
Said = QuerySet[CallbackAttempt] | QuerySet[Rating]
PARTLY_SOLVED, MOSTLY_SATISFIED = 1.0, 0.8
"""What 基本解决 and 基本满意 count for; 0.8 follows the figures of a Shanghai town."""
TAKEN_BACK = (Status.WITHDRAWN, Status.INVALID)
"""States whose tickets no rate counts (不计三率)."""
WORTH: dict[str, dict[Any, float]] = {
    "contacted": {Contacted.YES: 1.0},
    "solved": {Solved.YES: 1.0, Solved.PARTLY: PARTLY_SOLVED},
    "satisfied": {Satisfied.YES: 1.0, Satisfied.MOSTLY: MOSTLY_SATISFIED},
}
AMISS = {
    "answered": Q(at__isnull=False),
    "uncontacted": ~Q(contacted=Contacted.YES),
    "unsolved": ~Q(solved__in=(Solved.YES, Solved.PARTLY)),
    "dissatisfied": ~Q(satisfied__in=(Satisfied.YES, Satisfied.MOSTLY)),
}
"""What an answer says that puts its ticket behind a figure."""


@dataclass(frozen=True)
class Rates:
    """三率 of the month: contacted, solved, satisfied, each of those who answered; None: nobody."""

    answered: int
    contacted: float | None
    solved: float | None
    satisfied: float | None


@dataclass(frozen=True)
class Month:
    """The rates of a month, and how many tickets lie behind each figure."""

    rates: Rates
    tickets: dict[str, int]


SUMS: dict[str, Count] = {
    "answers": Count("at"),
    **{
        f"{name}_{answer}": Count("at", filter=Q(**{name: answer}))
        for name, worth in WORTH.items()
        for answer in worth
    },
}
"""What rates are reckoned from: how many answers, and how many said what is worth something."""
BEHIND = {name: Count("ticket", distinct=True, filter=about) for name, about in AMISS.items()}
"""The tickets behind each figure, those that were asked twice once."""


def month(now: datetime) -> datetime:
    """Give the beginning of this month (本月)."""
    return timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def said(about: Q, since: datetime) -> tuple[Said, Said]:
    """Find the answers by phone and those online since then that are so (回访、评价)."""
    phoned = CallbackAttempt.objects.filter(outcome=CallbackAttempt.Outcome.REACHED)
    online = Rating.objects.filter(about, at__gte=since)
    return phoned.filter(about, at__gte=since).order_by(), online.order_by()


def with_answers(rows: Rows, figure: str, now: datetime) -> Rows:
    """Keep the tickets behind a figure: their citizens answered so this month."""
    phoned, online = said(AMISS[figure], month(now))
    answered: Any = phoned.values("ticket").union(online.values("ticket"))
    return rows.exclude(status__in=TAKEN_BACK).filter(pk__in=answered)


def given(rows: Rows, since: datetime) -> list[Any]:
    """Give what was answered by phone and online (回访、评价) about ROWS since then.

    Without what was taken back and, unless who asks sees all, what he does not see.
    """
    gone = Ticket.objects.filter(pk=OuterRef("ticket"), status__in=TAKEN_BACK)
    counted = (each.filter(~Exists(gone)) for each in said(Q(), since))
    if not rows.query.has_filters():
        return list(counted)
    return [each.filter(ticket__in=rows) for each in counted]


def joined(parts: list[dict[str, Any]]) -> Rates:
    """Join what was answered by phone and online (合计三率) to one."""
    total = sum(part["answers"] for part in parts)
    return Rates(total, *(_rate(parts, name, total) for name in WORTH))


def _rate(parts: list[dict[str, Any]], name: str, total: int) -> float | None:
    worth = WORTH[name].items()
    points = sum(part[f"{name}_{answer}"] * weight for part in parts for answer, weight in worth)
    return 100 * points / total if total else None


def of_month(rows: Rows, now: datetime) -> Month:
    """Count this month's answers on ROWS (三率), each table once.

    A ticket that was answered both ways is one ticket of a figure and two answers of the rates.
    """
    phoned, online = given(rows, month(now))
    parts = [part.aggregate(**SUMS, **BEHIND) for part in (phoned, online)]
    both = _answered_twice(phoned, online)
    tickets = {name: sum(part[name] for part in parts) - both[name] for name in AMISS}
    return Month(joined(parts), tickets)


def _answered_twice(phoned: Any, online: Any) -> dict[str, int]:
    """Count the tickets that are behind a figure by phone and online too; they are few."""
    first = _of_each(phoned.filter(ticket__in=online.values("ticket")))
    second = _of_each(online.filter(ticket__in=list(first)))
    return {
        name: sum(1 for ticket in first if first[ticket][name] and second[ticket][name])
        for name in AMISS
    }


def _of_each(answers: Any) -> dict[int, dict[str, int]]:
    """Count of each ticket the answers that put it behind a figure."""
    found = answers.values("ticket").annotate(
        **{name: Count("at", filter=about) for name, about in AMISS.items()}
    )
    return {row["ticket"]: row for row in found}
