"""What only grows is guarded by the database itself, and sealed day by day."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import actions, ledgers
from accounts.models import AccessLog, Anchor, User
from hotline.tasks import anchor_ledgers
from tests.meddling import meddle

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
FRIDAY = date(2026, 11, 20)


@pytest.fixture
def seen(agent: User) -> Callable[[datetime], AccessLog]:
    def note(at: datetime) -> AccessLog:
        with time_machine.travel(at, tick=False):
            return actions.log_access(agent, "reveal", agent, fields=["phone"], reason="核实情况")

    return note


@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'none'", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_who_saw_what(
    seen: Callable[[datetime], AccessLog], statement: str
) -> None:
    ledgers.protect(connection, AccessLog)
    seen(NOON)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(AccessLog._meta.db_table))

    assert ledgers.protected(connection, AccessLog)
    assert AccessLog.objects.get().action == "reveal"


def test_a_day_is_sealed_once_with_all_before_it(seen: Callable[[datetime], AccessLog]) -> None:
    first, second = seen(NOON - timedelta(days=3)), seen(NOON)
    later = seen(NOON + timedelta(days=1))

    made = actions.anchor(ledgers.ACCESS, FRIDAY)
    again = actions.anchor(ledgers.ACCESS, FRIDAY)
    following = actions.anchor(ledgers.ACCESS, FRIDAY + timedelta(days=1))

    assert made is not None
    assert following is not None
    assert (made.rows, made.until) == (2, second.pk)
    assert again is None
    assert (following.rows, following.until) == (1, later.pk)
    assert first.pk < second.pk
    assert list(ledgers.broken(ledgers.ACCESS)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET reason = '无' WHERE id = {}",
        "DELETE FROM {} WHERE id = {}",
    ],
)
def test_a_row_rewritten_after_its_day_is_found(
    seen: Callable[[datetime], AccessLog], statement: str
) -> None:
    row, _ = seen(NOON), seen(NOON + timedelta(days=1))
    made = actions.anchor(ledgers.ACCESS, FRIDAY)
    actions.anchor(ledgers.ACCESS, FRIDAY + timedelta(days=1))

    meddle(statement.format(AccessLog._meta.db_table, row.pk))

    assert list(ledgers.broken(ledgers.ACCESS)) == [made]


@pytest.mark.django_db
def test_every_night_each_ledger_is_sealed_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING), time_machine.travel(NOON, tick=False):
        anchor_ledgers()
        anchor_ledgers()

    made = Anchor.objects.all()
    assert {anchor.ledger for anchor in made} == {"access", "history"}
    assert {anchor.on for anchor in made} == {FRIDAY - timedelta(days=1)}
    assert [anchor.seal in caplog.text for anchor in made] == [True, True]


def test_the_platforms_own_role_may_only_add(seen: Callable[[datetime], AccessLog]) -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="PostgreSQL"):
            call_command("restrict_role", "hotline_app_test")
        return
    call_command("restrict_role", "hotline_app_test")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE hotline_app_test")

    seen(NOON)
    for statement in ("UPDATE {} SET action = 'none'", "DELETE FROM {}", "TRUNCATE {}"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(AccessLog._meta.db_table))

    assert AccessLog.objects.count() == 1
