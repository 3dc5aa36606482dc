"""The tickets behind each figure of the board: a figure is counted from the list it leads to."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from tickets.assessment.answers import Month, month, with_answers
from tickets.models import Assignment, Ticket
from tickets.workflow import Part, TurnState

Rows = QuerySet[Ticket]
OWED = (TurnState.PENDING, TurnState.HANDLING)
SIGNED = ("due_to_sign", "signed_late")


def midnight(now: datetime) -> datetime:
    """Give the beginning of today (今日零时)."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _sent(rows: Rows, now: datetime) -> Rows:
    return rows.filter(dispatched_at__gte=midnight(now))


def _auto(rows: Rows, now: datetime) -> Rows:
    return _sent(rows, now).filter(auto_dispatched=True)


def led_since(since: datetime) -> QuerySet[Assignment]:
    """The turns of lead units in force whose tickets were dispatched since then (主办承办)."""
    lead = Assignment.objects.filter(part=Assignment.Part.LEAD, voided_at=None)
    return lead.filter(dispatched_at__gte=since)


def _due(now: datetime) -> Q:
    """Say which turns are signed, or past the time to sign."""
    return Q(signed_at__isnull=False) | Q(sign_due_at__lt=now)


def _late(now: datetime) -> Q:
    return Q(sign_due_at__lt=Coalesce("signed_at", now))


def _due_to_sign(rows: Rows, now: datetime) -> Rows:
    """Dispatched this month and signed, or past the time to sign."""
    return _with_turn(rows, now, _due(now))


def _signed_late(rows: Rows, now: datetime) -> Rows:
    return _with_turn(rows, now, _late(now))


def _with_turn(rows: Rows, now: datetime, about: Q) -> Rows:
    """Keep those whose lead unit's live turn is so."""
    return rows.filter(Exists(led_since(month(now)).filter(about, ticket=OuterRef("pk"))))


def beside(now: datetime) -> QuerySet[Assignment]:
    """The turns beside the lead of this month whose word is in or overdue (应反馈), by own limit.

    Who was let off, called off or gave it back owes nothing; who was asked anew owed both times.
    """
    said = Q(replied_at__isnull=False)
    owing = Q(voided_at=None, state__in=OWED, due_at__lt=now)
    turns = Assignment.objects.filter(part__in=(Part.ASSISTING, Part.SUB))
    return turns.filter(said | owing, dispatched_at__gte=month(now))


ADVISED_LATE = Q(replied_at__gt=F("due_at")) | Q(replied_at=None)
"""Of the turns `beside` gives: the word came after the unit's own limit, or not yet."""


def _due_to_advise(rows: Rows, now: datetime) -> Rows:
    return rows.filter(pk__in=beside(now).values("ticket"))


def _advised_late(rows: Rows, now: datetime) -> Rows:
    return rows.filter(pk__in=beside(now).filter(ADVISED_LATE).values("ticket"))


def _answered(figure: str) -> Callable[[Rows, datetime], Rows]:
    return lambda rows, now: with_answers(rows, figure, now)


FIGURES: dict[str, tuple[str, Callable[[Rows, datetime], Rows]]] = {
    "sent": ("今日派出", _sent),
    "auto": ("今日自动派出", _auto),
    "due_to_sign": ("本月应签收", _due_to_sign),
    "signed_late": ("本月超时签收", _signed_late),
    "due_to_advise": ("本月协办、下派应反馈", _due_to_advise),
    "advised_late": ("本月协办、下派超时反馈", _advised_late),
    "answered": ("本月有回访或评价", _answered("answered")),
    "uncontacted": ("本月未联系", _answered("uncontacted")),
    "unsolved": ("本月未解决", _answered("unsolved")),
    "dissatisfied": ("本月不满意", _answered("dissatisfied")),
}


def behind(rows: Rows, figure: str, now: datetime) -> Rows:
    """Keep the tickets behind a figure of the board (数字背后的工单)."""
    return FIGURES[figure][1](rows, now)


def counted(rows: Rows, said: Month, now: datetime) -> dict[str, int]:
    """Count every figure (看板数字), as many as its list has; each table is asked once."""
    sent = _sent(rows, now).aggregate(
        sent=Count("dispatched_at"), auto=Count("dispatched_at", filter=Q(auto_dispatched=True))
    )
    led = _of(rows, led_since(month(now))).aggregate(
        due_to_sign=Count("ticket", filter=_due(now)),
        signed_late=Count("ticket", filter=_late(now)),
    )
    advised = _of(rows, beside(now)).aggregate(
        due_to_advise=Count("ticket", distinct=True),
        advised_late=Count("ticket", distinct=True, filter=ADVISED_LATE),
    )
    return sent | led | advised | said.tickets


def _of(rows: Rows, turns: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Keep the turns at ROWS; who sees all need not be asked of each turn."""
    return turns.filter(ticket__in=rows) if rows.query.has_filters() else turns


def signed_in_time(found: dict[str, int]) -> float | None:
    """Give the share signed in time (按时签收率), per cent; None where nothing was due."""
    return share_in_time(*(found[name] for name in SIGNED))


def share_in_time(due: int, late: int) -> float | None:
    """Give which share was in time (按时率), per cent; None where nothing was due."""
    return 100 * (due - late) / due if due else None
