"""Numbers that only disturb: marked in a call, confirmed by another, for a time, with an appeal."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from hotline.calls import actions, nuisances
from hotline.calls.gateways import simulator
from hotline.calls.models import Call, Nuisance
from hotline.calls.selectors import calls_today
from tests.factories import Units, make_user
from tickets.models import Ticket

NUMBER = "13800009999"
WHY = "连续辱骂，两次劝告无效"


def called(agent: User, number: str = NUMBER) -> Call:
    """Have the agent talk to a number."""
    call = simulator.ring(number, agent)
    simulator.answer(call, by=agent)
    call.refresh_from_db()
    return call


def browser_of(user: User) -> Client:
    """Sign somebody in."""
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def mark(agent: User) -> Nuisance:
    call = called(agent)
    browser_of(agent).post(f"/desk/calls/{call.pk}/nuisance/", {"note": WHY})
    simulator.hang_up(call, by=agent)
    return Nuisance.objects.get()


def test_a_mark_counts_for_nothing_until_another_confirms_it(
    mark: Nuisance, agent: User, supervisor: User
) -> None:
    assert nuisances.of_call(mark.call) is None
    assert calls_today() == 0
    assert not Ticket.objects.exists()
    shown = browser_of(supervisor).get("/supervision/nuisances/").content.decode()
    assert WHY in shown
    assert NUMBER not in shown

    with pytest.raises(actions.CallRefused, match="另一位"):
        actions.decide_nuisance(mark, verb="confirm", note="属实", by=agent)
    browser_of(supervisor).post(
        f"/supervision/nuisances/{mark.pk}/", {"verb": "confirm", "note": "听过录音"}
    )

    found = nuisances.of_call(called(agent))
    assert found == mark
    assert found.until
    page = browser_of(agent).get("/desk/").content.decode()
    assert "骚扰号码" in page


def test_the_list_ends_by_itself(mark: Nuisance, supervisor: User) -> None:
    actions.decide_nuisance(mark, verb="confirm", note="属实", by=supervisor)

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert nuisances.of_call(mark.call) is None


def test_the_caller_appeals_and_is_taken_off_the_list(
    mark: Nuisance, agent: User, supervisor: User
) -> None:
    actions.decide_nuisance(mark, verb="confirm", note="属实", by=supervisor)
    call, browser = called(agent), browser_of(agent)
    browser.post(f"/desk/calls/{call.pk}/appeal/", {"note": ""})
    assert not nuisances.waiting().exists()
    browser.post(f"/desk/calls/{call.pk}/appeal/", {"note": "手机借给别人了"})
    assert nuisances.waiting().get() == mark

    actions.decide_nuisance(mark, verb="uphold", note="录音是本人", by=supervisor)
    assert not nuisances.waiting().exists()
    assert nuisances.of_call(call)
    actions.decide_nuisance(mark, verb="lift", note="申诉成立", by=supervisor)

    assert nuisances.of_call(call) is None
    with pytest.raises(actions.CallRefused, match="他人处理"):
        actions.decide_nuisance(mark, verb="lift", note="再来一次", by=supervisor)


def test_a_refused_mark_lists_nobody(mark: Nuisance, supervisor: User) -> None:
    for verb in ("lift", "confess"):
        with pytest.raises(actions.CallRefused):
            actions.decide_nuisance(mark, verb=verb, note="不是", by=supervisor)
    actions.decide_nuisance(mark, verb="refuse", note="只是着急", by=supervisor)

    assert nuisances.of_call(mark.call) is None
    mark.refresh_from_db()
    assert mark.confirmed is False


def test_a_mark_wants_a_reason_an_own_call_and_a_number(
    agent: User, stranger: User, units: Units, supervisor: User
) -> None:
    call, hidden = called(agent), "anonymous"
    with pytest.raises(actions.CallRefused, match="劝告"):
        actions.mark_nuisance(call, reason=" ", by=agent)
    other = make_user(Role.AGENT, units.center)
    with pytest.raises(actions.CallRefused):
        actions.mark_nuisance(call, reason=WHY, by=other)
    actions.finish(call, disposition="invalid", by=agent)
    simulator.hang_up(call, by=agent)
    assert actions.mark_nuisance(called(agent, hidden), reason=WHY, by=agent) is None
    assert browser_of(stranger).get("/supervision/nuisances/").status_code == 403
    browser_of(agent).post(f"/desk/calls/{call.pk}/nuisance/", {"note": " "})
    assert not Nuisance.objects.exists()
    row = actions.mark_nuisance(call, reason=WHY, by=agent)
    assert row
    with pytest.raises(actions.CallRefused):
        actions.appeal_nuisance(row, text="冤枉", by=stranger)
    browser_of(supervisor).post(f"/supervision/nuisances/{row.pk}/", {"verb": "confirm"})
    row.refresh_from_db()
    assert row.confirmed is None
