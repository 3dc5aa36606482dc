"""Questions to the citizen on the pages: he answers with his code; a unit never sees who he is."""

import pytest
from django.test import Client

from accounts.models import User
from hotline.calls.gateways import simulator
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.models import Inquiry, Ticket
from tickets.numbers import query_code
from tickets.workflow import Status

WORDS = "我叫王小明，电话13812345678，某公司排污，晚上更重。"


@pytest.fixture
def confidential(make_ticket: MakeTicket, units: Units, dispatcher: User, signer: User) -> Ticket:
    made = make_ticket(WORDS, title="王小明反映排污", name="王小明", kind="report")
    actions.dispatch(made, to=units.housing, by=dispatcher)
    return actions.sign(made, by=signer)


def way_of(ticket: Ticket) -> tuple[Client, str]:
    """Open the citizen's page; gives the browser and the page's address."""
    browser = Client()
    asked = {"number": ticket.number, "code": query_code(ticket.number)}
    return browser, str(browser.post("/progress/", asked)["Location"])


def test_the_citizen_reads_what_is_missing_and_answers_on_the_page(
    accepted: Ticket, agent: User, sign_in: SignIn
) -> None:
    staff = sign_in(agent)
    staff.post(f"/tickets/{accepted.number}/ask/", {"question": "请问灯杆编号？"})
    browser, page = way_of(accepted)
    shown = browser.get(page).content.decode()

    assert "请问灯杆编号？" in shown
    assert "逾期没有补充的" in shown
    assert "待补充" in staff.get("/tickets/?status=pending_info").content.decode()
    answered = browser.post(f"{page}inform/", {"text": "灯杆编号 0571"}, follow=True)

    assert "接着办理" in answered.content.decode()
    accepted.refresh_from_db()
    assert accepted.status == Status.PENDING_REVIEW


def test_the_caller_s_words_at_the_desk_complete_what_was_missing(
    accepted: Ticket, agent: User, sign_in: SignIn
) -> None:
    actions.ask(accepted, question="请问灯杆编号？", by=agent)
    simulator.answer(simulator.ring("13812345678", agent), by=agent)
    browser = sign_in(agent)
    assert "请问灯杆编号？" in browser.get("/desk/").content.decode()

    browser.post(f"/desk/tickets/{accepted.number}/supplement/", {"text": "灯杆编号 0571"})

    assert Inquiry.objects.get().answered_by == agent


def test_a_unit_s_page_of_a_whistle_blower_names_nobody(
    confidential: Ticket, handler: User, callback: User, sign_in: SignIn
) -> None:
    unit, hotline = sign_in(handler), sign_in(callback)
    address = f"/tickets/{confidential.number}/"
    unit.post(f"{address}relay/", {"question": "几点最重？", "version": confidential.version})
    assert "几点最重？" in hotline.get("/callbacks/").content.decode()
    hotline.post(f"{address}respond/", {"text": "夜里两点，打13812345678找王小明"})
    actions.supplement(confidential, text="又来了，联系人：王小明", by=callback_agent(callback))

    pages = [unit.get(at) for at in (address, "/worklist/", f"{address}reply/", f"{address}why/")]

    assert all(page.status_code == 200 for page in pages)
    for page in (each.content.decode() for each in pages):
        assert "王小明" not in page
        assert "13812345678" not in page
    assert "夜里两点" in pages[0].content.decode()
    assert "王小明" in hotline.get(address).content.decode()


def callback_agent(user: User) -> User:
    """Let the one who calls back take calls too."""
    user.memberships.create(role="agent")
    return User.objects.get(pk=user.pk)


def test_only_who_knows_the_code_withdraws(
    confidential: Ticket, handler: User, sign_in: SignIn
) -> None:
    address = f"/tickets/{confidential.number}/propose_withdrawal/"
    sign_in(handler).post(address, {"question": "已经整改，请撤单"})
    browser, page = way_of(confidential)
    assert "已经整改，请撤单" in browser.get(page).content.decode()
    sent = {"reason": "确已整改", "sure": "on"}

    wrong = browser.post(f"{page}withdraw/", sent | {"code": "AAAAAAAA"})
    confidential.refresh_from_db()
    assert (wrong.status_code, confidential.status) == (400, Status.PROCESSING)
    browser.post(f"{page}withdraw/", sent | {"code": query_code(confidential.number)})

    confidential.refresh_from_db()
    assert confidential.status == Status.WITHDRAWN
    assert (
        "诉求人凭查询码确认"
        in sign_in(handler).get(f"/tickets/{confidential.number}/").content.decode()
    )


def test_the_citizen_keeps_the_demand_and_answers_the_unit(
    confidential: Ticket, handler: User
) -> None:
    actions.propose_withdrawal(confidential, question="请撤单", by=handler)
    actions.relay(confidential, question="几点？", by=handler)
    browser, page = way_of(confidential)

    browser.post(f"{page}keep/", {"text": "没有整改"})
    browser.post(f"{page}respond/", {"text": "两点"})

    confidential.refresh_from_db()
    assert confidential.status == Status.PROCESSING
    assert {each.answer for each in Inquiry.objects.all()} == {"没有整改", "两点"}
    assert "不同意撤回" not in browser.get(page).content.decode().partition("您还可以")[2]
