"""A citizen follows the demand and says what he thinks of the result."""

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import Units
from tickets import actions
from tickets.models import Ticket
from tickets.numbers import query_code
from tickets.workflow import Kind, Party, Status

ANSWER = "您好，路灯已于今日修复，感谢您的监督。"


@pytest.fixture
def ticket(units: Units) -> Ticket:
    return actions.accept(
        text="望河花园的路灯坏了",
        source="web",
        by=Party.CITIZEN,
        phone="13812345678",
        kind=Kind.HELP,
    )


@pytest.fixture
def replied(
    ticket: Ticket,
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
) -> Ticket:
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)
    actions.reply(ticket, text=ANSWER, result="solved", contacted=True, by=handler)
    actions.release(ticket, by=auditor)
    return actions.review(ticket, by=reviewer)


def _open(client: Client, ticket: Ticket) -> str:
    answer = client.post(
        "/progress/", {"number": ticket.number, "code": query_code(ticket.number).lower()}
    )
    return str(answer["Location"])


def test_number_and_code_show_the_way_without_names_of_staff(
    client: Client, replied: Ticket, handler: User
) -> None:
    page = client.get(_open(client, replied)).content.decode()

    assert "已派往承办单位" in page
    assert "云江市住房和城乡建设局" in page
    assert ANSWER in page
    assert handler.name not in page


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(
    client: Client, ticket: Ticket
) -> None:
    wrong = client.post("/progress/", {"number": ticket.number, "code": "AAAAAAAA"})
    unknown = client.post("/progress/", {"number": "1" * 21, "code": "AAAAAAAA"})

    sentence = "没有找到这件诉求，请核对工单编号和查询码。"
    assert wrong.status_code == unknown.status_code == 404
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


def test_the_code_on_the_receipt_leads_straight_to_the_way(client: Client, ticket: Ticket) -> None:
    answer = client.get(
        "/progress/", {"number": ticket.number, "code": query_code(ticket.number)}, follow=True
    )

    assert "诉求已受理" in answer.content.decode()


def test_the_live_fragment_is_only_the_way(client: Client, ticket: Ticket) -> None:
    part = client.get(_open(client, ticket), headers={"HX-Request": "true"}).content.decode()

    assert "诉求已受理" in part
    assert "<html" not in part


def test_a_rating_is_taken_once_and_shown(client: Client, replied: Ticket) -> None:
    address = _open(client, replied)
    answers = {"contacted": "yes", "solved": "yes", "satisfied": "mostly"}

    page = client.post(f"{address}rate/", answers, follow=True).content.decode()

    replied.refresh_from_db()
    assert replied.status == Status.CLOSED
    assert "您的评价：基本满意、已解决" in page
    assert "评价办理结果" not in page


def test_a_rating_with_an_open_question_keeps_what_was_said(
    client: Client, replied: Ticket
) -> None:
    answer = client.post(f"{_open(client, replied)}rate/", {"contacted": "yes", "text": "很慢"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请选择：问题解决了吗" in page
    assert "很慢" in page
    assert not replied.ratings.exists()


def test_supplement_urge_and_withdraw_reach_the_ticket(client: Client, ticket: Ticket) -> None:
    address = _open(client, ticket)

    client.post(f"{address}supplement/", {"text": "又坏了一盏"})
    client.post(f"{address}urge/", {})
    code = query_code(ticket.number)
    sent = {"reason": "已自行解决", "sure": "on", "code": code}
    client.post(f"{address}withdraw/", sent)

    ticket.refresh_from_db()
    steps = list(ticket.entries.values_list("step", flat=True))
    assert steps == ["accept", "supplement", "urge", "withdraw"]
    assert ticket.status == Status.WITHDRAWN


def test_urging_twice_a_day_is_refused_kindly(client: Client, ticket: Ticket) -> None:
    address = _open(client, ticket)
    client.post(f"{address}urge/", {})

    again = client.post(f"{address}urge/", {"note": "请快些"})

    assert again.status_code == 400
    assert "已经催办过，承办单位已看到" in again.content.decode()
    assert "请快些" in again.content.decode()


def test_withdrawing_wants_to_be_confirmed(client: Client, ticket: Ticket) -> None:
    answer = client.post(f"{_open(client, ticket)}withdraw/", {"reason": "不需要了"})

    ticket.refresh_from_db()
    assert answer.status_code == 400
    assert ticket.status == Status.PENDING_REVIEW


def test_a_step_of_staff_cannot_be_reached_from_the_portal(client: Client, ticket: Ticket) -> None:
    assert client.post(f"{_open(client, ticket)}dispatch/", {}).status_code == 404
