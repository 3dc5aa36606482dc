"""Chinese working time (工作时间), pure: which days and hours count, and when N of them are over.

Beyond the known calendar Monday to Friday count, and every result that leans on such a day says
so (`provisional`, 暂定), because the holidays of a year are decreed only late in the year before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Frame:
    """One stretch of a working day (办公时段), from a day on and until before another."""

    starts: time
    ends: time
    valid_from: date = date.min
    valid_to: date = date.max

    def holds_on(self, day: date) -> bool:
        """Tell whether the stretch is in force that day."""
        return self.valid_from <= day < self.valid_to


OFFICE_HOURS = (Frame(time(9), time(17, 30)),)


@dataclass(frozen=True)
class Calendar:
    """Which days work (工作日历): decreed days over Monday to Friday, known up to a day.

    `own` are the stretches of a region and of those above it, the nearest first: on a day on which
    any of a region's are in force, these alone hold.
    """

    known_until: date
    decreed: Mapping[date, bool] = field(default_factory=dict)
    frames: tuple[Frame, ...] = OFFICE_HOURS
    own: tuple[tuple[Frame, ...], ...] = ()
    zone: ZoneInfo = SHANGHAI

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work that day (是否工作日)."""
        return self.decreed.get(day, day.weekday() < 5)

    def is_provisional(self, day: date) -> bool:
        """Tell whether the answer for that day is only a guess (暂定)."""
        return day > self.known_until and day not in self.decreed

    def frames_on(self, day: date) -> list[Frame]:
        """List the stretches of a working day, the first one first (当日办公时段)."""
        for whose in (*self.own, self.frames):
            if frames := [frame for frame in whose if frame.holds_on(day)]:
                return sorted(frames, key=lambda frame: frame.starts)
        return list(OFFICE_HOURS)

    def local(self, moment: datetime) -> datetime:
        """Read a moment on the city's clock."""
        return moment.astimezone(self.zone)

    def at(self, day: date, clock: time) -> datetime:
        """Name a moment of a day."""
        return datetime.combine(day, clock, self.zone)


@dataclass(frozen=True)
class Deadline:
    """A moment by which something is due (期限), and whether it may still move (暂定)."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True)
class WorkingSpan:
    """Working time between two moments (工作时长), negative when the second is earlier."""

    length: timedelta
    provisional: bool = False

    @property
    def minutes(self) -> int:
        """Count its whole minutes (工作分钟数)."""
        return int(self.length / MINUTE)


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)


def _is_guess(first: date, last: date, calendar: Calendar) -> bool:
    """Tell whether any day of the stretch is not decreed yet (暂定)."""
    if last <= calendar.known_until:
        return False
    length = (last - first).days + 1
    return any(calendar.is_provisional(first + timedelta(days=n)) for n in range(length))


def end_of_nth_working_day(start: datetime, n: int, calendar: Calendar) -> Deadline:
    """Find the end of the N-th working day (第 N 个工作日下班时), the day of the start not counted.

    The day rule is that of 民法典 第二百零一条. N is at least 1.
    """
    if n < 1:
        raise ValueError("a term has at least one working day")
    first = calendar.local(start).date() + timedelta(days=1)
    working = (day for day in _days_from(first) if calendar.is_working_day(day))
    last = next(islice(working, n - 1, None))
    closing = calendar.at(last, calendar.frames_on(last)[-1].ends)
    return Deadline(closing, provisional=_is_guess(first, last, calendar))


def opening_of_nth_working_day_before(moment: datetime, n: int, calendar: Calendar) -> datetime:
    """Find when the N-th working day before a moment's day begins (前第 N 个工作日上班时)."""
    day = calendar.local(moment).date()
    while n:
        day -= timedelta(days=1)
        n -= calendar.is_working_day(day)
    return calendar.at(day, calendar.frames_on(day)[0].starts)


def _stretches(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working stretches from a moment on."""
    for day in _days_from(start.date()):
        if not calendar.is_working_day(day):
            continue
        for frame in calendar.frames_on(day):
            begins, ends = calendar.at(day, frame.starts), calendar.at(day, frame.ends)
            if ends > start:
                yield max(begins, start), ends


def add_working_hours(start: datetime, hours: float, calendar: Calendar) -> Deadline:
    """Find when so many working hours are over (工作小时期限), from the next working moment on."""
    return add_working_time(start, timedelta(hours=hours), calendar)


def add_working_time(start: datetime, length: timedelta, calendar: Calendar) -> Deadline:
    """Find when so much working time is over (工作时长期满), from the next working moment on."""
    left, first = length, calendar.local(start)
    for begins, ends in _stretches(first, calendar):
        if left <= ends - begins:
            return Deadline(
                begins + left, provisional=_is_guess(first.date(), begins.date(), calendar)
            )
        left -= ends - begins
    raise AssertionError("the days never end")


def working_time_between(start: datetime, end: datetime, calendar: Calendar) -> WorkingSpan:
    """Measure the working time between two moments (工作时长)."""
    if end < start:
        back = working_time_between(end, start, calendar)
        return WorkingSpan(-back.length, back.provisional)
    total, first, last = timedelta(), calendar.local(start), calendar.local(end)
    for begins, ends in _stretches(first, calendar):
        if begins >= last:
            break
        total += min(ends, last) - begins
    return WorkingSpan(total, _is_guess(first.date(), last.date(), calendar))


def after(start: datetime, amount: int, unit: str, calendar: Calendar) -> Deadline:
    """Find when a limit is over (到期时间): working days and hours, or hours and minutes 7×24."""
    if unit == "working_day":
        return end_of_nth_working_day(start, amount, calendar)
    if unit == "working_hour":
        return add_working_hours(start, amount, calendar)
    length = {"hour": timedelta(hours=amount), "minute": timedelta(minutes=amount)}[unit]
    return Deadline(calendar.local(start) + length)
