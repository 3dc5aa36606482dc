"""The pages of work: who may open them, what they list, how many questions they ask."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import Role, User
from hotline.web.pages import page_of
from outbox.bus import drain_all
from search import engine
from tests.factories import Units, make_user
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions, policy
from tickets.indexes import TICKETS
from tickets.models import Routing, Ticket
from tickets.workflow import Status

PAGES = {
    "/dispatch/": {"dispatcher", "supervisor"},
    "/worklist/": set(
        "agent dispatcher reviewer signer handler auditor callback supervisor stranger".split()
    ),
    "/review/": {"reviewer"},
    "/callbacks/": {"callback"},
    "/supervision/": {"supervisor", "admin"},
}
CAST = "agent dispatcher reviewer signer handler auditor callback supervisor editor admin stranger"


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("who", CAST.split())
def test_a_page_of_work_opens_only_to_its_roles(
    address: str, who: str, request: pytest.FixtureRequest, sign_in: SignIn
) -> None:
    user: User = request.getfixturevalue(who)

    answer = sign_in(user).get(address)

    assert answer.status_code == (200 if who in PAGES[address] else 403)


@pytest.mark.parametrize("who", CAST.split())
def test_everybody_has_a_home(who: str, request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    user: User = request.getfixturevalue(who)

    answer = sign_in(user).get("/home/")

    assert sign_in(user).get(answer["Location"]).status_code in {200, 302}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_work_wants_signing_in(address: str, db: None) -> None:
    assert Client().get(address)["Location"].startswith("/sign-in/")


def test_the_dispatcher_confirms_the_suggestion_with_one_button(
    accepted: Ticket, units: Units, dispatcher: User, sign_in: SignIn
) -> None:
    Routing.objects.create(
        ticket=accepted,
        at=accepted.accepted_at,
        units=[
            {
                "code": units.housing.code,
                "name": units.housing.name,
                "confidence": 0.83,
                "reasons": ["派单目录：城乡建设-路灯"],
            },
            {"code": "gone", "name": "已撤并单位", "confidence": 0.1, "reasons": []},
        ],
    )
    browser = sign_in(dispatcher)

    page = browser.get("/dispatch/").content.decode()
    done = browser.post(
        f"/tickets/{accepted.number}/dispatch/",
        {"to": units.housing.code, "version": accepted.version, "next": "/dispatch/"},
    )

    accepted.refresh_from_db()
    assert "83%" in page
    assert "派单目录：城乡建设-路灯" in page
    assert "已撤并单位" not in page
    assert done["Location"] == "/dispatch/"
    assert accepted.lead == units.housing


def test_the_reviewer_reads_the_reply_beside_the_words(
    released: Ticket, reviewer: User, sign_in: SignIn
) -> None:
    page = sign_in(reviewer).get("/review/").content.decode()

    assert released.text in page
    assert "路灯已于今日修复" in page
    assert f"/tickets/{released.number}/review/" in page
    assert f"/tickets/{released.number}/send_reply_back/" in page


def test_the_caller_asks_three_questions(reviewed: Ticket, callback: User, sign_in: SignIn) -> None:
    page = sign_in(callback).get("/callbacks/").content.decode()

    assert "承办单位联系过您吗" in page
    assert "问题解决了吗" in page
    assert "您对办理结果满意吗" in page


def test_the_queue_of_call_backs_says_how_often_somebody_was_called(
    reviewed: Ticket, callback: User, sign_in: SignIn
) -> None:
    browser = sign_in(callback)
    before = browser.get("/callbacks/").content.decode()

    actions.call_back(reviewed, outcome="no_answer", by=callback)

    assert "已拨" not in before
    assert "已拨 1 次" in browser.get("/callbacks/").content.decode()


def test_while_call_backs_pause_none_is_opened(
    reviewed: Ticket, callback: User, sign_in: SignIn
) -> None:
    browser = sign_in(callback)

    paused = browser.get("/callbacks/?paused=yes").content.decode()

    assert "已暂停回访" in paused
    assert "还有 1 件待回访" in paused
    assert f"/tickets/{reviewed.number}/call_back/" not in paused
    assert f"/tickets/{reviewed.number}/call_back/" in browser.get("/callbacks/").content.decode()


@pytest.mark.parametrize(
    ("address", "who", "limit"),
    [
        ("/dispatch/", "dispatcher", 24),
        ("/tickets/", "supervisor", 12),
        ("/worklist/", "signer", 14),
        ("/worklist/?list=open", "supervisor", 14),
        ("/supervision/", "supervisor", 34),
    ],
)
def test_a_list_asks_as_many_questions_for_many_tickets_as_for_few(
    address: str,
    who: str,
    limit: int,
    make_ticket: MakeTicket,
    units: Units,
    dispatcher: User,
    request: pytest.FixtureRequest,
    sign_in: SignIn,
) -> None:
    browser = sign_in(request.getfixturevalue(who))

    def asked(tickets: range) -> int:
        for n in tickets:
            ticket = make_ticket(f"第 {n} 件", phone="")
            if n % 2:
                actions.dispatch(ticket, to=units.housing, by=dispatcher)
        browser.get(address)  # what is remembered afterwards is remembered
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    few, many = asked(range(4)), asked(range(4, 16))

    assert few == many <= limit


def test_a_list_is_paged_by_key_and_shows_each_ticket_once(
    make_ticket: MakeTicket, units: Units, dispatcher: User, supervisor: User, sign_in: SignIn
) -> None:
    for n in range(7):
        ticket = make_ticket(f"第 {n} 件", phone="")
        if n % 2:
            actions.dispatch(ticket, to=units.housing, by=dispatcher)
    factory = RequestFactory()
    seen: list[int] = []
    after = ""

    for _ in range(4):
        request = factory.get("/", {"after": after})
        page = page_of(policy.visible_to(supervisor), request, key="due_at", size=2)
        seen += [row.pk for row in page.rows]
        after = page.after

    assert len(seen) == len(set(seen)) == 7
    assert page.total == 7
    assert after == ""


def test_a_number_typed_into_the_search_leads_to_its_ticket(
    accepted: Ticket, agent: User, sign_in: SignIn
) -> None:
    answer = sign_in(agent).get("/search/", {"q": accepted.number})

    assert answer["Location"] == f"/tickets/{accepted.number}/"


@pytest.fixture
def indexed(fresh_indexes: None, accepted: Ticket) -> Ticket:
    drain_all()
    engine.current().refresh(TICKETS)
    return accepted


@pytest.mark.parametrize("words", ["138 1234 5678", "路灯坏了"])
def test_the_search_finds_by_phone_and_by_words_only_what_one_may_see(
    words: str, indexed: Ticket, agent: User, stranger: User, sign_in: SignIn
) -> None:
    mine = sign_in(agent).get("/search/", {"q": words}, follow=True).content.decode()
    theirs = sign_in(stranger).get("/search/", {"q": words}, follow=True).content.decode()

    assert indexed.number in mine
    assert indexed.number not in theirs


def test_without_the_index_the_search_says_so_and_finds_recent_words(
    accepted: Ticket, agent: User, sign_in: SignIn, settings: Settings
) -> None:
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elastic", "http://127.0.0.1:9"

    page = sign_in(agent).get("/search/", {"q": "路灯坏了"}).content.decode()

    assert "检索降级" in page
    assert accepted.number in page


@pytest.mark.parametrize(
    "question",
    ["status=pending_review&kind=help&source=web", "due=open", "due=near", "due=overdue"],
)
def test_the_list_can_be_narrowed(
    question: str, accepted: Ticket, supervisor: User, sign_in: SignIn
) -> None:
    page = sign_in(supervisor).get(f"/tickets/?{question}").content.decode()

    assert (accepted.number in page) == (question != "due=near" and question != "due=overdue")


def test_a_forged_filter_or_place_in_the_list_does_no_harm(
    accepted: Ticket, supervisor: User, sign_in: SignIn
) -> None:
    browser = sign_in(supervisor)

    for question in ("status=nonsense", "on=yesterday", "after=x", "after=" + "9" * 30):
        assert browser.get(f"/tickets/?{question}").status_code == 200


def test_the_live_rail_counts_the_work(accepted: Ticket, dispatcher: User, sign_in: SignIn) -> None:
    part = sign_in(dispatcher).get("/home/rail/?at=/dispatch/").content.decode()

    assert "待派单" in part
    assert "<b>1</b>" in part
    assert 'aria-current="page"' in part


def test_a_fresh_dispatch_can_be_taken_back_from_the_queue(
    dispatched: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)

    page = browser.get("/dispatch/").content.decode()
    browser.post(
        f"/tickets/{dispatched.number}/take_back/", {"version": dispatched.version}, follow=True
    )

    assert "尚未签收" in page
    assert "data-undo=" in page
    dispatched.refresh_from_db()
    assert dispatched.status == Status.PENDING_DISPATCH
    assert "data-undo=" not in browser.get("/dispatch/").content.decode()


def test_what_is_signed_or_another_sent_is_not_offered_back(
    dispatched: Ticket, dispatcher: User, signer: User, units: Units, sign_in: SignIn
) -> None:
    other = sign_in(make_user(Role.DISPATCHER, units.center))
    shown = other.get("/dispatch/").content.decode()

    actions.sign(dispatched, by=signer)

    assert "data-undo=" not in shown
    assert "data-undo=" not in sign_in(dispatcher).get("/dispatch/").content.decode()


def test_one_that_is_left_for_later_leads_to_the_next_and_the_last_to_the_first(
    make_ticket: MakeTicket, dispatcher: User, units: Units, sign_in: SignIn
) -> None:
    first, second = make_ticket(), make_ticket("北湾社区下水道堵了", phone="13912345678")
    browser = sign_in(dispatcher)

    page = browser.get(f"/dispatch/?number={first.number}").content.decode()
    last = browser.get(f"/dispatch/?number={second.number}").content.decode()
    actions.dispatch(first, to=units.housing, by=dispatcher)
    alone = browser.get(f"/dispatch/?number={second.number}").content.decode()

    assert f'number={second.number}" data-key="h"' in " ".join(page.split())
    assert f'number={first.number}" data-key="h"' in " ".join(last.split())
    assert 'data-key="h"' not in alone


def test_on_a_later_page_of_the_queue_the_next_stays_on_it(
    make_ticket: MakeTicket, dispatcher: User, sign_in: SignIn
) -> None:
    first, second, third = (make_ticket(f"北湾社区{n}号楼下水道堵了") for n in "一二三")
    browser = sign_in(dispatcher)

    page = browser.get(f"/dispatch/?after={first.pk}").content.decode()

    assert f'number={second.number}" aria-current="true"' in " ".join(page.split())
    assert f'number={third.number}&amp;after={first.pk}" data-key="h"' in " ".join(page.split())
