"""The supervisor's pages of hot topics, and who never sees them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from search import engine, feed
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.indexes import FEED, TICKETS
from tickets.models import HotTopic, Ticket

PEOPLE = 6
COUNTED = "name words people count usual spread score since trend".split()


@pytest.fixture
def tickets(make_ticket: MakeTicket) -> list[Ticket]:
    return [make_ticket("望河街道整片停水", phone=f"1381234567{n}") for n in range(PEOPLE)]


@pytest.fixture
def topic(tickets: list[Ticket], fresh_indexes: None) -> HotTopic:
    """Six tickets in a topic that bursts."""
    feed.rebuild(FEED)
    pairs = [(ticket.pk, ticket.accepted_at) for ticket in tickets]
    actions.join_topics([actions.Joining(None, pairs)])
    now = timezone.now()
    day = timezone.localdate(now)
    trend = [((day - timedelta(days=n)).isoformat(), PEOPLE * (n == 0)) for n in range(13, -1, -1)]
    return actions.note_hot(
        tickets[0].mention.topic,
        now,
        name="望河街道 供水：停水",
        words=["停水"],
        people=PEOPLE,
        count=PEOPLE,
        usual=0.2,
        spread=0.4,
        score=5.8,
        since=now,
        trend=trend,
    )


def test_a_burst_is_an_alert_on_the_board_and_leads_to_its_page(
    topic: HotTopic, supervisor: User, sign_in: SignIn
) -> None:
    browser = sign_in(supervisor)

    board = browser.get("/supervision/").content.decode()
    listed = browser.get("/supervision/topics/").content.decode()
    page = browser.get(f"/supervision/topics/{topic.pk}/").content.decode()

    assert "热点突增" in board
    assert f"/supervision/topics/{topic.pk}/" in board
    assert topic.name in listed
    assert "现在没有热点" not in listed
    assert "设为同一事件（6 件）" in " ".join(page.split())
    for size in ("", "?small=1"):
        drawn = browser.get(f"/supervision/topics/{topic.pk}/trend.svg{size}")
        assert b"<svg" in drawn.content


def test_a_topic_that_went_quiet_is_no_alert_but_listed(
    topic: HotTopic, supervisor: User, sign_in: SignIn
) -> None:
    actions.end_hot([topic], timezone.now())
    browser = sign_in(supervisor)

    listed = browser.get("/supervision/topics/").content.decode()

    assert "热点突增" not in browser.get("/supervision/").content.decode()
    assert "现在没有热点" in listed
    assert "近 30 天已回落" in listed
    assert topic.name in listed


def test_its_tickets_open_as_a_search_with_exact_counts(
    topic: HotTopic, make_ticket: MakeTicket, supervisor: User, stranger: User, sign_in: SignIn
) -> None:
    make_ticket("望河街道整片停水", phone="13912345678")
    feed.rebuild(FEED)
    browser, path = sign_in(supervisor), f"/search/?topic={topic.topic_id}&group=tickets"

    page = browser.get(path).content.decode()
    foreign = sign_in(stranger).get(path).content.decode()
    nothing = browser.get("/search/?topic=999999").content.decode()

    assert (
        path.replace("&", "&amp;")
        in browser.get(f"/supervision/topics/{topic.pk}/").content.decode()
    )
    assert f"工单 {PEOPLE} 件" in page
    assert "只看这个话题的工单" in page
    assert "没有找到符合的工单" in foreign
    assert topic.name not in foreign
    assert "没有找到符合的工单" in nothing


def test_without_the_engine_the_database_opens_the_topic(
    topic: HotTopic, supervisor: User, sign_in: SignIn
) -> None:
    engine.current().drop(TICKETS)

    page = sign_in(supervisor).get(f"/search/?topic={topic.topic_id}").content.decode()

    assert "检索降级" in page
    assert f"工单 {PEOPLE} 件" in page


def test_the_topic_becomes_one_incident_and_what_came_later_joins_it(
    topic: HotTopic,
    tickets: list[Ticket],
    make_ticket: MakeTicket,
    supervisor: User,
    sign_in: SignIn,
) -> None:
    browser, path = sign_in(supervisor), f"/supervision/topics/{topic.pk}/"
    browser.post(f"{path}gather/")
    first = Ticket.objects.get(pk=tickets[0].pk).incident
    late = make_ticket("望河街道整片停水", phone="13912345678")
    actions.join_topics([actions.Joining(topic.topic, [(late.pk, late.accepted_at)])])

    page = browser.get(path).content.decode()
    browser.post(f"{path}gather/")
    again = browser.post(f"{path}gather/", follow=True).content.decode()

    assert first
    assert first.name == topic.name
    assert first.lead == tickets[0]
    assert "把其余 1 件列入同一事件" in page
    assert set(first.tickets.all()) == {*tickets, late}
    assert "没有可以列入同一事件的工单" in again


def test_only_a_supervisor_opens_the_pages(
    topic: HotTopic,
    handler: User,
    dispatcher: User,
    stranger: User,
    supervisor: User,
    sign_in: SignIn,
) -> None:
    path = f"/supervision/topics/{topic.pk}/"
    for user in (handler, dispatcher, stranger):
        browser = sign_in(user)
        for address in ("/supervision/topics/", path, f"{path}trend.svg"):
            assert browser.get(address).status_code == 403, address
        assert browser.post(f"{path}gather/").status_code == 403
        assert "/supervision/topics/" not in browser.get("/search/").content.decode()
    assert not Ticket.objects.exclude(incident=None).exists()
    assert sign_in(supervisor).get("/supervision/topics/999/").status_code == 404


def test_the_pages_ask_the_same_number_of_questions_however_many_topics_there_are(
    topic: HotTopic,
    make_ticket: MakeTicket,
    supervisor: User,
    sign_in: SignIn,
) -> None:
    browser = sign_in(supervisor)
    browser.get("/supervision/topics/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/supervision/topics/")
    for n in range(4):
        other = make_ticket("望河街道路灯坏了", phone=f"1391234567{n}")
        actions.join_topics([actions.Joining(None, [(other.pk, other.accepted_at)])])
        copy = {name: getattr(topic, name) for name in COUNTED}
        actions.note_hot(other.mention.topic, timezone.now(), **copy)

    with CaptureQueriesContext(connection) as many:
        browser.get("/supervision/topics/")

    assert len(many) == len(few)
