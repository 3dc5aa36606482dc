"""Clocks as people see them: bars on the ticket, promises in lists, new days for the citizen."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.factories import Units
from tests.tickets.steps import NOTE, REPLY, TOLD, accepted
from tickets import actions
from tickets.models import Ticket
from tickets.numbers import query_code

MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket(clock: time_machine.Traveller, units: Units, dispatcher: User, signer: User) -> Ticket:
    made = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    clock.shift(timedelta(hours=2))
    return actions.sign(made, by=signer)


def test_a_ticket_shows_each_clock_as_a_bar_and_how_long_the_citizen_waits(
    client: Client, clock: time_machine.Traveller, ticket: Ticket, handler: User, auditor: User
) -> None:
    clock.shift(timedelta(days=2))
    client.force_login(handler)
    during = client.get(f"/tickets/{ticket.number}/").context["bars"]
    actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)
    actions.release(ticket, by=auditor)
    after = client.get(f"/tickets/{ticket.number}/").context["bars"]

    assert [(bar.label, bar.tone) for bar in during] == [
        ("签收", "green"),
        ("先行联系", "red"),
        ("办理", "plain"),
        ("诉求人", "plain"),
    ]
    assert during[0].said == "用时 2 小时"
    assert during[3].said == "已等 2 天 2 小时"
    assert [bar.label for bar in after][3] == "审核"
    assert (after[1].tone, after[2].tone, after[2].percent) == ("red", "green", 22)


def test_a_unit_asks_on_the_page_and_supervision_finds_it_in_its_list_and_suspends(
    client: Client,
    clock: time_machine.Traveller,
    ticket: Ticket,
    auditor: User,
    supervisor: User,
    stranger: User,
) -> None:
    at = f"/tickets/{ticket.number}"
    client.force_login(auditor)
    asked = {"code": "works", "promised_on": "2027-03-01", "note": "列入年度改造", "told": TOLD}
    client.post(f"{at}/promise/", asked)
    client.force_login(supervisor)
    listed = client.get("/worklist/?list=requests").content.decode()
    page = client.get(f"{at}/").content.decode()
    client.post(f"{at}/suspend/", {"accepted": "yes", "note": "同意"})

    ticket.refresh_from_db()
    assert "承诺办理待审批" in listed
    assert "跨年度工程，承诺至 2027-03-01：列入年度改造" in page
    assert ticket.status == "suspended"
    clock.shift(timedelta(minutes=20))
    client.force_login(auditor)
    assert "承诺至 3月1日" in client.get("/worklist/?list=promised").content.decode()
    bars = client.get(f"{at}/").context["bars"]
    assert [bar.said for bar in bars if bar.label == "办理"] == ["停表，承诺至 3月1日"]
    assert "red" not in {bar.tone for bar in bars}  # the first contact's clock stands still too
    answer = client.get(f"/api/v1/requests/{ticket.number}/?code={query_code(ticket.number)}")
    assert answer.json()["due_on"] == "2027-03-01"
    client.force_login(stranger)
    assert client.post(f"{at}/resume/", {"note": NOTE}).status_code == 404


def test_a_handler_asks_for_days_and_the_citizen_reads_the_new_day(
    client: Client, ticket: Ticket, handler: User, auditor: User
) -> None:
    at = f"/tickets/{ticket.number}"
    client.force_login(handler)
    refused = client.post(f"{at}/extend/", {"days": "30", "note": NOTE, "told": TOLD})
    client.post(f"{at}/extend/", {"days": "2", "note": NOTE, "told": TOLD})
    client.force_login(auditor)
    assert "延期待单位审批" in client.get("/worklist/?list=to_grant").content.decode()

    client.post(f"{at}/decide_extension/", {"accepted": "yes", "note": "同意"})

    assert refused.status_code == 400
    answer = client.get(f"/api/v1/requests/{ticket.number}/?code={query_code(ticket.number)}")
    assert answer.json()["due_on"] == date(2026, 11, 27).isoformat()
    assert "办理期限已延长" in [station["label"] for station in answer.json()["timeline"]]
