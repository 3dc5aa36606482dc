"""The phone on the desk: who is calling, taking the call, ending it, and nobody else's calls."""

import pytest
from django.test import Client

from accounts.models import Role, User
from hotline.calls import actions as actions_of_calls
from hotline.calls.gateways import simulator
from hotline.calls.models import Call
from tests.desk.conftest import NUMBER
from tests.factories import Units, make_user
from tickets import actions
from tickets.models import Confirmation, Ticket
from tickets.workflow import Party

OTHER = "13911112222"


def page(browser: Client, address: str = "/desk/") -> str:
    return browser.get(address).content.decode()


@pytest.fixture
def open_ticket(units: Units) -> Ticket:
    return actions.accept(text="望河花园路灯不亮", phone=NUMBER, source="web", by=Party.CITIZEN)


def test_a_simulated_call_rings_with_the_history_of_its_number(
    browser: Client, open_ticket: Ticket
) -> None:
    browser.post("/desk/calls/simulate/", {"number": NUMBER})

    shown = page(browser, "/desk/calls/")
    assert NUMBER in shown
    assert "在办 1 件" in shown
    assert "望河花园路灯不亮" in shown
    assert "接听" in shown


def test_answering_shows_the_caller_and_hanging_up_begins_the_wrap_up(
    browser: Client, agent: User, open_ticket: Ticket
) -> None:
    call = simulator.ring(NUMBER, agent)

    browser.post(f"/desk/calls/{call.pk}/answer/")

    caller = page(browser, "/desk/caller/")
    assert "并入此单" in caller
    assert f'value="{call.pk}"' in caller

    browser.post(f"/desk/calls/{call.pk}/hang-up/")

    call.refresh_from_db()
    assert call.status == Call.Status.WRAP_UP
    assert 'data-wrap-up="60"' in page(browser) or 'data-wrap-up="59"' in page(browser)


