"""The page of one ticket: who sees it, which steps it offers, what happens when one is late."""

import pytest
from django.test import Client

from accounts.models import AccessLog, Role, User
from hotline.web.steps import FORMS, offered
from tests.factories import Units, make_user
from tests.web.conftest import ANSWER, MakeTicket, SignIn, spoken
from tickets import actions, policy
from tickets.models import Ticket
from tickets.workflow import STEPS, Party, Status


def test_every_step_of_staff_has_a_form() -> None:
    wanted = {verb for verb, step in STEPS.items() if step.roles and not step.creates}

    assert wanted == set(FORMS)


def test_the_page_shows_words_story_and_the_next_step(
    dispatched: Ticket, signer: User, sign_in: SignIn
) -> None:
    page = sign_in(signer).get(f"/tickets/{dispatched.number}/").content.decode()

    assert dispatched.text in page
    assert "受理" in page
    assert "派单" in page
    assert f"/tickets/{dispatched.number}/sign/" in page
    assert f"/tickets/{dispatched.number}/reply/" not in page


def test_a_stranger_cannot_see_the_ticket_nor_act_on_it(
    dispatched: Ticket, stranger: User, sign_in: SignIn
) -> None:
    browser = sign_in(stranger)

    assert browser.get(f"/tickets/{dispatched.number}/").status_code == 404
    assert browser.post(f"/tickets/{dispatched.number}/sign/").status_code == 404
    assert browser.post(f"/tickets/{dispatched.number}/reveal/").status_code == 404


