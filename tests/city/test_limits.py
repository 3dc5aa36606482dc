"""Time limits: the most specific row in force wins, and every preset is only rows."""

from datetime import date, datetime, timedelta

import pytest

from city import actions, selectors
from city.models import TimeLimit
from city.presets import HANDLE
from city.working_time import SHANGHAI

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)


def _limit(clock: str, kind: str = "", urgency: str = "", at: datetime = NOON) -> tuple[int, str]:
    limit = selectors.limit_for(clock, kind=kind, urgency=urgency, at=at)
    return limit.amount, limit.unit


@pytest.mark.parametrize(
    ("preset", "consult", "help_", "complaint"),
    [("四川型", 3, 7, 15), ("济南型", 2, 5, 5), ("上海型", 1, 5, 5), ("山东型", 5, 5, 5)],
)
def test_each_preset_has_its_days(preset: str, consult: int, help_: int, complaint: int) -> None:
    actions.load_limits(preset, from_day=date(2026, 1, 1))

    assert _limit("handle", "consult") == (consult, "working_day")
    assert _limit("handle", "help") == (help_, "working_day")
    assert _limit("handle", "complaint", "normal") == (complaint, "working_day")
    assert _limit("handle", "praise") == (HANDLE[preset][0], "working_day")


@pytest.mark.parametrize(
    ("clock", "urgency", "amount", "unit"),
    [
        ("sign", "normal", 1, "working_day"),
        ("sign", "urgent", 30, "minute"),
        ("sign", "critical", 15, "minute"),
        ("contact", "urgent", 2, "hour"),
        ("handle", "urgent", 24, "hour"),
        ("return_request", "critical", 30, "minute"),
        ("callback", "critical", 1, "working_day"),
        ("redo", "normal", 3, "working_day"),
    ],
)
def test_urgent_matters_have_their_own_clock(
    clock: str, urgency: str, amount: int, unit: str
) -> None:
    actions.load_limits()

    assert _limit(clock, "complaint", urgency, datetime.now(SHANGHAI)) == (amount, unit)


def test_a_city_without_rows_lives_by_the_default_preset() -> None:
    assert _limit("handle", "consult") == (3, "working_day")


@pytest.mark.parametrize("clock", TimeLimit.Clock.values)
def test_every_clock_has_a_limit(clock: str) -> None:
    assert _limit(clock)[0] > 0


def test_a_new_set_holds_from_its_day_on_and_the_old_one_until_then() -> None:
    actions.load_limits("四川型", from_day=date(2026, 1, 1))

    actions.load_limits("济南型", from_day=date(2026, 11, 24))

    assert _limit("handle", "complaint") == (15, "working_day")
    assert _limit("handle", "complaint", at=NOON + timedelta(days=1)) == (5, "working_day")


def test_a_set_loaded_twice_from_the_same_day_stands_once() -> None:
    actions.load_limits("四川型", from_day=date(2026, 1, 1))
    before = TimeLimit.objects.count()

    actions.load_limits("上海型", from_day=date(2026, 1, 1))
    actions.load_limits("四川型", from_day=date(2026, 1, 1))

    assert TimeLimit.objects.count() == before
    assert _limit("handle", "consult") == (3, "working_day")


def test_an_editor_may_change_any_row() -> None:
    actions.load_limits(from_day=date(2026, 1, 1))
    row = selectors.limit_for("handle", kind="consult", at=NOON)

    row.amount = 4
    actions.save_row(row)

    assert _limit("handle", "consult") == (4, "working_day")
