"""One matter, several citizens: merged, answered together, followed up one by one."""

import pytest

from accounts.models import User
from outbox.bus import drain_all
from tests.factories import Units
from tests.tickets.steps import NOTE, REPLY, UNHAPPY, accepted
from tickets import actions, errors, policy, selectors
from tickets.models import Dispute, Return, Ticket
from tickets.workflow import Party, Status


@pytest.fixture
def master(units: Units, dispatcher: User) -> Ticket:
    return actions.dispatch(accepted(), to=units.housing, by=dispatcher)


@pytest.fixture
def child(master: Ticket, dispatcher: User) -> Ticket:
    made = accepted(phone="13912345678")
    return actions.merge(made, into=master, note="同一盏路灯", by=dispatcher)


@pytest.fixture
def answered(
    child: Ticket, master: Ticket, signer: User, handler: User, auditor: User, reviewer: User
) -> Ticket:
    actions.sign(master, by=signer)
    actions.reply(master, text=REPLY, result="solved", contacted=True, by=handler)
    actions.release(master, by=auditor)
    actions.review(master, by=reviewer)
    drain_all()
    child.refresh_from_db()
    return child


def test_a_merged_ticket_has_no_unit_and_no_clock(child: Ticket, master: Ticket) -> None:
    assert (child.status, child.merged_into) == (Status.MERGED, master)
    assert child.lead is None
    assert child.due_at is None


def test_every_citizen_gets_the_master_s_answer_and_a_call_of_his_own(
    answered: Ticket, master: Ticket
) -> None:
    assert answered.status == master.status == Status.PENDING_CALLBACK
    assert selectors.progress(answered).reply == REPLY
    assert answered.due_at


def test_a_merged_citizen_who_is_not_satisfied_gets_a_redo_of_his_own(
    answered: Ticket, master: Ticket, units: Units, callback: User, handler: User
) -> None:
    actions.call_back(answered, outcome="reached", by=callback, **UNHAPPY)

    assert (answered.status, answered.lead) == (Status.REDO, units.housing)
    assert policy.visible_to(handler).filter(pk=answered.pk).exists()
    master.refresh_from_db()
    assert master.status == Status.PENDING_CALLBACK


def test_a_merge_is_undone(child: Ticket, dispatcher: User) -> None:
    actions.unmerge(child, note="不是同一盏", by=dispatcher)

    assert (child.status, child.merged_into) == (Status.PENDING_DISPATCH, None)
    assert child.closed_at is None


def test_when_the_master_is_withdrawn_the_others_are_handled(child: Ticket, master: Ticket) -> None:
    actions.withdraw(master, reason="我不反映了", by=Party.CITIZEN)
    drain_all()

    child.refresh_from_db()
    assert (child.status, child.merged_into) == (Status.PENDING_DISPATCH, None)


def test_a_merged_child_may_be_withdrawn(child: Ticket, master: Ticket) -> None:
    actions.withdraw(child, reason="已自行解决", by=Party.CITIZEN)

    master.refresh_from_db()
    assert child.status == Status.WITHDRAWN
    assert master.status == Status.PENDING_SIGN


def test_what_cannot_be_a_master_is_refused(
    child: Ticket, master: Ticket, dispatcher: User
) -> None:
    waiting = accepted()

    for ticket, into in ((waiting, waiting), (waiting, child), (master, waiting)):
        with pytest.raises(errors.Invalid):
            actions.merge(ticket, into=into, note=NOTE, by=dispatcher)


def test_a_confidential_ticket_does_not_join_an_open_one(master: Ticket, dispatcher: User) -> None:
    secret = accepted(kind="report")

    with pytest.raises(errors.Invalid, match="保密"):
        actions.merge(secret, into=master, note=NOTE, by=dispatcher)


def test_the_master_s_page_names_only_what_one_may_see(
    child: Ticket, master: Ticket, dispatcher: User, handler: User
) -> None:
    assert selectors.merged_of(master, dispatcher) == [child]
    assert selectors.merged_of(master, handler) == []


def test_a_declined_citizen_reads_the_reason_and_the_way_to_go(dispatcher: User) -> None:
    ticket = accepted()

    actions.decline(ticket, reason="legal_way", note="请向区法院起诉", by=dispatcher)

    said = selectors.progress(ticket)
    assert ticket.status == Status.NOT_ACCEPTED
    assert "法定程序" in said.reply
    assert "请向区法院起诉" in said.reply


def test_no_ticket_is_declined_without_a_known_reason(dispatcher: User) -> None:
    with pytest.raises(errors.Invalid, match="原因"):
        actions.decline(accepted(), reason="", note=NOTE, by=dispatcher)


def test_declining_a_returned_ticket_settles_the_return(
    master: Ticket, signer: User, dispatcher: User
) -> None:
    actions.send_back(master, reason="属法院职责", by=signer)

    actions.decline(master, reason="other_power", note="请找法院", by=dispatcher)

    assert Return.objects.get().accepted is True
    assert not policy.visible_to(signer).exists()
    assert not Dispute.objects.exists()


def test_harassment_is_put_aside(dispatcher: User) -> None:
    ticket = accepted()

    actions.invalidate(ticket, note="连续骚扰来电", by=dispatcher)

    assert (ticket.status, ticket.is_open) == (Status.INVALID, False)
