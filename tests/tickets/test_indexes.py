"""Tickets in the search engine: found by words, by whom policy allows, without personal data."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from outbox.bus import drain_all
from search import engine
from tests.factories import Units
from tickets import actions, finding, indexes
from tickets.finding import Wanted
from tickets.models import Source, Ticket
from tickets.workflow import Party


@pytest.fixture(autouse=True)
def index(db: None) -> Iterator[None]:
    """An empty index for each test."""
    engine.current().drop(indexes.TICKETS)
    engine.current().ensure(indexes.TICKETS)
    yield
    engine.current().drop(indexes.TICKETS)


def make(text: str) -> Ticket:
    return actions.accept(text=text, source=Source.WEB, by=Party.CITIZEN, title=text[:10])


def settle() -> None:
    drain_all()
    engine.current().refresh(indexes.TICKETS)


@pytest.fixture
def lamp(units: Units, dispatcher: User) -> Ticket:
    ticket = make("望河花园楼道灯坏了半个月，老人上下楼看不清，联系电话13812345678")
    make("青石街道夜市油烟呛人，开窗就是烧烤味")
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    settle()
    return ticket


def test_similar_tickets_come_with_the_words_they_share(lamp: Ticket, agent: User) -> None:
    found = indexes.similar("小区楼道灯不亮，上下楼看不清", user=agent)

    assert found.hits[0].ticket == lamp
    assert "楼道" in "".join(found.hits[0].reasons)


@pytest.mark.parametrize(("title", "first"), [("楼道灯坏了", "楼道灯"), ("夜市油烟", "夜市油烟")])
def test_a_title_says_which_of_two_matters_is_meant(
    lamp: Ticket, agent: User, title: str, first: str
) -> None:
    found = indexes.similar("请尽快处理", title=title, user=agent)

    assert first in found.hits[0].ticket.text


def test_a_stranger_finds_and_counts_nothing(lamp: Ticket, stranger: User, signer: User) -> None:
    assert finding.find(stranger, Wanted(words="楼道灯")).total == 0
    assert indexes.similar("楼道灯坏了", user=stranger).hits == []
    assert finding.find(signer, Wanted(words="楼道灯")).tickets == [lamp]


def test_a_unit_that_lost_the_ticket_finds_it_no_more(
    lamp: Ticket, signer: User, dispatcher: User, units: Units
) -> None:
    actions.redirect(lamp, to=units.urban, by=dispatcher)
    settle()

    assert finding.find(signer, Wanted(words="楼道灯")).total == 0


def test_no_phone_number_reaches_the_index(lamp: Ticket) -> None:
    doc = indexes.documents([str(lamp.pk)])[0]

    assert "13812345678" not in str(doc.fields)


def test_a_ticket_is_found_by_its_number(lamp: Ticket, agent: User) -> None:
    assert finding.find(agent, Wanted(words=lamp.number)).tickets == [lamp]


def test_permission_in_the_index_names_the_unit_and_all_above_it() -> None:
    assert indexes.lines_of("/1/7/33/") == ["/1/", "/1/7/", "/1/7/33/"]
