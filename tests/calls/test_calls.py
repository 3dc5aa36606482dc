"""Calls at the desk: they ring at one agent, are taken once, and end with what became of them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role, User
from hotline.calls import actions, selectors
from hotline.calls.cti import BadEvent
from hotline.calls.gateways import simulator
from hotline.calls.models import Call, CallEvent
from outbox.models import Delivery
from tests.calls.test_cti import ANSWERED_CALL, raw
from tests.factories import Units, make_user

NUMBER = "13800001234"


@pytest.fixture
def agent(units: Units) -> User:
    user = make_user(Role.AGENT, units.center)
    user.agent_no = "8001"
    user.save()
    return user


@pytest.fixture
def call(agent: User) -> Call:
    return simulator.ring(NUMBER, agent)


def test_a_simulated_call_rings_at_its_agent(call: Call, agent: User) -> None:
    assert (call.status, call.agent, call.number) == (Call.Status.RINGING, agent, NUMBER)
    assert selectors.desk_of(agent).ringing == call


def test_an_answered_call_goes_from_talking_to_wrap_up_to_finished(call: Call, agent: User) -> None:
    simulator.answer(call, by=agent)
    call.refresh_from_db()
    assert call.status == Call.Status.TALKING

    simulator.hang_up(call, by=agent)
    call.refresh_from_db()
    assert call.status == Call.Status.WRAP_UP

    done = actions.finish(call, disposition="invalid", by=agent)
    assert done.status == Call.Status.FINISHED
    assert selectors.desk_of(agent).current is None


def test_events_that_come_twice_change_nothing(agent: User) -> None:
    actions.receive(ANSWERED_CALL)

    assert actions.receive(ANSWERED_CALL) == []
    assert CallEvent.objects.count() == len(ANSWERED_CALL)
    assert Call.objects.get().talk_ms == 61_000


def test_one_bad_event_stores_none_of_its_batch(agent: User) -> None:
    with pytest.raises(BadEvent):
        actions.receive([*ANSWERED_CALL, {"type": "call.ended"}])

    assert CallEvent.objects.count() == 0


def test_an_anonymous_caller_has_no_history(agent: User) -> None:
    started = raw(1, "call.started", **{"from": "anonymous", "to": "12345"})
    call = actions.receive([started])[0]

    assert (call.number_hash, selectors.earlier_calls(call)) == ("", [])


def test_the_same_number_brings_its_earlier_calls(call: Call, agent: User) -> None:
    simulator.hang_up(call, by=agent)

    again = simulator.ring("138-0000-1234", agent)

    assert selectors.earlier_calls(again) == [call]


def test_nobody_takes_or_ends_another_agents_call(call: Call, units: Units) -> None:
    other = make_user(Role.AGENT, units.center)

    for refused in (simulator.answer, simulator.hang_up):
        with pytest.raises(actions.CallRefused):
            refused(call, by=other)
    with pytest.raises(actions.CallRefused):
        actions.finish(call, disposition="invalid", by=other)


def test_a_call_is_answered_once(call: Call, agent: User) -> None:
    simulator.answer(call, by=agent)
    call.refresh_from_db()

    with pytest.raises(actions.CallRefused):
        simulator.answer(call, by=agent)


def test_no_call_rings_at_people_without_a_phone(supervisor: User) -> None:
    with pytest.raises(actions.CallRefused):
        simulator.ring(NUMBER, supervisor)


def test_the_number_is_not_readable_at_rest(call: Call) -> None:
    stored = Call.objects.values_list("number_hash", flat=True).get()

    assert NUMBER not in stored
    assert len(stored) == 64


def test_the_command_rings_and_waits_until_the_desk_knows(agent: User) -> None:
    out = StringIO()

    call_command("simulate_call", "--to", agent.username, stdout=out)

    assert "138****1234" in out.getvalue()
    assert not Delivery.objects.exists()


def test_the_command_names_the_agent_it_does_not_know(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("simulate_call", "--to", "nobody")