def test_htmx_is_told_to_look_again(browser: Client, agent: User) -> None:
    call = simulator.ring(NUMBER, agent)

    answer = browser.post(f"/desk/calls/{call.pk}/answer/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer["HX-Trigger"] == "changed"
    assert "挂断" in page(browser, "/desk/calls/bar/")


def test_the_full_number_is_shown_only_during_the_call(
    browser: Client, agent: User, call: Call
) -> None:
    assert NUMBER in page(browser, "/desk/caller/")

    simulator.hang_up(call, by=agent)
    browser.post(f"/desk/calls/{call.pk}/invalid/", {"note": "无声"})

    assert "data-number" not in page(browser, "/desk/caller/")


@pytest.mark.parametrize("deed", ["answer", "hang-up", "complete", "invalid", "emergency"])
def test_a_call_of_another_agent_is_not_there(units: Units, call: Call, deed: str) -> None:
    other = Client()
    other.force_login(make_user(Role.AGENT, units.center))

    assert other.post(f"/desk/calls/{call.pk}/{deed}/").status_code == 404
    assert NUMBER not in page(other, "/desk/caller/")


def test_the_next_call_waits_until_the_one_before_is_settled(
    browser: Client, agent: User, call: Call
) -> None:
    simulator.hang_up(call, by=agent)
    following = simulator.ring(OTHER, agent)

    refused = browser.post(f"/desk/calls/{following.pk}/answer/", follow=True)
    browser.post(f"/desk/calls/{call.pk}/invalid/", {"note": "误拨"})
    browser.post(f"/desk/calls/{following.pk}/answer/")

    following.refresh_from_db()
    assert "请先登记这通电话的处置结果" in refused.content.decode()
    assert following.status == Call.Status.TALKING


def test_one_talk_at_a_time(browser: Client, agent: User, call: Call) -> None:
    following = simulator.ring(OTHER, agent)

    refused = browser.post(f"/desk/calls/{following.pk}/answer/", follow=True)

    following.refresh_from_db()
    assert "您正在通话中" in refused.content.decode()
    assert following.status == Call.Status.RINGING


def test_a_call_that_rings_during_another_takes_the_key_that_would_end_it(
    browser: Client, agent: User, call: Call
) -> None:
    before = page(browser, "/desk/calls/bar/")
    simulator.ring(OTHER, agent)

    bar, banner = page(browser, "/desk/calls/bar/"), page(browser, "/desk/calls/")

    assert 'data-desk-key="F2"' in before
    assert 'data-desk-key="F2"' not in bar + banner
    assert 'data-desk-key="Ctrl+F2"' in bar
    assert "排队等候" in banner


def test_after_hanging_up_the_key_takes_the_call_that_waited(
    browser: Client, agent: User, call: Call
) -> None:
    simulator.ring(OTHER, agent)
    simulator.hang_up(call, by=agent)
    browser.post(f"/desk/calls/{call.pk}/invalid/")

    bar, banner = page(browser, "/desk/calls/bar/"), page(browser, "/desk/calls/")

    assert 'data-desk-key="F2"' not in bar
    assert banner.count('data-desk-key="F2"') == 1


def test_a_call_passed_to_the_police_is_noted_without_personal_data(
    browser: Client, agent: User, call: Call
) -> None:
    simulator.hang_up(call, by=agent)

    browser.post(
        f"/desk/calls/{call.pk}/emergency/", {"line": "110", "note": "回拨 13912345678 即可"}
    )

    call.refresh_from_db()
    assert call.disposition == Call.Disposition.EMERGENCY
    assert call.status == Call.Status.FINISHED
    assert call.note == "已转 110。回拨 139****5678 即可"
    assert Ticket.objects.count() == 0


def test_the_draft_of_a_closed_call_is_given_up_once(browser: Client, call: Call) -> None:
    browser.post(f"/desk/calls/{call.pk}/invalid/", {"note": "误拨"})

    assert "data-draft-taken" in page(browser)
    assert "data-draft-taken" not in page(browser)


def test_a_call_passed_on_keeps_that_the_suggestion_was_followed(
    browser: Client, agent: User, call: Call
) -> None:
    told = '{"outcome": "emergency", "kind": "", "matter": ""}'

    browser.post(f"/desk/calls/{call.pk}/emergency/", {"line": "119", "heard": told})

    kept = Confirmation.objects.get()
    assert (kept.by, kept.ticket) == (agent, None)
    assert (kept.suggested_outcome, kept.outcome) == ("emergency", "emergency")


def test_an_unknown_emergency_line_is_refused(browser: Client, call: Call) -> None:
    browser.post(f"/desk/calls/{call.pk}/emergency/", {"line": "911"})

    call.refresh_from_db()
    assert call.disposition == ""


@pytest.mark.parametrize("deed", ["answer", "hang-up"])
def test_a_call_that_is_over_says_so(browser: Client, agent: User, call: Call, deed: str) -> None:
    simulator.hang_up(call, by=agent)
    browser.post(f"/desk/calls/{call.pk}/invalid/")

    shown = browser.post(f"/desk/calls/{call.pk}/{deed}/", follow=True).content.decode()

    assert "已经" in shown


def test_a_settled_wrap_up_is_completed(browser: Client, agent: User, call: Call) -> None:
    browser.post(f"/desk/calls/{call.pk}/invalid/")
    simulator.hang_up(call, by=agent)

    browser.post(f"/desk/calls/{call.pk}/complete/")

    call.refresh_from_db()
    assert call.status == Call.Status.FINISHED


def test_an_unsettled_wrap_up_is_not_completed(browser: Client, agent: User, call: Call) -> None:
    simulator.hang_up(call, by=agent)

    shown = browser.post(f"/desk/calls/{call.pk}/complete/", follow=True).content.decode()

    assert "请先登记" in shown


def test_the_desk_is_for_agents_only(stranger: User, dispatcher: User) -> None:
    for user in (stranger, dispatcher):
        browser = Client()
        browser.force_login(user)

        assert browser.get("/desk/").status_code == 403
        assert browser.post("/desk/calls/simulate/").status_code == 403
        assert browser.post("/desk/submit/").status_code == 403


def test_nobody_gets_in_without_signing_in(db: None) -> None:
    assert Client().get("/desk/")["Location"] == "/sign-in/?next=/desk/"


def test_somebody_without_a_telephone_is_told_so(browser: Client, agent: User) -> None:
    agent.agent_no = ""
    agent.save()

    shown = browser.post("/desk/calls/simulate/", follow=True).content.decode()

    assert "只有话务员可以接听电话" in shown


def test_one_call_waits_while_another_is_taken_and_each_has_a_draft_of_its_own(
    browser: Client, agent: User, call: Call
) -> None:
    following = simulator.ring(OTHER, agent)
    alone = page(browser)

    browser.post(f"/desk/calls/{following.pk}/answer/", {"hold": "on"})
    second = page(browser)
    browser.post(f"/desk/calls/{call.pk}/retrieve/")
    first = page(browser)

    call.refresh_from_db()
    following.refresh_from_db()
    assert (call.status, following.status) == (Call.Status.TALKING, Call.Status.HELD)
    assert f'data-draft="desk:{agent.pk}:{call.pk}"' in alone
    assert f'data-draft="desk:{agent.pk}:{following.pk}"' in second
    assert "保持并接听" in alone
    assert "取回" in second
    assert f'data-draft="desk:{agent.pk}:{call.pk}"' in first


def test_a_call_on_hold_alone_stays_in_hand_and_can_be_held_again_or_ended(
    browser: Client, agent: User, call: Call
) -> None:
    for _ in range(2):
        browser.post(f"/desk/calls/{call.pk}/hold/")
        held = page(browser)
        browser.post(f"/desk/calls/{call.pk}/retrieve/")
        call.refresh_from_db()
        assert f'data-draft="desk:{agent.pk}:{call.pk}"' in held
        assert "保持中" in held
        assert call.status == Call.Status.TALKING

    browser.post(f"/desk/calls/{call.pk}/hold/")
    call.refresh_from_db()
    simulator.hang_up(call, by=agent)
    late = browser.post(f"/desk/calls/{call.pk}/retrieve/", follow=True)

    call.refresh_from_db()
    assert call.status == Call.Status.WRAP_UP
    assert "请先登记这通电话的处置结果" in late.content.decode()


def test_nobody_holds_or_takes_the_call_of_another(units: Units, call: Call, agent: User) -> None:
    other = Client()
    other.force_login(make_user(Role.AGENT, units.center))

    for deed in ("hold", "retrieve"):
        assert other.post(f"/desk/calls/{call.pk}/{deed}/").status_code == 404
    with pytest.raises(actions_of_calls.CallRefused):
        simulator.retrieve(call, by=agent)


def test_only_the_draft_of_the_call_that_was_settled_is_dropped(
    browser: Client, agent: User, call: Call
) -> None:
    following = simulator.ring(OTHER, agent)
    browser.post(f"/desk/calls/{following.pk}/answer/", {"hold": "on"})
    sent = {"text": "路灯坏了，请尽快修理。", "token": "t-2", "call": following.pk}

    done = browser.post("/desk/submit/", sent, follow=True).content.decode()

    assert f'data-draft-taken="desk:{agent.pk}:{following.pk}"' in done
    assert "data-draft-taken" not in page(browser)
