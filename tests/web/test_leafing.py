"""Whoever leafs to the end sees each row once, and a full page costs what a short one does."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from city.models import Category
from knowledge import actions as knowledge
from knowledge.actions import Content
from outbox.bus import drain_all
from search import engine
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets.indexes import TICKETS

pytestmark = pytest.mark.usefixtures("fresh_indexes")

ARTICLES_QUERIES = 16
SEARCH_QUERIES = 26


def cost(browser: Client, address: str) -> int:
    """Count the questions that a page asks the database, once what is remembered is there."""
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    return len(asked)


def pages(browser: Client, address: str) -> Iterator[str]:
    """Follow 下一页 to the end."""
    while address:
        page = browser.get(address).content.decode()
        yield page
        following = re.search(r'href="(\?[^"]*after=[^"]*)"\s+rel="next"', page)
        path = address.partition("?")[0]
        address = path + following[1].replace("&amp;", "&") if following else ""


def rows(page: str) -> list[str]:
    return re.findall(r'(?:data-row="|href="/knowledge/)([a-z-]*K?\d+)', page)


def publish(serials: range, units: Units, editor: User) -> None:
    matter, _ = Category.objects.get_or_create(code="R", defaults={"name": "社会保障", "level": 1})
    for n in serials:
        said = Content(
            title=f"第{n}问", short_answer="请到窗口办理。", text="随时受理。", category=matter
        )
        knowledge.publish(knowledge.draft(said, department=units.housing, by=editor), by=editor)


@pytest.mark.parametrize(
    ("address", "size"), [("/search/?group=articles", 30), ("/knowledge/", 20)]
)
def test_articles_are_leafed_through_to_the_end(
    units: Units, editor: User, dispatcher: User, sign_in: SignIn, address: str, size: int
) -> None:
    browser = sign_in(dispatcher) if "search" in address else Client()
    publish(range(2), units, editor)
    few = cost(browser, address)
    publish(range(2, 43), units, editor)

    many = cost(browser, address)
    leafed = [rows(page) for page in pages(browser, address)]

    assert few == many <= ARTICLES_QUERIES
    assert [len(page) for page in leafed] == [size, *([size] if size == 20 else []), 43 % size]
    assert len({row for page in leafed for row in page}) == 43


@pytest.mark.parametrize("order", ["", "&sort=newest"])
def test_what_a_search_finds_is_leafed_through_to_the_end(
    make_ticket: MakeTicket, dispatcher: User, sign_in: SignIn, order: str
) -> None:
    browser, address = sign_in(dispatcher), f"/search/?q=路灯坏了&group=tickets{order}"
    made = [make_ticket(phone=f"138123456{n}") for n in range(10, 12)]
    settle()
    few = cost(browser, address)
    made += [make_ticket(phone=f"138123456{n}") for n in range(12, 33)]
    settle()

    many = cost(browser, address)
    first, second = [rows(page) for page in pages(browser, address)]

    assert few == many <= SEARCH_QUERIES
    assert (len(first), len(second)) == (20, 3)
    assert {*first, *second} == {ticket.number for ticket in made}


def settle() -> None:
    drain_all()
    engine.current().refresh(TICKETS)
