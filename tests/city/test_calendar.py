"""The calendar as the city has it: the national table, its own days, its office hours."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from city import actions, selectors
from city.events import CalendarChanged
from city.models import WorkFrame
from city.working_time import (
    OFFICE_HOURS,
    SHANGHAI,
    Frame,
    add_working_hours,
    end_of_nth_working_day,
)
from outbox import bus
from tests.factories import Town

pytestmark = pytest.mark.django_db


def test_the_national_table_is_known_to_the_end_of_its_last_year() -> None:
    calendar = selectors.calendar()

    assert calendar.known_until >= date(2026, 12, 31)
    assert not calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2026, 10, 10))
    assert calendar.frames == OFFICE_HOURS


def test_the_citys_own_day_stands_over_the_national_table() -> None:
    actions.save_calendar_day(date(2026, 11, 24), is_working=False, name="台风停工")
    actions.save_calendar_day(date(2026, 11, 28), is_working=True, name="补班")

    assert not selectors.calendar().is_working_day(date(2026, 11, 24))
    assert selectors.calendar().is_working_day(date(2026, 11, 28))


def test_a_single_own_day_does_not_make_its_year_known() -> None:
    before = selectors.calendar().known_until

    actions.save_calendar_day(date(before.year + 1, 1, 1), is_working=False, name="元旦")

    assert selectors.calendar().known_until == before


def test_a_year_entered_from_new_year_to_national_day_is_known() -> None:
    year = selectors.calendar().known_until.year + 1

    actions.save_calendar_day(date(year, 1, 1), is_working=False, name="元旦")
    actions.save_calendar_day(date(year, 10, 1), is_working=False, name="国庆节")

    assert selectors.calendar().known_until == date(year, 12, 31)


def test_office_hours_are_the_citys_own_once_entered() -> None:
    actions.save_row(WorkFrame(starts=time(13), ends=time(17, 30)))
    actions.save_row(WorkFrame(starts=time(9), ends=time(12)))

    assert selectors.calendar().frames == (
        Frame(time(9), time(12)),
        Frame(time(13), time(17, 30)),
    )


def test_summer_may_have_its_own_office_hours() -> None:
    actions.save_row(WorkFrame(starts=time(9), ends=time(17), valid_to=date(2027, 5, 1)))
    actions.save_row(WorkFrame(starts=time(14, 30), ends=time(18), valid_from=date(2027, 5, 1)))
    actions.save_row(WorkFrame(starts=time(8, 30), ends=time(11), valid_from=date(2027, 5, 1)))

    calendar = selectors.calendar()

    assert [frame.ends for frame in calendar.frames_on(date(2027, 4, 30))] == [time(17)]
    assert [frame.ends for frame in calendar.frames_on(date(2027, 5, 1))] == [time(11), time(18)]


def test_a_day_without_hours_of_its_own_has_the_usual_ones() -> None:
    actions.save_row(WorkFrame(starts=time(9), ends=time(17), valid_from=date(2027, 5, 1)))

    assert selectors.calendar().frames_on(date(2027, 4, 30)) == list(OFFICE_HOURS)


def test_office_hours_taken_away_fall_back_to_the_default() -> None:
    frame = WorkFrame(starts=time(8), ends=time(12))
    actions.save_row(frame)

    actions.remove_row(frame)

    assert selectors.calendar().frames == OFFICE_HOURS


def test_who_counts_days_hears_of_a_changed_calendar() -> None:
    heard: list[CalendarChanged] = []

    @bus.subscribe(CalendarChanged, name="tests.hears_of_the_calendar")
    def hear(events: Sequence[CalendarChanged]) -> None:
        heard.extend(events)

    actions.save_calendar_day(date(2027, 1, 1), is_working=False, name="元旦")

    bus.drain()
    bus.unsubscribe("tests.hears_of_the_calendar")
    assert heard == [CalendarChanged()]


def test_a_region_has_days_of_its_own_and_those_of_the_regions_above(town: Town) -> None:
    on, other = date(2026, 11, 24), date(2026, 11, 25)
    actions.save_calendar_day(on, is_working=False, name="区运动会", region=town.linxi)
    actions.save_calendar_day(on, is_working=True, name="街道照常", region=town.qingshi)
    actions.save_calendar_day(other, is_working=False, name="全市停工")

    works = {
        place.name: selectors.calendar(place.pk).is_working_day(on)
        for place in (town.city, town.linxi, town.wanghe, town.qingshi, town.nanping)
    }

    assert list(works.values()) == [True, False, False, True, True]
    assert not selectors.calendar(town.wanghe.pk).is_working_day(other)
    assert selectors.calendar().is_working_day(on)


def test_a_region_has_hours_of_its_own_lunch_and_all_in_summer_only(town: Town) -> None:
    summer = {"valid_from": date(2027, 6, 1), "valid_to": date(2027, 9, 1)}
    actions.save_row(WorkFrame(starts=time(9), ends=time(17)))
    for starts, ends in ((time(8), time(12)), (time(15), time(18, 30))):
        actions.save_row(WorkFrame(starts=starts, ends=ends, region=town.linxi, **summer))
    actions.save_row(WorkFrame(starts=time(10), ends=time(16), region=town.qingshi))
    monday = datetime(2027, 6, 7, 11, 0, tzinfo=SHANGHAI)

    due = {
        place.name: add_working_hours(monday, 2, selectors.calendar(place.pk)).at
        for place in (town.nanping, town.linxi, town.wanghe, town.qingshi)
    }

    assert [at.strftime("%H:%M") for at in due.values()] == ["13:00", "16:00", "16:00", "13:00"]
    linxi, qingshi = selectors.calendar(town.linxi.pk), selectors.calendar(town.qingshi.pk)
    assert [f.ends for f in linxi.frames_on(date(2027, 6, 7))] == [time(12), time(18, 30)]
    assert [f.ends for f in linxi.frames_on(date(2027, 9, 1))] == [time(17)]  # the city's again
    assert end_of_nth_working_day(monday, 1, qingshi).at.hour == 16
    assert selectors.calendar().frames == (Frame(time(9), time(17)),)


def test_stretches_of_one_region_that_run_into_each_other_are_refused(town: Town) -> None:
    actions.save_row(WorkFrame(starts=time(9), ends=time(12), valid_to=date(2027, 5, 1)))

    WorkFrame(starts=time(12), ends=time(17)).full_clean()
    WorkFrame(starts=time(10), ends=time(13), region=town.linxi).full_clean()
    WorkFrame(starts=time(10), ends=time(13), valid_from=date(2027, 5, 1)).full_clean()
    with pytest.raises(ValidationError, match="重叠"):
        WorkFrame(starts=time(11), ends=time(13)).full_clean()


def test_the_end_of_the_calendar_is_told_before_it_comes() -> None:
    last = selectors.calendar().known_until
    noon = datetime.combine(last, time(12), SHANGHAI)

    assert selectors.calendar_ends_on(noon - timedelta(days=61)) is None
    assert selectors.calendar_ends_on(noon - timedelta(days=60)) == last
    assert selectors.calendar_ends_on(noon + timedelta(days=9)) == last
