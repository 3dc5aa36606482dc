"""The tickets behind each figure of the board: a figure is counted from the list it leads to."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from tickets.models import Assignment, CallbackAttempt, Contacted, Rating, Satisfied, Solved, Ticket
from tickets.workflow import Part, Status, TurnState

Rows = QuerySet[Ticket]
OWED = (TurnState.PENDING, TurnState.HANDLING)
SIGNED = ("due_to_sign", "signed_late")


def midnight(now: datetime) -> datetime:
    """Give the beginning of today (今日零时)."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def month(now: datetime) -> datetime:
    """Give the beginning of this month (本月)."""
    return midnight(now).replace(day=1)


def taken_back(since: datetime) -> Rows:
    """The tickets that since then were withdrawn or found invalid (不计三率)."""
    return Ticket.objects.filter(
        status__in=(Status.WITHDRAWN, Status.INVALID), closed_at__gte=since
    )


def _sent(rows: Rows, now: datetime) -> Rows:
    return rows.filter(dispatched_at__gte=midnight(now))


def _auto(rows: Rows, now: datetime) -> Rows:
    return _sent(rows, now).filter(auto_dispatched=True)


def _due_to_sign(rows: Rows, now: datetime) -> Rows:
    """Dispatched this month and signed, or past the time to sign."""
    return _with_turn(rows, now, Q(signed_at__isnull=False) | Q(sign_due_at__lt=now))


def _signed_late(rows: Rows, now: datetime) -> Rows:
    late = Q(sign_due_at__lt=Coalesce("signed_at", now))
    return _with_turn(rows, now, late)


def _with_turn(rows: Rows, now: datetime, about: Q) -> Rows:
    """Keep those whose lead unit's live turn is so."""
    lead = Assignment.objects.filter(
        about, ticket=OuterRef("pk"), part=Assignment.Part.LEAD, voided_at=None
    )
    return rows.filter(Exists(lead), dispatched_at__gte=month(now))


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


def _answered(rows: Rows, now: datetime, about: Q | None = None) -> Rows:
    """Keep those whose citizens answered this month, by phone or online."""
    about = (about or Q()) & Q(at__gte=month(now))
    phoned = CallbackAttempt.objects.filter(about, outcome=CallbackAttempt.Outcome.REACHED)
    online = Rating.objects.filter(about)
    rows = rows.exclude(status__in=(Status.WITHDRAWN, Status.INVALID))
    return rows.filter(Q(pk__in=phoned.values("ticket")) | Q(pk__in=online.values("ticket")))


def _uncontacted(rows: Rows, now: datetime) -> Rows:
    return _answered(rows, now, ~Q(contacted=Contacted.YES))


def _unsolved(rows: Rows, now: datetime) -> Rows:
    return _answered(rows, now, ~Q(solved__in=(Solved.YES, Solved.PARTLY)))


def _dissatisfied(rows: Rows, now: datetime) -> Rows:
    return _answered(rows, now, ~Q(satisfied__in=(Satisfied.YES, Satisfied.MOSTLY)))


FIGURES: dict[str, tuple[str, Callable[[Rows, datetime], Rows]]] = {
    "sent": ("今日派出", _sent),
    "auto": ("今日自动派出", _auto),
    "due_to_sign": ("本月应签收", _due_to_sign),
    "signed_late": ("本月超时签收", _signed_late),
    "due_to_advise": ("本月协办、下派应反馈", _due_to_advise),
    "advised_late": ("本月协办、下派超时反馈", _advised_late),
    "answered": ("本月有回访或评价", _answered),
    "uncontacted": ("本月未联系", _uncontacted),
    "unsolved": ("本月未解决", _unsolved),
    "dissatisfied": ("本月不满意", _dissatisfied),
}


def behind(rows: Rows, figure: str, now: datetime) -> Rows:
    """Keep the tickets behind a figure of the board (数字背后的工单)."""
    return FIGURES[figure][1](rows, now)


def counted(rows: Rows, now: datetime) -> dict[str, int]:
    """Count every figure from its list (看板数字)."""
    return {name: behind(rows, name, now).count() for name in FIGURES}


def signed_in_time(found: dict[str, int]) -> float | None:
    """Give the share signed in time (按时签收率), per cent; None where nothing was due."""
    return share_in_time(*(found[name] for name in SIGNED))


def share_in_time(due: int, late: int) -> float | None:
    """Give which share was in time (按时率), per cent; None where nothing was due."""
    return 100 * (due - late) / due if due else None
