"""Working time: holidays, make-up days, hours outside the office, the turn of the year."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.working_time import (
    SHANGHAI,
    Calendar,
    Frame,
    add_working_hours,
    after,
    end_of_nth_working_day,
    working_time_between,
)

SPLIT_DAY = (Frame(time(9), time(12)), Frame(time(13), time(17, 30)))
DECREED = {
    date(2026, 1, 1): False,
    date(2026, 1, 2): False,
    date(2026, 1, 4): True,  # a Sunday that makes up for the Friday
    date(2026, 2, 14): True,  # a Saturday before the Spring Festival
    **{date(2026, 2, day): False for day in range(15, 24)},
    date(2026, 2, 28): True,
    **{date(2026, 10, day): False for day in range(1, 8)},
    date(2026, 10, 10): True,
}
CALENDAR = Calendar(date(2026, 12, 31), DECREED)
SPLIT = Calendar(date(2026, 12, 31), DECREED, SPLIT_DAY)


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (at(11, 23), 1, at(11, 24, 17, 30)),  # Monday
        (at(11, 23), 5, at(11, 30, 17, 30)),  # over a weekend
        (at(11, 27, 18), 1, at(11, 30, 17, 30)),  # Friday evening: Monday
        (at(11, 28), 1, at(11, 30, 17, 30)),  # Saturday: Monday
        (at(2, 13), 1, at(2, 14, 17, 30)),  # the next day is a working Saturday
        (at(2, 14), 1, at(2, 24, 17, 30)),  # over the Spring Festival
        (at(9, 30), 2, at(10, 9, 17, 30)),  # over the National Day
        (at(9, 30), 3, at(10, 10, 17, 30)),  # into a working Saturday
        (at(11, 23, 0, 0), 1, at(11, 24, 17, 30)),  # the very beginning of a day
        (at(11, 23, 23, 59), 1, at(11, 24, 17, 30)),
    ],
)
def test_a_term_of_days_ends_when_the_last_of_them_ends(
    start: datetime, days: int, end: datetime
) -> None:
    deadline = end_of_nth_working_day(start, days, CALENDAR)

    assert (deadline.at, deadline.provisional) == (end, False)


def test_a_day_is_the_citys_day_whatever_clock_the_start_is_read_on() -> None:
    start = at(11, 24, 0, 30)  # still the 23rd in UTC

    assert end_of_nth_working_day(start.astimezone(tz=None), 1, CALENDAR).at == at(11, 25, 17, 30)


def test_a_term_has_at_least_a_day() -> None:
    with pytest.raises(ValueError, match="at least one"):
        end_of_nth_working_day(at(11, 23), 0, CALENDAR)


@pytest.mark.parametrize(
    ("start", "days", "end", "provisional"),
    [
        (at(12, 28), 3, at(12, 31, 17, 30), False),  # the last day that is known
        (at(12, 28), 4, at(1, 1, 17, 30, 2027), True),  # decreed by nobody yet: a plain Friday
        (at(12, 31), 7, at(1, 11, 17, 30, 2027), True),
    ],
)
def test_beyond_the_known_table_weekdays_count_and_the_end_is_provisional(
    start: datetime, days: int, end: datetime, provisional: bool
) -> None:
    deadline = end_of_nth_working_day(start, days, CALENDAR)

    assert (deadline.at, deadline.provisional) == (end, provisional)


def test_once_the_next_year_is_known_the_same_term_is_firm() -> None:
    decreed = {**DECREED, date(2027, 1, 1): False}
    known = Calendar(date(2027, 12, 31), decreed)

    deadline = end_of_nth_working_day(at(12, 28), 4, known)

    assert (deadline.at, deadline.provisional) == (at(1, 4, 17, 30, 2027), False)


def test_a_day_that_the_city_declares_is_no_guess() -> None:
    calendar = Calendar(date(2026, 12, 31), {**DECREED, date(2027, 1, 1): False})

    assert not calendar.is_provisional(date(2027, 1, 1))
    assert calendar.is_provisional(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(11, 23, 10), 2, at(11, 23, 12)),
        (at(11, 23, 11), 2, at(11, 23, 14)),  # over lunch
        (at(11, 23, 12, 30), 1, at(11, 23, 14)),  # begun at lunch
        (at(11, 23, 7), 1, at(11, 23, 10)),  # before the office opens
        (at(11, 27, 17), 1, at(11, 30, 9, 30)),  # over a weekend
        (at(11, 23, 9), 7.5, at(11, 23, 17, 30)),  # a whole day
        (at(2, 14, 17), 1, at(2, 24, 9, 30)),  # over the Spring Festival
    ],
)
def test_working_hours_run_only_in_the_office(start: datetime, hours: float, end: datetime) -> None:
    deadline = add_working_hours(start, hours, SPLIT)

    assert (deadline.at, deadline.provisional) == (end, False)


def test_hours_that_run_into_the_unknown_are_provisional() -> None:
    deadline = add_working_hours(at(12, 31, 17), 4, CALENDAR)

    assert (deadline.at, deadline.provisional) == (at(1, 1, 12, 30, 2027), True)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (at(11, 23, 11, 30), at(11, 23, 13, 30), 60),
        (at(11, 28), at(11, 29), 0),
        (at(11, 27, 17), at(11, 30, 9, 10), 40),
        (at(11, 30, 9, 10), at(11, 27, 17), -40),
        (at(11, 23), at(11, 23), 0),
    ],
)
def test_minutes_are_counted_in_the_office_only(
    start: datetime, end: datetime, minutes: int
) -> None:
    assert working_time_between(start, end, SPLIT).minutes == minutes


def test_minutes_of_the_unknown_are_provisional() -> None:
    assert working_time_between(at(12, 31), at(1, 4, year=2027), SPLIT).provisional
    assert not working_time_between(at(12, 30), at(12, 31), SPLIT).provisional


@pytest.mark.parametrize(
    ("amount", "unit", "end"),
    [
        (15, "minute", at(11, 28, 10, 15)),
        (24, "hour", at(11, 29, 10)),
        (4, "working_hour", at(11, 30, 14)),
        (1, "working_day", at(11, 30, 17, 30)),
    ],
)
def test_urgent_limits_run_day_and_night_and_others_in_the_office(
    amount: int, unit: str, end: datetime
) -> None:
    assert after(at(11, 28), amount, unit, SPLIT).at == end


# The oracle: knows only "is the office open this minute?" and walks minute by minute.

STARTS = st.integers(0, 20 * 1440).map(lambda n: at(2, 10, 0) + timedelta(minutes=n)) | st.integers(
    0, 100 * 1440
).map(lambda n: at(9, 20, 0) + timedelta(minutes=n))
CALENDARS = st.sampled_from([CALENDAR, SPLIT])


def _open(moment: datetime, calendar: Calendar) -> bool:
    working = DECREED.get(moment.date(), moment.isoweekday() not in {6, 7})
    clock = moment.time()
    return working and any(frame.starts <= clock < frame.ends for frame in calendar.frames)


@settings(max_examples=60, deadline=None)
@given(STARTS, st.integers(1, 16), CALENDARS)
def test_hours_agree_with_a_walk_minute_by_minute(
    start: datetime, hours: int, calendar: Calendar
) -> None:
    now, left = start, hours * 60
    while left:
        left -= _open(now, calendar)
        now += timedelta(minutes=1)

    assert add_working_hours(start, hours, calendar).at == now
    assert working_time_between(start, now, calendar).minutes == hours * 60


@settings(max_examples=60, deadline=None)
@given(STARTS, st.integers(1, 8), CALENDARS)
def test_days_agree_with_a_walk_minute_by_minute(
    start: datetime, days: int, calendar: Calendar
) -> None:
    now, closed_at = start, dict[date, datetime]()
    while len(closed_at) <= days:
        if now.date() > start.date() and _open(now, calendar):
            closed_at[now.date()] = now + timedelta(minutes=1)
        now += timedelta(minutes=1)

    assert end_of_nth_working_day(start, days, calendar).at == list(closed_at.values())[days - 1]
