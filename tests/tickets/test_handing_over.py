"""A ticket goes to a colleague of the same unit: when somebody leaves, and in between."""

import pytest

from accounts.models import Role, User
from tests.factories import Units, make_user
from tests.tickets.steps import accepted
from tickets import actions, policy, selectors
from tickets.errors import Invalid, NotAllowed
from tickets.models import Ticket
from tickets.selectors.narrowing import taken_up_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(units: Units, dispatcher: User, handler: User) -> Ticket:
    made = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    return actions.sign(made, by=handler)


def mine(user: User) -> list[Ticket]:
    return list(taken_up_by(policy.visible_to(user), user))


def test_a_ticket_that_was_handed_over_is_the_colleagues_and_the_history_says_so(
    ticket: Ticket, units: Units, handler: User, auditor: User
) -> None:
    colleague = make_user(Role.HANDLER, units.housing)
    assert mine(handler) == [ticket]

    actions.hand_over(ticket, to=colleague, note="调往他处", by=auditor)

    assert (mine(handler), mine(colleague)) == ([], [ticket])
    last = selectors.history(ticket)[-1]
    assert (last.step, last.extra["to"], last.note) == ("hand_over", str(colleague), "调往他处")


def test_who_answers_takes_it_up_again(ticket: Ticket, units: Units, handler: User) -> None:
    colleague = make_user(Role.HANDLER, units.housing)
    actions.hand_over(ticket, to=colleague, by=handler)

    actions.reply(ticket, text="经现场核查，已更换。", result="solved", contacted=True, by=handler)

    assert (mine(handler), mine(colleague)) == ([ticket], [])


def test_it_stays_within_the_unit(
    ticket: Ticket, units: Units, handler: User, auditor: User, stranger: User
) -> None:
    outside = make_user(Role.HANDLER, units.urban)

    for wrong in (outside, auditor):
        with pytest.raises(Invalid, match="承办人"):
            actions.hand_over(ticket, to=wrong, by=handler)
    for nobody in (outside, stranger):
        with pytest.raises(NotAllowed):
            actions.hand_over(ticket, to=handler, by=nobody)
