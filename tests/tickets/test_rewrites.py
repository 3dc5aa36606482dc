"""How long a unit has for a reply that the hotline sends back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import User
from city import actions as city
from city.models import Parameter
from tests.factories import Units
from tests.tickets.steps import NOTE, REPLY, accepted
from tickets import actions
from tickets.actions import reckoning
from tickets.models import Ticket
from tickets.workflow import Status

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)
DUE = datetime(2026, 11, 25, 17, 30, tzinfo=SHANGHAI)  # 求助: seven working days
NEXT_EVENING = datetime(2026, 11, 27, 17, 30, tzinfo=SHANGHAI)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket(clock: time_machine.Traveller, units: Units, dispatcher: User, signer: User) -> Ticket:
    found = accepted()
    actions.dispatch(found, to=units.housing, by=dispatcher)
    return actions.sign(found, by=signer)


@pytest.mark.parametrize(
    ("replied", "sent_back", "days", "due"),
    [
        (DUE - timedelta(hours=1), DUE + timedelta(hours=17), 1, NEXT_EVENING),
        (DUE - timedelta(hours=1), DUE + timedelta(hours=17), 2, NEXT_EVENING + timedelta(days=3)),
        (DUE - timedelta(hours=1), DUE + timedelta(hours=17), 0, DUE),
        (DUE - timedelta(days=5), DUE - timedelta(days=4), 1, DUE),
        (DUE + timedelta(minutes=1), DUE + timedelta(hours=17), 1, DUE),
    ],
    ids=["a day at least", "as the row says", "none", "what was left", "nothing for the late"],
)
def test_a_rewrite_has_what_was_left_or_the_days_of_the_row(
    ticket: Ticket,
    clock: time_machine.Traveller,
    handler: User,
    auditor: User,
    reviewer: User,
    replied: datetime,
    sent_back: datetime,
    days: int,
    due: datetime,
) -> None:
    name = Parameter.Name.REWRITE_DAYS
    city.save_row(Parameter(name=name, amount=days, valid_from=MONDAY.date()))
    clock.move_to(replied)
    actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)
    actions.release(ticket, by=auditor)

    clock.move_to(sent_back)
    actions.send_reply_back(ticket, note=NOTE, by=reviewer)

    turn = ticket.assignments.get(part="lead")
    assert ticket.status == Status.PROCESSING
    assert ticket.due_at == ticket.handle_due_at == turn.due_at == due
    assert reckoning.reckon(ticket, turn).at == due


def test_the_units_own_auditor_gives_no_time_away(
    ticket: Ticket, clock: time_machine.Traveller, handler: User, auditor: User
) -> None:
    clock.move_to(DUE - timedelta(hours=1))
    actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)

    clock.move_to(DUE + timedelta(hours=17))
    actions.send_reply_back(ticket, note=NOTE, by=auditor)

    assert ticket.due_at == DUE
