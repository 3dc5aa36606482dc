"""Warnings beside the desk: told before by the same caller, or by others."""

import pytest
from django.test import Client

from accounts.models import User
from city.models import Category
from tests.factories import Units
from tickets import actions
from tickets.models import Ticket
from tickets.workflow import Party

pytestmark = pytest.mark.usefixtures("fresh_indexes")
WORDS = "望河花园的路灯又坏了，晚上很黑"


@pytest.fixture
def lamps(units: Units) -> Category:
    return Category.objects.create(code="A01", name="路灯", level=2)


@pytest.fixture
def earlier(lamps: Category) -> Ticket:
    return actions.accept(
        text="望河花园路灯不亮",
        source="web",
        by=Party.CITIZEN,
        phone="13812345678",
        category=lamps,
    )


def ask(browser: Client, **more: str) -> str:
    words = {"text": WORDS, "category": "A01"} | more
    return browser.post("/desk/assist/", words).content.decode()


def test_the_same_number_is_warned_of_with_the_way_to_join(
    browser: Client, earlier: Ticket
) -> None:
    page = ask(browser, phone="138 1234 5678")

    assert "可能重复" in page
    assert f"/desk/tickets/{earlier.number}/supplement/" in page
    assert "提交后设为同一事件" not in page


def test_another_number_is_warned_of_as_one_incident(browser: Client, earlier: Ticket) -> None:
    page = ask(browser, phone="13912345678")

    assert "可能重复" not in page
    assert f'value="{earlier.number}"' in page
    assert "提交后设为同一事件" in page


def test_what_was_ticked_stays_ticked_while_typing_goes_on(
    browser: Client, earlier: Ticket
) -> None:
    assert "checked" in ask(browser, beside=earlier.number)
    assert "checked" not in ask(browser)


def test_what_is_ticked_is_gathered_when_handed_in(
    browser: Client, earlier: Ticket, agent: User
) -> None:
    asked = {"text": WORDS, "token": "t1", "phone": "13912345678", "beside": earlier.number}

    browser.post("/desk/submit/", asked)

    made = Ticket.objects.exclude(pk=earlier.pk).get()
    earlier.refresh_from_db()
    assert made.incident
    assert earlier.incident == made.incident
    assert made.incident.lead == earlier


def test_what_cannot_be_gathered_is_accepted_all_the_same_and_told(
    browser: Client, earlier: Ticket
) -> None:
    asked = {"text": WORDS, "token": "t1", "beside": earlier.number, "confidential": "on"}

    page = browser.post("/desk/submit/", asked, follow=True).content.decode()

    assert Ticket.objects.count() == 2
    assert "没有设为同一事件" in page
