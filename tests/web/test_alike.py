"""Alike tickets are sent together, each by itself, and can be taken back together."""

import re

import pytest
from django.test import Client

from accounts.models import User
from city import actions as city
from city.models import Category
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.models import Ticket
from tickets.routing.alike import alike
from tickets.workflow import Party, Status


@pytest.fixture
def waiting(units: Units, make_ticket: MakeTicket) -> list[Ticket]:
    """Four demands that the matching would send to one unit, for one matter."""
    city.load_taxonomy()
    return [waits(make_ticket(f"望河花园{n}号楼停水"), "water") for n in range(4)]


def waits(ticket: Ticket, unit: str, **decision: object) -> Ticket:
    actions.screen(ticket, by=Party.SYSTEM, category=Category.objects.get(code="0401"))
    told = {"units": [{"code": unit, "name": unit, "reasons": []}], "categories": []}
    actions.save_routings([(ticket, "v1", told | {"decision": decision})])
    ticket.refresh_from_db()
    return ticket


def pairs(*tickets: Ticket) -> list[str]:
    return [f"{ticket.number}:{ticket.version}" for ticket in tickets]


def test_what_one_decision_fits_is_found(waiting: list[Ticket], dispatcher: User) -> None:
    assert {row.pk for row in alike(waiting[0], dispatcher)} == {row.pk for row in waiting[1:]}


@pytest.mark.parametrize(
    "decision", [{"hazards": ["漏电"]}, {"flags": ["群体"]}, {"door": {"outcome": "emergency"}}]
)
def test_what_calls_for_a_look_of_its_own_is_left_out(
    waiting: list[Ticket], make_ticket: MakeTicket, dispatcher: User, decision: dict[str, object]
) -> None:
    other = waits(make_ticket("停水"), "water", **decision)

    assert other not in alike(waiting[0], dispatcher)


def test_another_unit_another_matter_and_secrets_are_left_out(
    waiting: list[Ticket], make_ticket: MakeTicket, dispatcher: User
) -> None:
    others = [
        waits(make_ticket("停水"), "zj"),
        waits(make_ticket("停水", confidential=True), "water"),
    ]
    plain = make_ticket("停水")

    found = alike(waiting[0], dispatcher)

    assert not {*others, plain} & set(found)
    assert alike(plain, dispatcher) == []


def sent_together(browser: Client, unit: str, *tickets: Ticket) -> str:
    told = {"to": unit, "chosen": pairs(*tickets)}
    return browser.post("/dispatch/alike/", told, follow=True).content.decode()


def test_alike_tickets_are_sent_together_and_what_failed_is_told(
    waiting: list[Ticket], sign_in: SignIn, dispatcher: User, units: Units
) -> None:
    meanwhile = Ticket.objects.get(pk=waiting[3].pk)
    actions.screen(meanwhile, by=dispatcher, urgency="urgent")

    page = sent_together(sign_in(dispatcher), units.water.code, *waiting)

    for row in waiting:
        row.refresh_from_db()
    assert [row.status for row in waiting] == [Status.PENDING_SIGN] * 3 + [Status.PENDING_DISPATCH]
    assert "已派往" in page
    assert "3 件" in page
    assert f"{waiting[3].number} 未办理：这件工单刚刚被别人处理过" in page


def test_what_was_sent_together_is_taken_back_together(
    waiting: list[Ticket], sign_in: SignIn, dispatcher: User, units: Units
) -> None:
    browser = sign_in(dispatcher)
    page = sent_together(browser, units.water.code, *waiting)
    form = page[page.index('action="/dispatch/take-back/"') :]
    chosen = re.findall(r'name="chosen"\s+value="([^"]+)"', form[: form.index("</form>")])

    browser.post("/dispatch/take-back/", {"chosen": chosen})

    assert len(chosen) == 4
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.PENDING_DISPATCH}


def test_the_dispatcher_is_offered_them_beside_the_first(
    waiting: list[Ticket], sign_in: SignIn, dispatcher: User, units: Units
) -> None:
    told = {"units": [{"code": units.water.code, "name": "供水公司", "reasons": []}]}
    for row in waiting:
        actions.save_routings([(row, "v2", told | {"categories": [], "decision": {}})])

    page = sign_in(dispatcher).get(f"/dispatch/?number={waiting[0].number}").content.decode()

    assert "还有 3 件同类" in page
    assert page.count('name="chosen"') == 4


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([], "请先勾选工单"),
        (["990;DROP:1"], "选择"),
        (["990100202611230000012:1"], "没有这件工单"),
        ([f"{n}:1" for n in range(101)], "一次最多办理 100 件"),
    ],
)
def test_forged_empty_and_endless_choices_are_refused(
    units: Units, sign_in: SignIn, dispatcher: User, chosen: list[str], said: str
) -> None:
    told = {"to": units.water.code, "chosen": chosen}

    page = sign_in(dispatcher).post("/dispatch/alike/", told, follow=True).content.decode()

    assert said in page


def test_a_unit_may_send_nothing(waiting: list[Ticket], sign_in: SignIn, signer: User) -> None:
    told = {"to": "water", "chosen": pairs(*waiting)}

    assert sign_in(signer).post("/dispatch/alike/", told).status_code == 403
