"""The straight road of a ticket, and its nearest bends."""

import pytest

from accounts.models import User
from tests.factories import Units
from tests.tickets.steps import REPLY, accepted
from tickets import actions, errors, policy
from tickets.models import Assignment, Entry, Reply, Source, Ticket
from tickets.workflow import Party, Status

TEXT = "望河花园3栋楼道灯坏了半个月，老人晚上上下楼看不清，请派人修理。"


@pytest.fixture
def ticket(units: Units) -> Ticket:
    return actions.accept(text=TEXT, source=Source.WEB, by=Party.CITIZEN, phone="13812345678")


@pytest.fixture
def dispatched(ticket: Ticket, units: Units, dispatcher: User) -> Ticket:
    return actions.dispatch(ticket, to=units.housing, by=dispatcher)


@pytest.fixture
def replied(dispatched: Ticket, signer: User, handler: User, auditor: User) -> Ticket:
    actions.sign(dispatched, by=signer)
    actions.reply(
        dispatched,
        text="经现场核查，楼道灯线路老化，已于当日更换完毕。",
        result=Reply.Result.SOLVED,
        contacted=True,
        by=handler,
    )
    return actions.release(dispatched, by=auditor)


def test_a_ticket_walks_the_whole_road(replied: Ticket, reviewer: User, callback: User) -> None:
    actions.review(replied, by=reviewer)
    actions.call_back(
        replied, outcome="reached", contacted="yes", solved="yes", satisfied="yes", by=callback
    )

    assert replied.status == Status.CLOSED
    steps = list(Entry.objects.filter(ticket=replied).values_list("step", flat=True))
    assert steps == [
        *("accept", "dispatch", "sign", "reply", "release", "review", "call_back"),
    ]
    assert replied.due_at is None


def test_an_unhappy_citizen_gets_two_more_tries_and_no_third(
    replied: Ticket, reviewer: User, callback: User, handler: User, auditor: User
) -> None:
    def again() -> None:
        actions.review(replied, by=reviewer)
        actions.call_back(
            replied, outcome="reached", contacted="yes", solved="no", satisfied="no", by=callback
        )

    for _ in range(2):
        again()
        assert replied.status == Status.REDO
        actions.reply(
            replied, text="已再次上门维修并更换灯具。", result="solved", contacted=True, by=handler
        )
        actions.release(replied, by=auditor)
    again()

    assert replied.status == Status.CLOSED
    assert (replied.redo_count, replied.supervised) == (2, True)


def test_a_return_that_is_accepted_takes_the_ticket_away_from_the_unit(
    dispatched: Ticket, signer: User, dispatcher: User
) -> None:
    actions.send_back(dispatched, reason="不属于我局职责", by=signer)

    actions.decide_return(dispatched, accepted=True, note="同意", by=dispatcher)

    assert dispatched.status == Status.PENDING_DISPATCH
    assert not policy.visible_to(signer).exists()
    assert Assignment.objects.get().state == Assignment.State.VOID


def test_a_refused_return_is_handled_and_the_clock_never_stopped(
    dispatched: Ticket, signer: User, dispatcher: User
) -> None:
    due = dispatched.handle_due_at
    actions.send_back(dispatched, reason="不属于我局职责", by=signer)

    actions.decide_return(dispatched, accepted=False, note="属于你局职责", by=dispatcher)

    assert (dispatched.status, dispatched.due_at) == (Status.PROCESSING, due)


def test_a_stranger_neither_sees_nor_signs_the_ticket(dispatched: Ticket, stranger: User) -> None:
    assert not policy.visible_to(stranger).exists()
    with pytest.raises(errors.NotAllowed):
        actions.sign(dispatched, by=stranger)


def test_a_stale_form_is_refused_and_changes_nothing(
    dispatched: Ticket, signer: User, dispatcher: User, units: Units
) -> None:
    seen = dispatched.version
    actions.redirect(dispatched, to=units.urban, by=dispatcher)

    with pytest.raises(errors.Stale) as refusal:
        actions.redirect(dispatched, to=units.water, by=dispatcher, version=seen)

    assert (refusal.value.seen, refusal.value.current) == (seen, seen + 1)
    assert Ticket.objects.get().lead == units.urban


def test_what_the_system_settled_meanwhile_makes_no_page_stale_but_of_who_settles_the_same(
    ticket: Ticket, dispatcher: User, reviewer: User, units: Units
) -> None:
    seen = ticket.version
    actions.screen(ticket, by=Party.SYSTEM, urgency="urgent")

    with pytest.raises(errors.Stale):
        actions.screen(ticket, by=reviewer, urgency="normal", version=seen)
    actions.dispatch(ticket, to=units.urban, by=dispatcher, note="请尽快", version=seen)

    assert (ticket.lead, ticket.urgency) == (units.urban, "urgent")


def test_what_a_person_or_the_citizen_did_or_a_dispatch_of_the_system_is_a_conflict(
    units: Units, dispatcher: User, reviewer: User
) -> None:
    def told(by: User | Party) -> Ticket:
        ticket = accepted()
        actions.screen(ticket, by=by)
        return ticket

    supplemented, dispatched, screened = told(Party.SYSTEM), told(Party.SYSTEM), told(reviewer)
    actions.supplement(supplemented, text="是 5 栋，不是 3 栋", by=Party.CITIZEN)
    actions.dispatch(dispatched, to=units.housing, by=Party.SYSTEM)

    for changed in (supplemented, dispatched, screened):
        with pytest.raises(errors.Stale):
            actions.dispatch(changed, to=units.urban, by=dispatcher, version=1)
    assert dispatched.lead == units.housing


def test_a_reply_is_not_held_up_by_a_reminder_of_the_system(
    dispatched: Ticket, signer: User, handler: User, agent: User
) -> None:
    actions.sign(dispatched, by=signer)
    seen = dispatched.version
    actions.urge(dispatched, by=Party.SYSTEM, note="请先行联系诉求人")

    with pytest.raises(errors.Stale):
        actions.withdraw(dispatched, reason="已解决", by=Party.CITIZEN, version=seen - 1)
    actions.reply(dispatched, text=REPLY, result="solved", contacted=True, by=handler, version=seen)

    assert dispatched.status == Status.UNIT_REVIEW


def test_the_same_key_gives_the_same_ticket_and_another_body_is_refused(units: Units) -> None:
    def send(text: str) -> Ticket:
        return actions.accept(
            text=text, source=Source.WEB, by=Party.CITIZEN, idempotency_key="form-1"
        )

    first = send(TEXT)

    assert send(TEXT) == first
    with pytest.raises(errors.KeyReused):
        send("另一件事情")
    assert Ticket.objects.count() == 1


def test_a_complaint_about_a_unit_never_goes_to_it(
    ticket: Ticket, units: Units, dispatcher: User
) -> None:
    Ticket.objects.update(respondent=units.linxi)

    with pytest.raises(errors.Invalid, match="回避"):
        actions.dispatch(ticket, to=units.linxi_housing, by=dispatcher)
