"""A dispatch of the last minute is undone as if it had not been, and the history tells both."""

import pytest
import time_machine

from accounts.models import User
from tests.factories import Units
from tests.tickets.steps import accepted
from tickets import actions, errors, policy, selectors
from tickets.models import Entry, Ticket
from tickets.workflow import STEPS, Status

MONDAY = "2026-11-16 09:30:00 +0800"


@pytest.fixture
def sent(units: Units, dispatcher: User) -> Ticket:
    """Dispatched on Monday at half past nine."""
    with time_machine.travel(MONDAY, tick=False):
        return actions.dispatch(accepted(), to=units.housing, by=dispatcher)


@time_machine.travel("2026-11-16 09:30:59 +0800", tick=False)
def test_a_dispatch_of_the_last_minute_is_taken_back(
    sent: Ticket, dispatcher: User, signer: User
) -> None:
    actions.take_back(sent, by=dispatcher)

    assert (sent.status, sent.lead, sent.dispatch_count) == (Status.PENDING_DISPATCH, None, 0)
    assert (sent.dispatched_at, sent.handle_due_at, sent.due_at) == (None, None, None)
    assert not policy.visible_to(signer).exists()
    steps = Entry.objects.filter(ticket=sent).order_by("pk").values_list("step", flat=True)
    assert list(steps) == ["accept", "dispatch", "take_back"]
    assert Entry.objects.get(step="take_back").extra == {"from": "云江市住房和城乡建设局"}


@time_machine.travel("2026-11-16 09:31:00 +0800", tick=False)
def test_after_a_minute_it_is_too_late(sent: Ticket, dispatcher: User) -> None:
    with pytest.raises(errors.WrongState, match="改派"):
        actions.take_back(sent, by=dispatcher)

    assert not policy.may(dispatcher, STEPS["take_back"], sent)
    assert selectors.fresh_dispatches(dispatcher, sent.moved_at) == [sent]


@time_machine.travel("2026-11-16 09:30:10 +0800", tick=False)
def test_what_is_signed_stays(sent: Ticket, dispatcher: User, signer: User) -> None:
    actions.sign(sent, by=signer)

    with pytest.raises(errors.WrongState):
        actions.take_back(sent, by=dispatcher)


@time_machine.travel("2026-11-16 09:30:10 +0800", tick=False)
def test_a_stranger_takes_nothing_back(sent: Ticket, stranger: User, signer: User) -> None:
    for user in (stranger, signer):
        with pytest.raises(errors.NotAllowed):
            actions.take_back(sent, by=user)


@time_machine.travel("2026-11-16 09:30:20 +0800", tick=False)
def test_taken_back_and_dispatched_anew_counts_once(
    sent: Ticket, units: Units, dispatcher: User
) -> None:
    actions.take_back(sent, by=dispatcher)

    actions.dispatch(sent, to=units.urban, by=dispatcher)

    assert (sent.lead, sent.dispatch_count) == (units.urban, 1)
