"""Deadlines as pure reckoning: overdue, near, and over the turn of the year."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from city.models import TimeLimit
from city.working_time import Calendar
from tickets import deadlines

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(date(2026, 12, 31), {date(2026, 10, d): False for d in range(1, 8)})
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=ZONE)
DAY = TimeLimit.Unit.WORKING_DAY


@pytest.mark.parametrize(
    ("due_at", "overdue"),
    [
        (None, False),
        (NOW, False),
        (NOW - timedelta(seconds=1), True),
        (NOW + timedelta(days=1), False),
    ],
)
def test_overdue_is_a_comparison(due_at: datetime | None, overdue: bool) -> None:
    assert deadlines.is_overdue(due_at, NOW) is overdue


@pytest.mark.parametrize(
    ("due_at", "near"),
    [
        (None, False),
        (NOW - timedelta(minutes=1), False),
        (datetime(2026, 11, 16, 17, 30, tzinfo=ZONE), True),
        (datetime(2026, 11, 17, 10, 0, tzinfo=ZONE), True),
        (datetime(2026, 11, 17, 10, 1, tzinfo=ZONE), False),
        (datetime(2027, 11, 17, 10, 0, tzinfo=ZONE), False),
    ],
)
def test_near_means_one_working_day_at_most(due_at: datetime | None, near: bool) -> None:
    assert deadlines.is_near(due_at, NOW, CALENDAR) is near


def test_a_weekend_does_not_make_a_deadline_far() -> None:
    friday_evening = datetime(2026, 11, 20, 17, 0, tzinfo=ZONE)

    assert deadlines.is_near(datetime(2026, 11, 23, 17, 0, tzinfo=ZONE), friday_evening, CALENDAR)


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
