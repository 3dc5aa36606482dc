"""Returns (退单): once a unit, in time, decided with a reason, and in the end designated."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Department, Role, User
from city.actions import load_taxonomy
from city.models import Category
from tests.factories import Units, make_user
from tests.tickets.steps import NOTE, accepted
from tickets import actions, errors, policy
from tickets.models import Assignment, Dispute, DutyItem, Return, Ticket
from tickets.workflow import STEPS, Status

MONDAY = "2026-11-16 09:30 +0800"


@pytest.fixture
def ticket(units: Units, dispatcher: User) -> Ticket:
    return actions.dispatch(accepted(), to=units.housing, by=dispatcher)


def come_and_go(ticket: Ticket, unit: Department, dispatcher: User) -> None:
    """Let one unit get the ticket and give it back."""
    if ticket.status == Status.PENDING_DISPATCH:
        actions.dispatch(ticket, to=unit, by=dispatcher)
    signer = make_user(Role.SIGNER, unit)
    actions.send_back(ticket, code="not_ours", reason="不属于我单位", basis="三定方案", by=signer)
    actions.decide_return(ticket, accepted=True, note="同意", by=dispatcher)


@pytest.fixture
def disputed(ticket: Ticket, units: Units, dispatcher: User) -> Ticket:
    for unit in (units.housing, units.urban, units.water):
        come_and_go(ticket, unit, dispatcher)
    return ticket


def test_a_return_keeps_its_code_its_basis_and_its_decision(
    ticket: Ticket, units: Units, signer: User, dispatcher: User
) -> None:
    actions.send_back(
        ticket,
        code=Return.Code.OTHER_REGION,
        reason="不在本辖区",
        basis="三定方案第五条",
        suggest=units.linxi,
        by=signer,
    )

    actions.decide_return(ticket, accepted=False, note="属市管路段", by=dispatcher)

    (row,) = Return.objects.all()
    assert (row.department, row.suggested) == (units.housing, units.linxi)
    assert (row.code, row.basis) == ("other_region", "三定方案第五条")
    assert (row.accepted, row.decision, row.decided_by) == (False, "属市管路段", dispatcher)


def test_the_clock_runs_on_while_a_return_waits(ticket: Ticket, signer: User) -> None:
    before = ticket.handle_due_at

    actions.send_back(ticket, reason=NOTE, by=signer)

    assert ticket.handle_due_at == before
    assert Assignment.objects.get(voided_at=None).due_at == before


def test_a_return_that_comes_too_late_is_refused_and_not_offered(
    units: Units, dispatcher: User, signer: User
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
        clock.shift(timedelta(days=3))

        with pytest.raises(errors.WrongState, match="已过期"):
            actions.send_back(ticket, reason=NOTE, by=signer)
        offered = policy.allowed_steps(signer, ticket)

    assert [step.verb for step in offered] == ["sign"]


def test_an_urgent_ticket_must_be_returned_within_half_an_hour(
    units: Units, dispatcher: User
) -> None:
    ticket = actions.screen(accepted(), urgency="urgent", by=dispatcher)

    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    assert ticket.return_due_at
    assert ticket.dispatched_at
    assert ticket.return_due_at - ticket.dispatched_at == timedelta(minutes=30)


def test_a_unit_returns_a_ticket_once_only(
    ticket: Ticket, units: Units, dispatcher: User, signer: User
) -> None:
    come_and_go(ticket, units.housing, dispatcher)
    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    with pytest.raises(errors.WrongState, match="不能再退单"):
        actions.send_back(ticket, reason=NOTE, by=signer)


def test_a_code_nobody_knows_is_refused(ticket: Ticket, signer: User) -> None:
    with pytest.raises(errors.Invalid, match="退单类别"):
        actions.send_back(ticket, reason=NOTE, code="whatever", by=signer)

    assert not Return.objects.exists()


def test_after_the_third_dispatch_the_coordinator_has_to_designate(
    disputed: Ticket, dispatcher: User, supervisor: User, units: Units
) -> None:
    assert disputed.status == Status.DISPUTING
    assert (disputed.dispatch_count, disputed.return_count) == (3, 3)
    assert not policy.may(dispatcher, STEPS["dispatch"], disputed)
    assert policy.may(supervisor, STEPS["designate"], disputed)
    assert Dispute.objects.get().settled_at is None


def test_who_is_designated_cannot_return_the_ticket(
    disputed: Ticket, supervisor: User, units: Units
) -> None:
    actions.designate(disputed, to=units.linxi, note="属地牵头", by=supervisor)

    with pytest.raises(errors.WrongState, match="不能再退单"):
        actions.send_back(disputed, reason=NOTE, by=make_user(Role.SIGNER, units.linxi))
    assert (disputed.status, disputed.lead) == (Status.PENDING_SIGN, units.linxi)


def test_without_a_unit_named_the_first_receiver_leads(
    disputed: Ticket, supervisor: User, units: Units
) -> None:
    actions.designate(disputed, note="职责交叉，首接负责", assisting=[units.urban], by=supervisor)

    live = Assignment.objects.filter(voided_at=None).order_by("part")
    assert [row.department for row in live] == [units.urban, units.housing]
    dispute = Dispute.objects.get()
    assert (dispute.unit, dispute.settled_by) == (units.housing, supervisor)


def test_the_outcome_is_proposed_as_a_draft_of_the_duty_list(
    disputed: Ticket, supervisor: User, units: Units
) -> None:
    load_taxonomy()
    category = Category.objects.filter(level=2)[0]
    Ticket.objects.update(category=category)

    actions.designate(disputed, to=units.urban, note="今后由城管办理", as_duty=True, by=supervisor)

    duty = DutyItem.objects.get()
    assert (duty.state, duty.department, duty.category) == ("draft", units.urban, category)
    assert Dispute.objects.get().duty == duty


def test_without_a_matter_nothing_can_be_proposed_and_nothing_is_changed(
    disputed: Ticket, supervisor: User, units: Units
) -> None:
    with pytest.raises(errors.Invalid, match="事项分类"):
        actions.designate(disputed, to=units.urban, note=NOTE, as_duty=True, by=supervisor)

    disputed.refresh_from_db()
    assert disputed.status == Status.DISPUTING
    assert Dispute.objects.get().settled_at is None
