"""When each clock of a ticket runs out (时限); pure: limits, calendar and moments come in."""

from dataclasses import dataclass
from datetime import datetime

from city.models import TimeLimit
from city.working_time import Calendar, Deadline, after
from tickets.workflow import Status

CLOCK_OF_STATUS = {
    Status.PENDING_INFO: TimeLimit.Clock.INFO,
    Status.PENDING_SIGN: TimeLimit.Clock.SIGN,
    Status.PROCESSING: TimeLimit.Clock.HANDLE,
    Status.UNIT_REVIEW: TimeLimit.Clock.HANDLE,
    Status.RETURN_REVIEW: TimeLimit.Clock.REVIEW,
    Status.DISPUTING: TimeLimit.Clock.REVIEW,
    Status.REPLY_REVIEW: TimeLimit.Clock.REVIEW,
    Status.REDO: TimeLimit.Clock.REDO,
    Status.PENDING_CALLBACK: TimeLimit.Clock.CALLBACK,
}


TAKE_BACK_S = 60
"""How long a slip of the hand can be undone; a mistake found later is redirected."""


def seconds_to_take_back(dispatched_at: datetime | None, now: datetime) -> int:
    """Say for how many seconds a dispatch can still be taken back (撤回派单)."""
    gone = (now - dispatched_at).total_seconds() if dispatched_at else TAKE_BACK_S
    return max(0, int(TAKE_BACK_S - gone))


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
