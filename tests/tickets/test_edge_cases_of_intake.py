"""The odd ones at the door (domain paper §22): for another, nowhere named, elsewhere, early."""

import pytest

from accounts.models import Role, User
from hotline.calls.gateways import simulator
from tests.factories import Units, make_user
from tests.tickets.steps import HAPPY, TRY, accepted
from tickets import actions, errors, policy, selectors
from tickets.actions.closing import to_be_called
from tickets.models import Source, Ticket
from tickets.workflow import STEPS, Party, Status

ELDER = "13955556666"


def test_call_on_behalf_of_an_elder(agent: User, callback: User) -> None:
    call = simulator.ring("13812345678", agent)
    ticket = actions.accept(
        text="我替楼下的张奶奶反映：她家暖气不热，她耳朵不好，不方便打电话。",
        source=Source.PHONE,
        by=agent,
        name="张奶奶",
        phone=ELDER,
        call_id=call.pk,
    )

    assert actions.reveal(ticket, by=callback, reason="回访").phone == ELDER
    assert to_be_called(ticket)
    assert selectors.open_of_phone(ELDER, agent) == [ticket]
    assert (ticket.call_id, call.number) == (call.pk, "13812345678")


def test_region_不详(units: Units, reviewer: User, dispatcher: User) -> None:
    ticket = actions.accept(text="公交车上空调不开。", source=Source.WEB, by=Party.CITIZEN)

    actions.screen(ticket, by=reviewer, urgency="normal")
    actions.dispatch(ticket, to=units.urban, by=dispatcher)

    assert (ticket.region, ticket.place, ticket.status) == (None, "", Status.PENDING_SIGN)


@pytest.fixture
def answered(units: Units, dispatcher: User) -> Ticket:
    """A ticket whose answer has been let out; the call-back has not begun."""
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    for verb, role in (
        ("sign", Role.SIGNER),
        ("reply", Role.HANDLER),
        ("release", Role.AUDITOR),
        ("review", Role.REVIEWER),
    ):
        unit = None if role == Role.REVIEWER else units.housing
        TRY[verb](ticket, make_user(role, unit), units)
    return ticket


def test_citizen_rates_before_visitor_calls(answered: Ticket, callback: User) -> None:
    assert list(selectors.worklist(callback, "to_call")) == [answered]

    actions.rate(answered, **HAPPY)

    assert answered.status == Status.CLOSED
    assert not selectors.worklist(callback, "to_call").exists()
    assert not policy.may(callback, STEPS["call_back"], answered)
    with pytest.raises(errors.WrongState):
        actions.call_back(answered, outcome="reached", by=callback, **HAPPY)


def test_cross_city_matter(units: Units, reviewer: User) -> None:
    ticket = accepted("我在邻市买的房子一直不办证。")

    way = "房屋在邻市，请拨打邻市区号加 12345 反映。"
    actions.decline(ticket, reason="elsewhere", note=way, by=reviewer)

    told = selectors.progress(ticket)
    assert told.status == Status.NOT_ACCEPTED
    assert told.reply == f"不属于本市行政区域。{way}"
