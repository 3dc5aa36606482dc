"""Time limits: the most specific row in force wins, and every preset is only rows."""

from datetime import date, datetime, timedelta

import pytest

from city import actions, selectors
from city.models import ANY_KIND, ANY_URGENCY, TimeLimit
from city.presets import HANDLE, PRESETS, limits
from city.working_time import SHANGHAI, after
from tickets.workflow import Kind, Urgency

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


@pytest.mark.parametrize("preset", PRESETS)
def test_limits_speak_of_the_kinds_and_urgencies_that_tickets_have(preset: str) -> None:
    rows = limits(preset)

    assert {row["kind"] for row in rows} <= {"", *Kind.values}
    assert {row["urgency"] for row in rows} <= {"", *Urgency.values}


@pytest.mark.parametrize("choice", [*Kind, *Urgency])
def test_editors_are_told_how_each_kind_and_urgency_is_written(choice: Kind | Urgency) -> None:
    assert f"{choice.value} {choice.label}" in ANY_KIND + ANY_URGENCY


def test_a_complaint_dispatched_at_the_end_of_the_known_year_has_a_provisional_end() -> None:
    dispatched = datetime(2026, 12, 25, 16, tzinfo=SHANGHAI)
    limit = selectors.limit_for("handle", kind="complaint", at=dispatched)

    deadline = after(dispatched, limit.amount, limit.unit, selectors.calendar())

    assert deadline.at == datetime(2027, 1, 15, 17, 30, tzinfo=SHANGHAI)
    assert deadline.provisional


def test_the_end_moves_and_is_firm_when_the_new_year_is_decreed() -> None:
    dispatched = datetime(2026, 12, 25, 16, tzinfo=SHANGHAI)
    limit = selectors.limit_for("handle", kind="complaint", at=dispatched)

    actions.save_calendar_day(date(2027, 1, 1), is_working=False, name="元旦")
    actions.save_calendar_day(date(2027, 10, 1), is_working=False, name="国庆节")

    deadline = after(dispatched, limit.amount, limit.unit, selectors.calendar())
    assert deadline.at == datetime(2027, 1, 18, 17, 30, tzinfo=SHANGHAI)
    assert not deadline.provisional


def test_a_set_graded_by_hours_counts_day_and_night() -> None:
    actions.load_limits("北京型", from_day=date(2026, 1, 1))

    assert _limit("handle", "help", "critical") == (2, "hour")
    assert _limit("handle", "help", "urgent") == (24, "hour")
    assert _limit("handle", "help", "normal") == (168, "hour")
    assert _limit("handle", "complaint", "normal") == (360, "hour")


def test_a_set_brings_how_often_and_by_how_much_a_limit_can_be_extended() -> None:
    actions.load_limits("上海型", from_day=date(2026, 1, 1))

    assert selectors.number("extensions", at=NOON) == 2
    assert selectors.number("extension_days", at=NOON) == 45
