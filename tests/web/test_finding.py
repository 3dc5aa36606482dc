"""The search box of staff pages: numbers, phones, words; tickets and knowledge."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import AccessLog, User
from knowledge import actions as knowledge
from knowledge.actions import Content
from knowledge.indexes import ARTICLES
from knowledge.models import SearchLog
from knowledge.selectors.gaps import hit_rate
from outbox.bus import drain_all
from search import engine
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.indexes import TICKETS
from tickets.models import Ticket
from tickets.workflow import Party

pytestmark = pytest.mark.usefixtures("fresh_indexes")


def test_a_whole_number_leads_to_its_ticket(
    accepted: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    answer = sign_in(dispatcher).get("/search/", {"q": accepted.number})

    assert answer["Location"] == f"/tickets/{accepted.number}/"


def test_a_phone_number_finds_its_tickets(
    accepted: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    answer = sign_in(dispatcher).post("/search/", {"q": "138 1234 5678"}, follow=True)

    assert accepted.number in answer.content.decode()
    assert "13812345678" not in answer.redirect_chain[0][0].replace(" ", "")
    assert "138****5678" in answer.content.decode()
    assert "找到 1 件" in AccessLog.objects.get().reason


def test_a_phone_in_an_address_is_taken_out_of_it(
    accepted: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    answer = sign_in(dispatcher).get("/search/", {"q": "13812345678"})

    assert answer.status_code == 302
    assert "13812345678" not in answer["Location"]
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize("phone", ["x", "0" * 64, "' or 1=1"])
def test_a_forged_hash_finds_nothing(
    accepted: Ticket, dispatcher: User, sign_in: SignIn, phone: str
) -> None:
    page = sign_in(dispatcher).get("/search/", {"phone": phone}).content.decode()

    assert accepted.number not in page


def test_words_find_tickets(accepted: Ticket, dispatcher: User, sign_in: SignIn) -> None:
    drain_all()
    engine.current().refresh(TICKETS)

    page = sign_in(dispatcher).get("/search/", {"q": "路灯坏了"}).content.decode()

    assert accepted.number in page
    assert "检索降级" not in page


def test_the_beginning_of_a_number_finds_all_that_begin_so(
    make_ticket: MakeTicket, dispatcher: User, stranger: User, sign_in: SignIn
) -> None:
    made = [make_ticket(phone=f"138123456{n}") for n in range(10, 22)]
    settle()
    begun = made[0].number[:14]

    page = page_of(sign_in(dispatcher), q=begun)
    rest = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
    narrowed = page_of(sign_in(dispatcher), q=begun, status="closed")
    closed = page_of(sign_in(stranger), q=begun)

    assert "工单 12 件" in page
    assert page.count("data-row=") == 10
    assert "按相关程度" not in page
    assert rest
    assert "没有找到符合的工单" in narrowed
    assert made[0].number not in closed


def test_letters_of_pinyin_find_tickets_by_their_title(
    units: Units, dispatcher: User, sign_in: SignIn
) -> None:
    made = actions.accept(title="公积金提取", text="怎么办", source="web", by=Party.CITIZEN)
    drain_all()
    engine.current().refresh(TICKETS)

    browser = sign_in(dispatcher)

    for letters in ("gjj", "gongjijin"):
        page = browser.get("/search/", {"q": letters}).content.decode()
        assert f'/tickets/{made.number}/"><mark>公积金</mark>提取' in page


def test_a_slip_of_the_pen_is_asked_about(
    accepted: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    drain_all()
    engine.current().refresh(TICKETS)

    page = sign_in(dispatcher).get("/search/", {"q": "望和花园"}).content.decode()

    assert "您是不是要找" in page
    assert ">望河花园</a>" in page
    assert accepted.number not in page  # it shares 花园 only


def test_a_slip_brings_no_knowledge_that_shares_a_word_or_less(
    units: Units, dispatcher: User, editor: User, sign_in: SignIn
) -> None:
    for title in ("望河花园的路灯", "阳台花园怎么批", "和谐社区评选"):
        said = Content(title=title, short_answer=f"{title}：请拨打 12345。", text="随时受理。")
        knowledge.publish(knowledge.draft(said, department=units.housing, by=editor), by=editor)
    drain_all()
    engine.current().refresh(ARTICLES)
    browser = sign_in(dispatcher)

    slip = page_of(browser, q="望和花园")
    right = page_of(browser, q="望河花园")
    character = page_of(browser, q="河")

    assert 'data-row="article-' not in slip
    assert slip.index("您是不是要找") < slip.index("没有找到")
    assert right.count('data-row="article-') == 1
    assert 'data-row="article-' not in character
    assert not SearchLog.objects.filter(text="望和花园").exists()


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
    answer = sign_in(editor).post("/search/", {"q": "13812345678"}, follow=True)
    page = answer.content.decode()

    assert "按电话查单只限" in page
    assert accepted.number not in page


def page_of(browser: Client, **asked: str) -> str:
    return browser.get("/search/", asked).content.decode()


def test_units_are_found_by_pinyin_and_lead_to_their_tickets(
    dispatched: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)
    settle()

    assert "云江市<mark>住房和城乡建设局</mark>" in page_of(browser, q="zfhcxjsj")
    assert dispatched.number in page_of(browser, unit=dispatched.lead.code)  # type: ignore[union-attr]  # was dispatched


def settle() -> None:
    drain_all()
    engine.current().refresh(TICKETS)


def test_every_condition_is_a_link_and_can_be_lifted(
    dispatched: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    settle()
    browser = sign_in(dispatcher)

    page = page_of(browser, q="路灯坏了")
    narrowed = page_of(browser, q="路灯坏了", status="pending_sign")

    assert "status=pending_sign" in page
    assert dispatched.number in narrowed
    assert 'aria-current="true"' in narrowed
    assert dispatched.number not in page_of(browser, q="路灯坏了", status="closed")


def test_nothing_found_says_what_to_try(
    dispatched: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    settle()

    page = page_of(sign_in(dispatcher), q="路灯坏了", status="closed")

    assert "去掉“状态：已办结”再找" in page
    assert "换一个说法" in page


def test_words_by_which_staff_find_nothing_come_to_the_editors(
    accepted: Ticket, dispatcher: User, editor: User, sign_in: SignIn
) -> None:
    settle()
    browser = sign_in(dispatcher)
    for asked in ("飞碟坠落13812345678", "飞碟坠落13812345678", "路灯坏了", "90000000000000001"):
        page_of(browser, q=asked)
    page_of(browser, q="飞碟坠落", status="closed")

    gaps = sign_in(editor).get("/editing/gaps/").content.decode()

    logs = SearchLog.objects.all()
    assert [(log.text, log.hits, log.by) for log in logs] == [("飞碟坠落138****5678", 0, None)] * 2
    assert "工作人员 2" in gaps
    link = re.search(r'href="(/editing/words/[^"]+)"', gaps)
    assert link
    assert 'value="飞碟坠落138****5678、"' in sign_in(editor).get(link[1]).content.decode()
    assert hit_rate() is None


def test_a_condition_that_is_nonsense_narrows_nothing(
    accepted: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    settle()

    page = page_of(
        sign_in(dispatcher), q="路灯坏了", status="nonsense", days="x", since="昨天", after="zz"
    )

    assert accepted.number in page


def test_a_search_is_kept_used_and_deleted(
    accepted: Ticket, dispatcher: User, signer: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)

    kept = browser.post("/search/saved/", {"name": "路灯", "query": "q=路灯&after=x&evil=1"})
    saved = dispatcher.saved_searches.get()

    assert kept["Location"] == "/search/?q=%E8%B7%AF%E7%81%AF"
    assert "路灯</a>" in page_of(browser)
    assert sign_in(signer).post(f"/search/saved/{saved.pk}/rename/").status_code == 404
    assert sign_in(signer).post(f"/search/saved/{saved.pk}/delete/").status_code == 404
    assert browser.post(f"/search/saved/{saved.pk}/delete/").status_code == 302
    assert not dispatcher.saved_searches.exists()


def test_a_kept_search_is_given_another_name(dispatcher: User, sign_in: SignIn) -> None:
    browser = sign_in(dispatcher)
    for name in ("路灯", "井盖"):
        browser.post("/search/saved/", {"name": name, "query": f"q={name}"})
    address = f"/search/saved/{dispatcher.saved_searches.get(name='路灯').pk}/rename/"

    taken = browser.post(address, {"name": " 井盖 "}, follow=True).content.decode()
    blank = browser.post(address, {"name": " "}, follow=True).content.decode()
    done = browser.post(address, {"name": "江边  路灯"}, follow=True).content.decode()

    assert "已有名为“井盖”的" in taken
    assert "必填" in blank
    assert "已改名为“江边 路灯”" in done
    assert {saved.name for saved in dispatcher.saved_searches.all()} == {"江边 路灯", "井盖"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": "某人", "query": "q=138 1234 5678"}, "不能保存"),
        ({"name": "某人", "query": "phone=" + "0" * 64}, "不能保存"),
        ({"name": "空", "query": "after=x"}, "先输入要找的词"),
        ({"name": " ", "query": "q=路灯"}, "必填"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_plain_words(
    dispatcher: User, sign_in: SignIn, asked: dict[str, str], said: str
) -> None:
    browser = sign_in(dispatcher)

    answer = browser.post("/search/saved/", asked, follow=True)

    assert said in answer.content.decode()
    assert not dispatcher.saved_searches.exists()


def test_too_many_kept_searches_are_refused(dispatcher: User, sign_in: SignIn) -> None:
    browser = sign_in(dispatcher)
    for serial in range(31):
        answer = browser.post(
            "/search/saved/", {"name": f"第 {serial} 个", "query": "q=路灯"}, follow=True
        )

    assert "最多保存 30 个" in answer.content.decode()


def test_an_article_is_read_by_staff_and_not_by_whom_it_is_kept_from(
    units: Units, dispatcher: User, editor: User, sign_in: SignIn
) -> None:
    said = Content(title="路灯报修怎么办", short_answer="请拨打 12345。", text="第一条 随时受理。")
    article = knowledge.draft(said, department=units.housing, by=editor)
    knowledge.publish(article, by=editor)
    drain_all()
    engine.current().refresh(ARTICLES)

    found = page_of(sign_in(dispatcher), q="路灯报修", group="articles")
    page = sign_in(dispatcher).get(f"/search/articles/{article.number}/")

    assert f"/search/articles/{article.number}/" in found
    assert "第 1 版" in page.content.decode()
    assert Client().get(f"/search/articles/{article.number}/").status_code == 302


@pytest.fixture
def engine_away(fresh_indexes: None) -> Iterator[None]:
    """Take the index of tickets away for one test."""
    engine.current().drop(TICKETS)
    yield
    engine.current().ensure(TICKETS)


@pytest.mark.usefixtures("engine_away")
@pytest.mark.parametrize("words", ["NUMBER", "13812345678", "路灯不亮", "坏了三天"])
def test_without_the_engine_the_page_says_so_and_finds_by_the_database(
    make_ticket: MakeTicket, dispatcher: User, sign_in: SignIn, words: str
) -> None:
    ticket = make_ticket(title="路灯不亮已久")
    typed = ticket.number[:17] if words == "NUMBER" else words

    answer = sign_in(dispatcher).post("/search/", {"q": typed}, follow=True)

    page = answer.content.decode()
    assert ticket.number in page
    if words in {"路灯不亮", "坏了三天"}:
        assert "检索降级" in page


@pytest.mark.usefixtures("engine_away")
def test_the_conditions_hold_without_the_engine(
    dispatched: Ticket, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)

    assert dispatched.number in page_of(browser, status="pending_sign", days="7")
    assert dispatched.number not in page_of(browser, status="closed")
