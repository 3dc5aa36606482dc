"""Special forms at the desk and on the citizen's page, with and without what is required."""

import pytest
from django.test import Client

from accounts.models import AccessLog, User
from tests.factories import Units
from tests.web.conftest import SignIn
from tickets.models import Ticket

WAGE = {"wage-employer": "某某建筑公司", "wage-amount": "12800", "wage-people": "7"}


def test_a_citizen_fills_in_wages_owed_and_the_ticket_s_page_shows_them(
    client: Client, units: Units, reviewer: User, sign_in: SignIn
) -> None:
    sent = {"text": "老板拖欠工资。", "phone": "13812345678", "token": "t1"}
    assert "专项信息" in client.get("/").content.decode()

    wrong = client.post("/", sent | WAGE | {"wage-amount": "很多"})
    client.post("/", sent | WAGE)

    assert wrong.status_code == 400
    assert "请填数字" in wrong.content.decode()
    ticket = Ticket.objects.get()
    page = sign_in(reviewer).get(f"/tickets/{ticket.number}/").content.decode()
    assert "某某建筑公司" in page
    assert "12800.00" in page


def test_an_agent_fills_in_one_special_form_at_a_time(agent: User, sign_in: SignIn) -> None:
    browser = sign_in(agent)
    sent = {"text": "饭店不退押金。", "token": "t2", "kind": "complaint"}
    both = WAGE | {"consume-shop": "某饭店", "consume-goods": "押金", "consume-wish": "退款"}

    refused = browser.post("/desk/submit/", sent | both)
    browser.post("/desk/submit/", sent | {k: v for k, v in both.items() if k[0] == "c"})

    assert "只填一种" in refused.content.decode()
    assert Ticket.objects.get().filling.name == "消费纠纷"


@pytest.mark.parametrize(("kind", "status"), [("report", 302), ("help", 400), ("", 400)])
def test_a_nameless_report_comes_in_and_a_nameless_request_for_help_does_not(
    client: Client, units: Units, kind: str, status: int
) -> None:
    sent = {
        "text": "某公司偷排污水。",
        "token": "t3",
        "kind": kind,
        "anonymous": "on",
        "name": "甲乙",
    }

    answer = client.post("/", sent)

    assert answer.status_code == status
    assert list(Ticket.objects.values_list("anonymous", flat=True)) == [True] * (status == 302)


def test_a_supervisor_takes_the_answers_away_masked_and_that_is_kept(
    client: Client, units: Units, supervisor: User, agent: User, sign_in: SignIn
) -> None:
    odd = {"wage-boss_phone": "13700001111", "wage-project": "=1+1"}
    client.post("/", {"text": "老板拖欠工资。", "token": "t4"} | WAGE | odd)
    address = "/supervision/forms/wage.csv"

    answer = sign_in(supervisor).get(address)

    table = answer.content.decode()
    assert "工作单位" in table
    assert "某某建筑公司" in table
    assert "13700001111" not in table
    assert ",'=1+1," in table
    assert AccessLog.objects.get().action == "export"
    assert sign_in(agent).get(address).status_code == 403
    assert sign_in(supervisor).get("/supervision/forms/none.csv").status_code == 404
