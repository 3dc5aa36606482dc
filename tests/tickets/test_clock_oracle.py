"""A slow oracle that walks minute by minute, written apart from the clocks it judges."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from city.working_time import Calendar, Frame
from tickets import deadlines
from tickets.deadlines import Longer, Standstill

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
FREE = {date(2026, 10, day) for day in range(1, 8)} | {date(2027, 1, 1)}
MAKE_UP = {date(2026, 9, 27), date(2026, 10, 10)}  # 调休: a Sunday and a Saturday of work
LUNCH = ((time(9), time(12)), (time(13, 30), time(17, 30)))
WHOLE = ((time(9), time(17, 30)),)
Hours = tuple[tuple[time, time], ...]
Event = tuple[int, str, int]


class Oracle:
    """Knows only whether the office is open this minute."""

    def __init__(self, region: Hours, city: Hours, turns_on: date, *, day_and_night: bool) -> None:
        self.region, self.city, self.turns_on = region, city, turns_on
        self.day_and_night = day_and_night

    def is_open(self, now: datetime) -> bool:
        day = now.date()
        works = day in MAKE_UP or (day.isoweekday() <= 5 and day not in FREE)
        hours = self.city if day < self.turns_on else self.region
        return works and any(begins <= now.time() < ends for begins, ends in hours)

    def counts(self, now: datetime) -> bool:
        return self.day_and_night or self.is_open(now)

    def closing(self, after: datetime, days: int) -> datetime:
        """Walk until the office closed on the so-manieth working day after that day."""
        now, ends = after, dict[date, datetime]()
        while len(ends) <= days:
            if now.date() > after.date() and self.is_open(now):
                ends[now.date()] = now + MINUTE
            now += MINUTE
        return list(ends.values())[days - 1]

    def minutes(self, begins: datetime, ends: datetime) -> int:
        now, found = begins, 0
        while now < ends:
            found += self.counts(now)
            now += MINUTE
        return found

    def walk(self, now: datetime, left: int) -> datetime:
        while left:
            left -= self.counts(now)
            now += MINUTE
        return now

    def due(self, start: datetime, amount: int, unit: str, events: Sequence[Event]) -> datetime:
        """Let the time pass, stop and be lengthened, one minute after the other."""
        if unit == "working_day":
            left = self.minutes(start, self.closing(start, amount))
        else:
            left = amount * (1 if unit == "minute" else 60)
        now, due = start, self.walk(start, left)
        for gap, what, length in events:
            now += gap * MINUTE
            if what == "longer":
                due = self.closing(due, length)
            elif due > now:
                left = self.minutes(now, due)
                now += length * MINUTE
                due = self.walk(now, left)
            else:
                now += length * MINUTE
        return due


def shifts(start: datetime, events: Sequence[Event]) -> list[Standstill | Longer]:
    now, found = start, list[Standstill | Longer]()
    for gap, what, length in events:
        now += gap * MINUTE
        if what == "longer":
            found.append(Longer(now, length))
        else:
            found.append(Standstill(now, now + length * MINUTE))
            now += length * MINUTE
    return found


STARTS = st.integers(0, 30 * 1440).map(lambda n: datetime(2026, 9, 15, tzinfo=ZONE) + n * MINUTE)
EVENTS = st.lists(
    st.tuples(st.integers(1, 3 * 1440), st.just("still"), st.integers(0, 9 * 1440))
    | st.tuples(st.integers(1, 3 * 1440), st.just("longer"), st.integers(1, 4)),
    max_size=3,
)
DAYS = [(1, "working_day"), (3, "working_day"), (7, "working_day")]
HOURS = [(4, "working_hour"), (2, "hour"), (24, "hour"), (168, "hour"), (15, "minute")]
TURNS = st.dates(date(2026, 9, 1), date(2026, 11, 1))
LIMITS = st.sampled_from([*DAYS, *HOURS])


SUMMER = ((time(8), time(12)), (time(15), time(18)))
SPLIT = ((time(8, 15), time(10)), (time(10, 20), time(12)), (time(14), time(17, 45)))
REGIONS = st.sampled_from([LUNCH, WHOLE, SUMMER, SPLIT])


def calendar_of(hours: Hours, turns_on: date, city: Hours) -> Calendar:
    """A region whose own stretches hold from a day on; the city's hold before."""
    decreed = dict.fromkeys(FREE, False) | dict.fromkeys(MAKE_UP, True)
    own = tuple(Frame(begins, ends, valid_from=turns_on) for begins, ends in hours)
    frames = tuple(Frame(begins, ends) for begins, ends in city)
    return Calendar(date(2027, 12, 31), decreed, frames, own=(own,))


def agree(
    start: datetime,
    limit: tuple[int, str],
    events: Sequence[Event],
    region: Hours,
    city: Hours,
    turns_on: date,
) -> None:
    calendar = calendar_of(region, turns_on, city)
    oracle = Oracle(region, city, turns_on, day_and_night=limit[1] in {"hour", "minute"})

    found = deadlines.handling(start, *limit, shifts(start, events), calendar)

    assert found.at == oracle.due(start, *limit, events)
    assert found.at > start
    assert not found.provisional


def judged(examples: int) -> Callable[[], None]:
    plan = settings(max_examples=examples, deadline=None, database=None, phases=(Phase.generate,))
    return plan(given(STARTS, LIMITS, EVENTS, REGIONS, REGIONS, TURNS)(agree))


def test_clocks_that_stop_and_are_lengthened_agree_with_a_walk_minute_by_minute() -> None:
    judged(80)()


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_clocks_agree_with_the_walk_in_thousands_of_cases() -> None:
    judged(2_000)()


def test_a_clock_across_a_year_without_calendar_is_a_guess_whatever_stopped_it() -> None:
    calendar = Calendar(date(2026, 12, 31))
    start = datetime(2026, 12, 28, 10, tzinfo=ZONE)
    still = Standstill(start + timedelta(hours=1), start + timedelta(days=6))

    unbroken = deadlines.handling(start, 3, "working_day", [], calendar)
    broken = deadlines.handling(start, 3, "working_day", [still], calendar)

    assert not unbroken.provisional
    assert (broken.at, broken.provisional) == (datetime(2027, 1, 7, 15, 30, tzinfo=ZONE), True)


def test_timezone_a_moment_means_the_same_on_whatever_clock_it_is_read() -> None:
    calendar = Calendar(date(2027, 12, 31))
    start = datetime(2026, 11, 24, 0, 30, tzinfo=ZONE)
    still = Standstill(start + timedelta(days=1), start + timedelta(days=2))
    abroad = ZoneInfo("America/New_York")
    there = Standstill(still.begun_at.astimezone(abroad), still.ended_at.astimezone(abroad))

    here = deadlines.handling(start, 3, "working_day", [still], calendar)

    assert (
        deadlines.handling(start.astimezone(abroad), 3, "working_day", [there], calendar).at
        == here.at
    )


def test_holiday_and_make_up_days_count_as_decreed_after_a_standstill() -> None:
    decreed = dict.fromkeys(FREE, False) | dict.fromkeys(MAKE_UP, True)
    calendar = Calendar(date(2026, 12, 31), decreed)
    start = datetime(2026, 9, 29, 10, tzinfo=ZONE)
    still = Standstill(datetime(2026, 9, 30, 9, tzinfo=ZONE), datetime(2026, 10, 9, 9, tzinfo=ZONE))

    due = deadlines.handling(start, 2, "working_day", [still], calendar)

    assert due.at == datetime(2026, 10, 10, 17, 30, tzinfo=ZONE)  # the working Saturday
