"""What time does to tickets: deadlines over the turn of the year, and the archive."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import User
from city import actions as city
from tests.factories import Units
from tests.tickets.steps import HAPPY, TRY, UNHAPPY, accepted
from tickets import actions, tasks
from tickets.models import Ticket
from tickets.workflow import Party, Status

SHANGHAI = ZoneInfo("Asia/Shanghai")
DECEMBER = datetime(2026, 12, 28, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday, 28 December 2026, ten in the morning: the known calendar ends on Thursday."""
    with time_machine.travel(DECEMBER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket(clock: time_machine.Traveller, units: Units, dispatcher: User) -> Ticket:
    """A 求助 dispatched in the last week of 2026; it has seven working days."""
    return actions.dispatch(accepted(), to=units.housing, by=dispatcher)


def declare_new_year() -> None:
    """Enter the holidays of 2027 as far as the city must know them."""
    for day in (date(2027, 1, 1), date(2027, 1, 4), date(2027, 10, 1)):
        city.save_calendar_day(day, is_working=False, name="放假")


def test_a_deadline_beyond_the_known_calendar_is_a_guess(ticket: Ticket) -> None:
    assert ticket.handle_provisional
    assert ticket.handle_due_at == datetime(2027, 1, 6, 17, 30, tzinfo=SHANGHAI)
    assert not ticket.due_provisional
    assert ticket.due_at == datetime(2026, 12, 29, 17, 30, tzinfo=SHANGHAI)


def test_a_guess_moves_and_becomes_firm_when_the_holidays_are_known(ticket: Ticket) -> None:
    declare_new_year()

    assert tasks.keep_deadlines() == 1

    ticket.refresh_from_db()
    assert not ticket.handle_provisional
    assert ticket.handle_due_at == datetime(2027, 1, 8, 17, 30, tzinfo=SHANGHAI)
    assert ticket.assignments.get().due_at == ticket.handle_due_at
    assert ticket.due_at == datetime(2026, 12, 29, 17, 30, tzinfo=SHANGHAI)


def test_guesses_stay_as_they_are_while_nothing_is_known(ticket: Ticket) -> None:
    assert actions.recompute_provisional() == 0

    ticket.refresh_from_db()
    assert ticket.handle_provisional


def test_a_signed_ticket_shows_the_new_deadline_and_a_form_read_before_still_counts(
    ticket: Ticket, signer: User, handler: User, units: Units
) -> None:
    actions.sign(ticket, by=signer)
    declare_new_year()
    actions.recompute_provisional()

    actions.reply(
        ticket,
        text="经现场核查，楼道灯已更换。",
        result="solved",
        contacted=True,
        by=handler,
        version=ticket.version,
    )

    assert ticket.due_at == datetime(2027, 1, 8, 17, 30, tzinfo=SHANGHAI)


def test_a_sign_clock_and_a_redo_clock_begin_where_they_began(
    clock: time_machine.Traveller,
    ticket: Ticket,
    units: Units,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
    callback: User,
    dispatcher: User,
) -> None:
    for verb, by in (("sign", signer), ("reply", handler), ("release", auditor)):
        TRY[verb](ticket, by, units)
    actions.review(ticket, by=reviewer)
    clock.move_to(DECEMBER + timedelta(days=3))
    waiting = actions.dispatch(accepted("河边路灯不亮。"), to=units.urban, by=dispatcher)
    actions.call_back(ticket, outcome="reached", by=callback, **UNHAPPY)
    assert ticket.due_at == datetime(2027, 1, 5, 17, 30, tzinfo=SHANGHAI)
    clock.move_to(DECEMBER + timedelta(days=4))
    declare_new_year()

    assert actions.recompute_provisional() == 2

    ticket.refresh_from_db()
    waiting.refresh_from_db()
    assert ticket.due_at == ticket.handle_due_at == datetime(2027, 1, 7, 17, 30, tzinfo=SHANGHAI)
    assert waiting.due_at == waiting.assignments.get().sign_due_at
    assert waiting.due_at == datetime(2027, 1, 5, 17, 30, tzinfo=SHANGHAI)


def test_a_closed_ticket_goes_to_the_archive_after_thirty_days(
    clock: time_machine.Traveller, ticket: Ticket, supervisor: User
) -> None:
    Ticket.objects.update(status=Status.PENDING_CALLBACK)
    actions.close(ticket, note="诉求人要求不再回访", by=supervisor)
    clock.shift(timedelta(days=29))
    assert tasks.archive_closed() == 0
    clock.shift(timedelta(days=2))

    assert tasks.archive_closed() == 1

    ticket.refresh_from_db()
    assert (ticket.status, ticket.entries.latest("id").party) == (Status.ARCHIVED, "system")
    assert tasks.archive_closed() == 0


def test_the_citizen_can_rate_for_fifteen_days_only(
    clock: time_machine.Traveller, ticket: Ticket, supervisor: User
) -> None:
    Ticket.objects.update(status=Status.PENDING_CALLBACK, replied_at=DECEMBER)
    actions.close(ticket, note="已电话告知", by=supervisor)
    clock.shift(timedelta(days=15))

    actions.rate(ticket, **HAPPY)

    assert ticket.ratings.get().satisfied == "yes"
    assert ticket.entries.latest("id").party == Party.CITIZEN.value
