"""What stops or lengthens a unit's clock: promises, extensions, and what was left goes on."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import User
from city import actions as city
from city.models import Parameter
from tests.factories import Units
from tests.tickets.steps import NOTE, REPLY, TOLD, accepted
from tickets import actions, selectors
from tickets.actions import clocks, reckoning
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import Awaits, ClockStop, Ticket
from tickets.workflow import Party, Status

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)
FIRST_DUE = datetime(2026, 11, 25, 17, 30, tzinfo=SHANGHAI)  # 求助: seven working days
ASK: dict[str, Any] = {"note": NOTE, "told": TOLD}


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket(clock: time_machine.Traveller, units: Units, dispatcher: User, signer: User) -> Ticket:
    """A 求助 that 市住建局 signed on Monday; a second unit helps."""
    made = actions.dispatch(accepted(), to=units.housing, assisting=[units.urban], by=dispatcher)
    return actions.sign(made, by=signer)


def suspend(ticket: Ticket, auditor: User, supervisor: User, until: date) -> Ticket:
    actions.promise(ticket, code="works", promised_on=until, by=auditor, **ASK)
    return actions.suspend(ticket, accepted=True, note="同意", by=supervisor)


def test_a_suspended_ticket_is_due_on_the_promised_day_and_says_so_to_the_citizen(
    ticket: Ticket, auditor: User, supervisor: User
) -> None:
    suspend(ticket, auditor, supervisor, date(2027, 3, 1))

    assert (ticket.status, ticket.due_kind) == (Status.SUSPENDED, "promise")
    assert ticket.due_at == datetime(2027, 3, 1, 17, 30, tzinfo=SHANGHAI)
    assert selectors.progress(ticket).due_on == date(2027, 3, 1)
    assert ticket.awaits == ""


def test_what_was_left_goes_on_for_all_units_once_it_is_resumed(
    clock: time_machine.Traveller, ticket: Ticket, auditor: User, supervisor: User
) -> None:
    clock.move_to(moment(18, 14))
    suspend(ticket, auditor, supervisor, date(2027, 3, 1))
    clock.move_to(moment(23, 11))

    actions.resume(ticket, note="材料已到", by=auditor)

    due = datetime(2026, 11, 30, 14, 30, tzinfo=SHANGHAI)  # 46 working hours after the 23rd, 11:00
    assert (ticket.status, ticket.due_kind) == (Status.PROCESSING, "handle")
    assert ticket.due_at == ticket.handle_due_at == due
    turns = {turn.part: turn.due_at for turn in ticket.assignments.all()}
    assert turns == {"lead": due, "assisting": moment(26, 14, 30)}
    assert ticket.promised_on is None
    assert ClockStop.objects.get().ended_at == moment(23, 11)


def test_a_clock_that_ran_out_before_it_stopped_stays_overdue(
    clock: time_machine.Traveller, ticket: Ticket, auditor: User, supervisor: User
) -> None:
    clock.move_to(moment(27))
    suspend(ticket, auditor, supervisor, date(2027, 3, 1))
    clock.move_to(moment(30))

    actions.resume(ticket, note="恢复", by=supervisor)

    assert ticket.due_at == FIRST_DUE


def test_an_urgent_clock_goes_on_by_day_and_night(
    clock: time_machine.Traveller,
    units: Units,
    dispatcher: User,
    signer: User,
    auditor: User,
    supervisor: User,
) -> None:
    urgent = actions.screen(accepted(), urgency="urgent", by=dispatcher)
    actions.dispatch(urgent, to=units.housing, by=dispatcher)
    actions.sign(urgent, by=signer)
    clock.shift(timedelta(hours=2))
    suspend(urgent, auditor, supervisor, date(2026, 11, 30))
    clock.move_to(moment(21, 3))  # a Saturday night

    actions.resume(urgent, note="恢复", by=auditor)

    assert urgent.due_at == moment(22, 1)


def test_a_ticket_withdrawn_while_it_stood_still_leaves_no_clock_standing(
    ticket: Ticket, auditor: User, supervisor: User
) -> None:
    suspend(ticket, auditor, supervisor, date(2027, 3, 1))

    actions.withdraw(ticket, reason="已解决", by=Party.CITIZEN)

    assert not ClockStop.objects.filter(ended_at=None).exists()
    assert (ticket.due_at, ticket.promised_on) == (None, None)


def test_a_redo_that_was_suspended_goes_back_to_its_redo(
    ticket: Ticket, auditor: User, supervisor: User
) -> None:
    Ticket.objects.update(status=Status.CLOSED, closed_at=MONDAY)
    ticket.refresh_from_db()
    actions.reopen(ticket, note=NOTE, by=supervisor)
    due = ticket.due_at
    suspend(ticket, auditor, supervisor, date(2027, 3, 1))

    actions.resume(ticket, note="恢复", by=auditor)

    assert (ticket.status, ticket.due_kind, ticket.due_at) == (Status.REDO, "redo", due)
    assert ticket.assignments.get(part="lead").due_at == due


@pytest.mark.parametrize("on", [date(2026, 11, 16), date(2027, 8, 17)])
def test_a_promise_is_for_a_later_day_within_nine_months(
    on: date, ticket: Ticket, auditor: User
) -> None:
    with pytest.raises(Invalid):
        actions.promise(ticket, code="works", promised_on=on, by=auditor, **ASK)


@pytest.mark.parametrize("wrong", [{"told": " "}, {"note": ""}, {"code": "lazy"}])
def test_a_promise_needs_a_plan_a_code_and_that_the_citizen_was_told(
    wrong: dict[str, str], ticket: Ticket, auditor: User
) -> None:
    said = {"code": "works", **ASK} | wrong

    with pytest.raises(Invalid):
        actions.promise(ticket, promised_on=date(2027, 3, 1), by=auditor, **said)

    ticket.refresh_from_db()
    assert (ticket.awaits, ticket.promises.count()) == ("", 0)


def test_the_unit_asks_and_only_supervision_grants_a_promise(
    ticket: Ticket, auditor: User, handler: User, stranger: User, supervisor: User
) -> None:
    for nobody in (handler, stranger, supervisor):
        with pytest.raises(NotAllowed):
            actions.promise(ticket, code="works", promised_on=date(2027, 3, 1), by=nobody, **ASK)
    with pytest.raises(WrongState):
        actions.suspend(ticket, accepted=True, note=NOTE, by=supervisor)
    actions.promise(ticket, code="works", promised_on=date(2027, 3, 1), by=auditor, **ASK)
    with pytest.raises(NotAllowed):
        actions.suspend(ticket, accepted=True, note=NOTE, by=auditor)

    actions.suspend(ticket, accepted=False, note="应按期办理", by=supervisor)

    assert (ticket.status, ticket.awaits, ticket.due_at) == (Status.PROCESSING, "", FIRST_DUE)
    assert ticket.promises.get().accepted is False
    assert "suspend" not in {station.label for station in selectors.progress(ticket).timeline}


def test_extension_on_the_last_day_moves_the_due_day_and_is_counted(
    clock: time_machine.Traveller, ticket: Ticket, handler: User, auditor: User, stranger: User
) -> None:
    clock.move_to(FIRST_DUE)
    actions.extend(ticket, days=3, by=handler, **ASK)
    assert ticket.awaits == Awaits.EXTENSION
    with pytest.raises(NotAllowed):
        actions.decide_extension(ticket, accepted=True, note=NOTE, by=stranger)

    actions.decide_extension(ticket, accepted=True, note="同意", by=auditor)

    due = moment(30, 17, 30)
    assert (
        ticket.due_at == ticket.handle_due_at == ticket.assignments.get(part="lead").due_at == due
    )
    assert ticket.assignments.get(part="assisting").due_at == moment(23, 17, 30)
    assert ticket.extension_count == 1
    told = selectors.progress(ticket)
    assert (told.due_on, told.timeline[-1].label) == (date(2026, 11, 30), "办理期限已延长")
    with pytest.raises(WrongState, match="最多延期 1 次"):
        actions.extend(ticket, days=1, by=handler, **ASK)


def test_an_extension_is_asked_for_before_the_limit_is_over(
    clock: time_machine.Traveller, ticket: Ticket, handler: User
) -> None:
    clock.move_to(FIRST_DUE + timedelta(minutes=1))

    with pytest.raises(WrongState, match="期限已过"):
        actions.extend(ticket, days=1, by=handler, **ASK)


def test_many_days_and_what_the_auditor_asks_for_are_decided_on_by_supervision(
    ticket: Ticket, handler: User, auditor: User, supervisor: User
) -> None:
    actions.extend(ticket, days=6, by=handler, **ASK)
    with pytest.raises(NotAllowed):
        actions.decide_extension(ticket, accepted=True, note=NOTE, by=auditor)
    actions.decide_extension(ticket, accepted=False, note="请抓紧", by=supervisor)
    assert (ticket.due_at, ticket.extension_count) == (FIRST_DUE, 0)

    actions.extend(ticket, days=2, by=auditor, **ASK)

    assert ticket.awaits == Awaits.LONG_EXTENSION


def test_how_many_days_and_how_often_are_rows(ticket: Ticket, handler: User, auditor: User) -> None:
    with pytest.raises(Invalid):
        actions.extend(ticket, days=11, by=handler, **ASK)
    for name, amount in (("extension_days", 20), ("extensions", 2), ("extension_unit_days", 20)):
        row = Parameter(name=name, amount=amount, valid_from=date(2026, 1, 1))
        city.save_row(row)

    for days, level in ((11, Awaits.EXTENSION), (1, Awaits.LONG_EXTENSION)):
        actions.extend(ticket, days=days, by=handler, **ASK)
        assert ticket.awaits == level  # the second one goes up whatever its days
        Ticket.objects.update(awaits="", extension_count=1)
        ticket.extensions.update(accepted=True)
        ticket.refresh_from_db()


def test_an_urgent_first_response_is_not_put_off(
    clock: time_machine.Traveller, units: Units, dispatcher: User, signer: User, handler: User
) -> None:
    urgent = actions.screen(accepted(), urgency="critical", by=dispatcher)
    actions.dispatch(urgent, to=units.housing, by=dispatcher)
    actions.sign(urgent, by=signer)
    with pytest.raises(WrongState, match="首次响应"):
        actions.extend(urgent, days=1, by=handler, **ASK)

    clocks.note_contact(urgent, MONDAY)

    actions.extend(urgent, days=1, by=handler, **ASK)
    assert urgent.assignments.get().contact_due_at == moment(16, 12)


def test_a_request_lapses_when_the_unit_replies_first(
    ticket: Ticket, handler: User, auditor: User
) -> None:
    actions.extend(ticket, days=1, by=handler, **ASK)

    actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)

    assert ticket.awaits == ""
    assert ticket.extensions.get().decision == clocks.LAPSED
    assert ticket.assignments.get(part="lead").first_contact_at == MONDAY
    actions.send_reply_back(ticket, note=NOTE, by=auditor)
    actions.promise(ticket, code="court", promised_on=date(2026, 12, 1), by=auditor, **ASK)
    assert ticket.awaits == Awaits.PROMISE


def test_a_turn_keeps_the_rule_it_began_with_and_its_stops_when_it_is_reckoned_anew(
    clock: time_machine.Traveller, ticket: Ticket, handler: User, auditor: User, supervisor: User
) -> None:
    city.load_limits("济南型", from_day=MONDAY.date() - timedelta(days=9))
    suspend(ticket, auditor, supervisor, date(2027, 3, 1))
    clock.shift(timedelta(days=2))
    actions.resume(ticket, note="恢复", by=auditor)
    actions.extend(ticket, days=2, by=handler, **ASK)
    actions.decide_extension(ticket, accepted=True, note="同意", by=auditor)
    turn = ticket.assignments.get(part="lead")

    assert (turn.limit_amount, turn.limit_unit) == (7, "working_day")
    assert reckoning.reckon(ticket, turn).at == turn.due_at == ticket.handle_due_at
