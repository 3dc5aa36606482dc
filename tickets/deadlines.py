"""When each clock of a ticket runs out (时限); pure: limits, calendar and moments come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from city.models import TimeLimit
from city.working_time import (
    Calendar,
    Deadline,
    add_working_time,
    after,
    end_of_nth_working_day,
    opening_of_nth_working_day_before,
    working_time_between,
)
from tickets.workflow import Status

PROMISE = "promise"
CLOCK_OF_STATUS = {
    Status.PENDING_INFO: TimeLimit.Clock.INFO,
    Status.PENDING_SIGN: TimeLimit.Clock.SIGN,
    Status.PROCESSING: TimeLimit.Clock.HANDLE,
    Status.UNIT_REVIEW: TimeLimit.Clock.HANDLE,
    Status.RETURN_REVIEW: TimeLimit.Clock.REVIEW,
    Status.DISPUTING: TimeLimit.Clock.REVIEW,
    Status.REPLY_REVIEW: TimeLimit.Clock.REVIEW,
    Status.REDO: TimeLimit.Clock.REDO,
    Status.SUSPENDED: PROMISE,
    Status.PENDING_CALLBACK: TimeLimit.Clock.CALLBACK,
}
DAY_AND_NIGHT = frozenset({TimeLimit.Unit.HOUR, TimeLimit.Unit.MINUTE})
"""Units that run on nights and holidays: urgent matters know no working days (天津市细则)."""

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


def months_later(day: date, months: int) -> date:
    """Give the same day some months on, or the last of a shorter month."""
    later: date = day + relativedelta(months=months)
    return later


def promised(on: date, calendar: Calendar) -> Deadline:
    """Say when the day that was promised (承诺日期) is over for the office."""
    return Deadline(calendar.at(on, calendar.frames_on(on)[-1].ends))


@dataclass(frozen=True)
class Standstill:
    """A time in which the clock stood still (停表)."""

    begun_at: datetime
    ended_at: datetime

    @property
    def at(self) -> datetime:
        """When it is to be reckoned: once it is over."""
        return self.ended_at

    @property
    def begun_from(self) -> datetime:
        """When it began."""
        return self.begun_at


@dataclass(frozen=True)
class Longer:
    """Working days that were added (延期), and when; or of which so many are left at least."""

    at: datetime
    days: int
    at_least: bool = False

    @property
    def begun_from(self) -> datetime:
        """When it began."""
        return self.at


def resumed(due_at: datetime, still: Standstill, unit: str, calendar: Calendar) -> Deadline:
    """Say when a clock that stood still runs out: what was left goes on, no more and no less.

    A clock that had run out before stays where it is.
    """
    if due_at <= still.begun_at:
        return Deadline(due_at)
    if unit in DAY_AND_NIGHT:
        return Deadline(due_at + (still.ended_at - still.begun_at))
    left = working_time_between(still.begun_at, due_at, calendar)
    deadline = add_working_time(still.ended_at, left.length, calendar)
    return Deadline(deadline.at, deadline.provisional or left.provisional)


def extended(due_at: datetime, days: int, calendar: Calendar) -> Deadline:
    """Say when a clock runs out that was given more working days (延期)."""
    return end_of_nth_working_day(due_at, days, calendar)


def lengthened(due_at: datetime, longer: Longer, calendar: Calendar) -> Deadline:
    """Say when a clock runs out after LONGER: so many days more, or no fewer than so many left."""
    if not longer.at_least:
        return extended(due_at, longer.days, calendar)
    least = end_of_nth_working_day(longer.at, longer.days, calendar)
    return least if least.at > due_at else Deadline(due_at)


def handling(
    start: datetime,
    amount: int,
    unit: str,
    shifts: Iterable[Standstill | Longer],
    calendar: Calendar,
) -> Deadline:
    """Say when a unit's clock runs out, after all that stopped or lengthened it since START."""
    return shifted(after(start, amount, unit, calendar), shifts, unit, calendar)


def shifted(
    first: Deadline, shifts: Iterable[Standstill | Longer], unit: str, calendar: Calendar
) -> Deadline:
    """Say when a clock runs out that ran until FIRST before it was stopped or lengthened."""
    at, guess = first.at, first.provisional
    for shift in sorted(shifts, key=lambda each: each.at):
        if isinstance(shift, Longer):
            deadline = lengthened(at, shift, calendar)
        else:
            deadline = resumed(at, shift, unit, calendar)
        at, guess = deadline.at, guess or deadline.provisional
    return Deadline(at, guess)


@dataclass(frozen=True)
class Warnings:
    """When a clock is warned of: half way, nearly out, out (提醒、黄牌、红牌)."""

    remind_at: datetime
    yellow_at: datetime
    red_at: datetime

    def next_after(self, moment: datetime, *, reminded: bool) -> datetime:
        """Give the next of them, 红牌 at the latest (下次亮牌时间)."""
        ways = [self.remind_at] * reminded + [self.yellow_at]
        return next((at for at in ways if moment <= at < self.red_at), self.red_at)


@dataclass(frozen=True)
class WarningRule:
    """How early to warn: shares in per cent, and working days."""

    remind_share: int
    yellow_days: int
    yellow_share: int


def warnings(start: datetime, due_at: datetime, rule: WarningRule, calendar: Calendar) -> Warnings:
    """Say when to warn of a clock from START on: days before, or a share of a short one."""
    whole = due_at - start
    yellow_at = opening_of_nth_working_day_before(due_at, rule.yellow_days, calendar)
    if yellow_at <= start:
        yellow_at = due_at - whole * rule.yellow_share / 100
    remind_at = start + whole * rule.remind_share / 100
    return Warnings(min(remind_at, yellow_at), yellow_at, due_at)


def assisting(limit: TimeLimit, ahead: int) -> TimeLimit:
    """Give the limit of who assists (协办时限): days before the lead's, one working day at least.

    Limits in hours are the lead's own, none is left to share.
    """
    days = limit.unit == TimeLimit.Unit.WORKING_DAY
    amount = max(1, limit.amount - ahead) if days else limit.amount
    return TimeLimit(clock=limit.clock, amount=amount, unit=limit.unit, preset=limit.preset)


def sub_due(start: datetime, above: datetime, percent: int, calendar: Calendar) -> datetime:
    """Say until when a unit below must have its say (下派期限): PERCENT of what is left above.

    Of the working time, or of the hours 7×24 where no working time lies between.
    """
    work = working_time_between(start, above, calendar).length
    if work > timedelta():
        return add_working_time(start, work * percent / 100, calendar).at
    return start + max(above - start, timedelta()) * percent / 100
