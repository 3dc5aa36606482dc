"""Times as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from hotline.templatetags.times import ago, clock, seconds, spoken

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=10), "1 分钟"),
        (timedelta(minutes=12), "12 分钟"),
        (timedelta(hours=3, minutes=20), "3 小时"),
        (timedelta(days=1), "1 天"),
        (timedelta(days=1, hours=2), "1 天 2 小时"),
        (timedelta(days=5, hours=2), "5 天"),
    ],
)
def test_a_span_is_said_in_its_largest_units(span: timedelta, words: str) -> None:
    assert spoken(span) == words


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(hours=3), ("剩 3 小时", "amber")),
        (timedelta(days=4), ("剩 4 天", "plain")),
        (-timedelta(hours=2), ("超期 2 小时", "red")),
    ],
)
def test_a_clock_says_what_is_left_and_how_it_stands(
    left: timedelta, said: tuple[str, str]
) -> None:
    assert clock(NOW + left, NOW) == said


def test_what_is_unknown_is_said_with_nothing() -> None:
    assert ago(None) == ""
    assert seconds(0) == ""
    assert seconds(7200) == "2 小时"


def test_how_long_ago_something_was() -> None:
    with time_machine.travel(NOW):
        assert ago(NOW - timedelta(seconds=5)) == "刚刚"
        assert ago(NOW - timedelta(minutes=12)) == "12 分钟前"
