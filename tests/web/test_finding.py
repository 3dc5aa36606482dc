"""The search box of staff pages: numbers, phones, words; tickets and knowledge."""

import pytest
from django.test import Client

from accounts.models import User
from outbox.bus import drain_all
from search import engine
from tests.web.conftest import SignIn
from tickets.indexes import TICKETS
from tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("fresh_indexes")


def test_a_whole_number_leads_to_its_ticket(
    accepted: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    answer = sign_in(dispatcher).get("/search/", {"q": accepted.number})

    assert answer["Location"] == f"/tickets/{accepted.number}/"


def test_a_phone_number_finds_its_tickets(
    accepted: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    page = sign_in(dispatcher).get("/search/", {"q": "13812345678"}).content.decode()

    assert accepted.number in page


def test_words_find_tickets(accepted: Ticket, dispatcher: User, sign_in: SignIn) -> None:
    drain_all()
    engine.current().refresh(TICKETS)

    page = sign_in(dispatcher).get("/search/", {"q": "路灯坏了"}).content.decode()

    assert accepted.number in page
    assert "检索降级" not in page


def test_a_stranger_finds_nothing_of_others(
    dispatched: Ticket, stranger: User, sign_in: SignIn
) -> None:
    drain_all()
    browser = sign_in(stranger)

    assert dispatched.number not in browser.get("/search/", {"q": "路灯坏了"}).content.decode()
    assert browser.get("/search/", {"q": dispatched.number}).status_code == 200


def test_nothing_asked_says_what_can_be_asked(dispatcher: User, sign_in: SignIn) -> None:
    assert "输入编号、电话" in sign_in(dispatcher).get("/search/").content.decode()


def test_nobody_searches_without_signing_in(db: None) -> None:
    assert Client().get("/search/").status_code == 302


def test_who_needs_no_contacts_is_told_that_phones_are_not_for_him(
    accepted: Ticket, editor: User, sign_in: SignIn
) -> None:
    page = sign_in(editor).get("/search/", {"q": "13812345678"}).content.decode()

    assert "按电话查单只限" in page
    assert accepted.number not in page
