"""When each clock of a ticket runs out (时限); pure: limits, calendar and moments come in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from city.models import TimeLimit
from city.working_time import Calendar, Deadline, after, working_minutes_between
from tickets.workflow import Status

NEAR_DUE_MINUTES = 8 * 60 + 30

CLOCK_OF_STATUS = {
    Status.PENDING_SIGN: TimeLimit.Clock.SIGN,
    Status.PROCESSING: TimeLimit.Clock.HANDLE,
    Status.UNIT_REVIEW: TimeLimit.Clock.HANDLE,
    Status.RETURN_REVIEW: TimeLimit.Clock.REVIEW,
    Status.REPLY_REVIEW: TimeLimit.Clock.REVIEW,
    Status.REDO: TimeLimit.Clock.REDO,
    Status.PENDING_CALLBACK: TimeLimit.Clock.CALLBACK,
}


@dataclass(frozen=True)
class Due:
    """The clock that matters now: which one, until when, and whether that may still move."""

    kind: str
    at: datetime
    provisional: bool


def due(clock: str, start: datetime, limit: TimeLimit, calendar: Calendar) -> Due:
    """Say when CLOCK, started at START, runs out under LIMIT."""
    deadline: Deadline = after(start, limit.amount, limit.unit, calendar)
    return Due(clock, deadline.at, deadline.provisional)


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    """Tell whether the moment is past (超期)."""
    return due_at is not None and due_at < now


def is_near(due_at: datetime | None, now: datetime, calendar: Calendar) -> bool:
    """Tell whether at most one working day is left (黄牌, after 山东省 rule)."""
    if due_at is None or due_at < now:
        return False
    if due_at - now > timedelta(days=15):
        return False
    return working_minutes_between(now, due_at, calendar).minutes <= NEAR_DUE_MINUTES
