"""Deadlines as pure reckoning: which clock ends when, and over the turn of the year."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from city.models import TimeLimit
from city.working_time import Calendar
from tickets import deadlines

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(date(2026, 12, 31), {date(2026, 10, d): False for d in range(1, 8)})
DAY = TimeLimit.Unit.WORKING_DAY


@pytest.mark.parametrize(
    ("start", "days", "ends", "provisional"),
    [
        (datetime(2026, 9, 30, 16, 0, tzinfo=ZONE), 1, date(2026, 10, 8), False),
        (datetime(2026, 12, 30, 23, 59, tzinfo=ZONE), 1, date(2026, 12, 31), False),
        (datetime(2026, 12, 31, 9, 0, tzinfo=ZONE), 1, date(2027, 1, 1), True),
    ],
)
def test_a_clock_says_when_it_ends_and_whether_that_is_a_guess(
    start: datetime, days: int, ends: date, provisional: bool
) -> None:
    limit = TimeLimit(clock="handle", amount=days, unit=DAY)

    due = deadlines.due("handle", start, limit, CALENDAR)

    assert (due.kind, due.at.date(), due.provisional) == ("handle", ends, provisional)
