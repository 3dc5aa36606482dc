"""Incidents on the pages: set, seen, listed and parted, each person seeing only what he may."""

import pytest
from django.test import Client

from accounts.models import User
from city.models import Category
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.models import Ticket


@pytest.fixture
def other(make_ticket: MakeTicket) -> Ticket:
    return make_ticket("望河花园整排路灯不亮", phone="13912345678")


@pytest.fixture
def together(dispatched: Ticket, other: Ticket, dispatcher: User) -> Ticket:
    return actions.gather(other, beside=dispatched, by=dispatcher)


def _page(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_two_tickets_are_set_as_one_incident_by_number(
    dispatched: Ticket, other: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)

    browser.post(f"/tickets/{other.number}/gather/", {"beside": dispatched.number})

    page = _page(browser, f"/tickets/{other.number}/")
    assert "您可见 2 件" in page
    assert f"/tickets/{dispatched.number}/" in page
    assert "主件" in page


def test_a_number_that_is_none_is_told_and_nothing_is_lost(
    other: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    answer = sign_in(dispatcher).post(
        f"/tickets/{other.number}/gather/", {"beside": "12345", "note": "同一排灯"}
    )

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "没有这个编号的工单" in page
    assert "同一排灯" in page


def test_the_dispatcher_sees_the_incident_beside_the_queue_s_ticket(
    together: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    page = _page(sign_in(dispatcher), f"/dispatch/?number={together.number}")

    assert "同一事件：" in page


def test_a_unit_sees_one_ticket_where_the_hotline_sees_two(
    together: Ticket, dispatched: Ticket, handler: User, sign_in: SignIn
) -> None:
    page = _page(sign_in(handler), f"/tickets/{dispatched.number}/")

    assert "您可见 1 件" in page
    assert together.number not in page


def test_the_list_of_an_incident_says_nothing_to_a_stranger(
    together: Ticket, dispatcher: User, stranger: User, sign_in: SignIn
) -> None:
    assert together.incident
    path = f"/tickets/?incident={together.incident.pk}"

    own, foreign = _page(sign_in(dispatcher), path), _page(sign_in(stranger), path)

    assert f"同一事件：{together.incident.name}" in own
    assert "您可见 2 件" in own
    assert "同一事件：" not in foreign


def test_an_incident_is_undone_with_a_reason(
    together: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)

    browser.post(f"/tickets/{together.number}/part/", {"note": "是另一条路"})

    page = _page(browser, f"/tickets/{together.number}/")
    assert "您可见" not in page
    assert "移出事件" in page
    assert "是另一条路" in page


@pytest.fixture
def lamps(units: Units) -> Category:
    return Category.objects.create(code="A01", name="路灯", level=2)


def test_the_dispatcher_is_warned_and_merges_or_gathers_in_one_step(
    make_ticket: MakeTicket, lamps: Category, dispatcher: User, sign_in: SignIn
) -> None:
    first = make_ticket(category=lamps)
    again = make_ticket("望河花园路灯还没修", category=lamps)
    other = make_ticket("望河花园整排灯不亮", category=lamps, phone="13912345678")
    browser = sign_in(dispatcher)

    page = browser.get(f"/dispatch/?number={again.number}").content.decode()
    told = {"into": first.number, "note": "重复"}
    browser.post(f"/tickets/{again.number}/merge/", told)
    browser.post(f"/tickets/{other.number}/gather/", {"beside": first.number})

    assert "可能重复" in page
    assert "设为同一事件" in page
    assert f'name="into" value="{first.number}"' in " ".join(page.split())
    again.refresh_from_db()
    other.refresh_from_db()
    assert (again.merged_into, other.incident is None) == (first, False)