def test_nobody_gets_in_without_signing_in(dispatched: Ticket) -> None:
    answer = Client().get(f"/tickets/{dispatched.number}/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


def test_a_step_that_the_role_does_not_allow_is_refused(
    dispatched: Ticket, handler: User, auditor: User, sign_in: SignIn
) -> None:
    answer = sign_in(auditor).post(f"/tickets/{dispatched.number}/sign/")

    dispatched.refresh_from_db()
    assert answer.status_code == 403
    assert "不能对这件工单签收" in answer.content.decode()
    assert dispatched.status == Status.PENDING_SIGN


def test_a_step_too_late_says_where_the_ticket_stands(
    signed: Ticket, signer: User, sign_in: SignIn
) -> None:
    answer = sign_in(signer).post(f"/tickets/{signed.number}/sign/")

    assert answer.status_code == 409
    assert "办理中" in answer.content.decode()


def test_an_unknown_step_is_not_found(dispatched: Ticket, signer: User, sign_in: SignIn) -> None:
    browser = sign_in(signer)

    assert browser.post(f"/tickets/{dispatched.number}/archive/").status_code == 404
    assert browser.post(f"/tickets/{dispatched.number}/nonsense/").status_code == 404


def test_the_whole_road_is_walked_through_the_page(
    accepted: Ticket,
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
    callback: User,
    sign_in: SignIn,
) -> None:
    road: list[tuple[User, str, dict[str, str]]] = [
        (dispatcher, "dispatch", {"to": units.housing.code}),
        (signer, "sign", {}),
        (handler, "reply", {"text": ANSWER, "result": "solved"} | spoken()),
        (auditor, "release", {}),
        (reviewer, "review", {}),
        (
            callback,
            "call_back",
            {"outcome": "reached", "contacted": "yes", "solved": "yes", "satisfied": "yes"},
        ),
    ]

    for user, verb, data in road:
        version = str(Ticket.objects.get().version)
        answer = sign_in(user).post(
            f"/tickets/{accepted.number}/{verb}/", data | {"version": version}
        )
        assert answer.status_code == 302, answer.content.decode()

    accepted.refresh_from_db()
    assert accepted.status == Status.CLOSED


def test_a_return_is_asked_for_and_decided(
    dispatched: Ticket, units: Units, signer: User, dispatcher: User, sign_in: SignIn
) -> None:
    sent = {
        "code": "not_ours",
        "reason": "路灯归城管局",
        "basis": "三定方案第五条",
        "suggest": units.urban.code,
    }
    sign_in(signer).post(f"/tickets/{dispatched.number}/send_back/", sent)
    queue = sign_in(dispatcher).get("/dispatch/?list=returns").content.decode()
    decided = sign_in(dispatcher).post(
        f"/tickets/{dispatched.number}/decide_return/", {"accepted": "yes", "note": "确属城管"}
    )

    story = sign_in(dispatcher).get(f"/tickets/{dispatched.number}/").content.decode()
    dispatched.refresh_from_db()
    assert "同意退单" in story
    assert "依据：三定方案第五条" in story
    assert "路灯归城管局" in queue
    assert "三定方案第五条" in queue
    assert "市城管局" in queue or units.urban.name in queue
    assert decided.status_code == 302
    assert dispatched.status == Status.PENDING_DISPATCH
    assert sign_in(signer).get(f"/tickets/{dispatched.number}/").status_code == 403


def test_the_coordinator_reads_all_opinions_and_designates(
    dispatched: Ticket, units: Units, dispatcher: User, supervisor: User, sign_in: SignIn
) -> None:
    for unit in (units.housing, units.urban, units.water):
        if dispatched.status == Status.PENDING_DISPATCH:
            actions.dispatch(dispatched, to=unit, by=dispatcher)
        signer = make_user(Role.SIGNER, unit)
        actions.send_back(dispatched, reason=f"{unit.name}无此职责", by=signer)
        actions.decide_return(dispatched, accepted=True, note="同意", by=dispatcher)

    queue = sign_in(supervisor).get("/dispatch/?list=disputes").content.decode()
    sent = {"to": units.urban.code, "note": "按照明职责清单"}
    done = sign_in(supervisor).post(f"/tickets/{dispatched.number}/designate/", sent)

    dispatched.refresh_from_db()
    assert all(f"{u.name}无此职责" in queue for u in (units.housing, units.urban, units.water))
    assert "首接单位牵头" in queue
    assert done.status_code == 302
    assert dispatched.lead == units.urban


def test_a_stale_page_shows_what_changed_and_keeps_what_was_typed(
    signed: Ticket, handler: User, supervisor: User, sign_in: SignIn
) -> None:
    seen = signed.version
    actions.supervise(signed, note="请三日内办结", by=supervisor)
    typed = {"text": ANSWER, "result": "solved", "version": str(seen)} | spoken()

    late = sign_in(handler).post(f"/tickets/{signed.number}/reply/", typed)
    page = late.content.decode()
    again = sign_in(handler).post(
        f"/tickets/{signed.number}/reply/", typed | {"version": str(signed.version)}
    )

    assert late.status_code == 409
    assert "请三日内办结" in page
    assert ANSWER in page
    assert "重新提交" in page
    assert f'value="{signed.version}"' in page
    assert again.status_code == 302


def test_a_page_that_was_opened_before_the_matching_was_done_dispatches_without_a_conflict(
    accepted: Ticket, units: Units, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)
    page = browser.get(f"/dispatch/?number={accepted.number}").content.decode()
    actions.screen(accepted, by=Party.SYSTEM, urgency="urgent")
    typed = {"to": units.housing.code, "note": "请先核实险情", "version": "1"}

    sent = browser.post(f"/tickets/{accepted.number}/dispatch/", typed)

    assert 'name="version" value="1"' in page
    assert sent.status_code == 302
    assert Ticket.objects.get().lead == units.housing


def test_a_stale_page_whose_step_is_gone_still_shows_what_was_typed(
    dispatched: Ticket, units: Units, signer: User, dispatcher: User, sign_in: SignIn
) -> None:
    seen = dispatched.version
    actions.sign(dispatched, by=signer)

    late = sign_in(signer).post(
        f"/tickets/{dispatched.number}/send_back/",
        {"code": "not_ours", "reason": "不归我们管", "basis": "三定方案", "version": str(seen)},
    )

    page = late.content.decode()
    assert late.status_code == 409
    assert "不归我们管" in page
    assert "这一步已不能再做" in page


def test_bad_input_is_explained_and_what_was_typed_stays(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    answer = sign_in(handler).post(
        f"/tickets/{signed.number}/reply/", {"text": "太短", "facts": "现场看过"}
    )

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请选择：办理结果" in page
    assert "现场看过" in page


def test_script_in_the_words_is_shown_as_words(
    make_ticket: MakeTicket, dispatcher: User, sign_in: SignIn
) -> None:
    ticket = make_ticket("<script>alert(1)</script>", title="<img src=x onerror=alert(2)>")

    for address in (f"/tickets/{ticket.number}/", "/tickets/", "/dispatch/"):
        page = sign_in(dispatcher).get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_contact_is_masked_until_a_reason_is_given_and_the_look_is_kept(
    accepted: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)
    address = f"/tickets/{accepted.number}/"

    before = browser.get(address).content.decode()
    without = browser.post(f"{address}reveal/", {"reason": ""})
    shown = browser.post(f"{address}reveal/", {"reason": "核实地点"}).content.decode()

    assert "13812345678" not in before
    assert "138****5678" in before
    assert "王小明" not in before
    assert without.status_code == 400
    assert "13812345678" in shown
    assert AccessLog.objects.get().reason == "核实地点"


def test_a_unit_never_sees_who_asked_for_confidence(
    make_ticket: MakeTicket, units: Units, dispatcher: User, handler: User, sign_in: SignIn
) -> None:
    ticket = make_ticket(confidential=True, name="王小明")
    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    browser = sign_in(handler)
    page = browser.get(f"/tickets/{ticket.number}/").content.decode()
    asked = browser.post(f"/tickets/{ticket.number}/reveal/", {"reason": "想知道"})

    assert "要求保密" in page
    assert "王" not in page
    assert "5678" not in page
    assert asked.status_code == 403
    assert not AccessLog.objects.exists()


def test_the_live_part_says_when_the_ticket_moved_on(
    dispatched: Ticket, signer: User, sign_in: SignIn
) -> None:
    browser = sign_in(signer)
    seen = dispatched.version
    actions.sign(dispatched, by=signer)

    part = browser.get(
        f"/tickets/{dispatched.number}/?seen={seen}", headers={"HX-Request": "true"}
    ).content.decode()

    assert "<html" not in part
    assert "此单已有变化" in part


@pytest.mark.parametrize("role", list(Role))
def test_the_page_never_offers_a_step_that_would_be_refused(
    dispatched: Ticket, role: Role, units: Units, sign_in: SignIn
) -> None:
    user = make_user(role, units.housing)

    steps = offered(dispatched, user)

    assert all(policy.may(user, form.step, dispatched) for form in steps)
