"""Articles on the search page are narrowed with exact counts; nothing hidden shows through."""

import re

import pytest
from django.test import Client

from accounts.models import Department, User
from city.models import Category
from knowledge import actions as knowledge
from knowledge.actions import Content
from knowledge.indexes import ARTICLES
from knowledge.models import Article
from outbox.bus import drain_all
from search import engine
from tests.factories import Units
from tests.web.conftest import ANSWER, MakeTicket, SignIn
from tickets import actions
from tickets.indexes import TICKETS
from tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("fresh_indexes")


def settle() -> None:
    drain_all()
    for index in (ARTICLES, TICKETS):
        engine.current().refresh(index)


def publish(title: str, unit: Department, editor: User, **more: object) -> Article:
    said: dict[str, object] = {
        "title": title,
        "short_answer": f"{title}：带身份证到窗口办理。",
        "text": f"{title}的办理条件、所需材料和时限。",
    }
    article = knowledge.draft(Content(**said | more), department=unit, by=editor)  # type: ignore[arg-type]  # whatever a test needs
    knowledge.publish(article, by=editor)
    return article


@pytest.fixture
def fund(units: Units) -> Category:
    welfare = Category.objects.create(code="R", name="社会保障", level=1)
    return Category.objects.create(code="R01", name="住房公积金", level=2, parent=welfare)


@pytest.fixture
def four(units: Units, editor: User, fund: Category) -> None:
    """Four articles of one matter: two questions, a guide, and one for agents only."""
    publish("公积金提取", units.housing, editor, kind="faq", category=fund)
    publish("公积金转移", units.housing, editor, kind="guide", category=fund)
    publish("公积金贷款", units.water, editor, kind="faq", category=fund.parent)
    publish("公积金口径", units.housing, editor, kind="faq", category=fund, audience="agents")
    settle()


def counted(page: str) -> dict[str, int]:
    """The choices of the page and the counts beside them."""
    rest = page[page.index('id="narrowing"') :]
    pairs = re.findall(
        r'<a href="\?[^"]*"[^>]*>([^<✕]+?)(?: ✕)?</a>\s*<span class="muted">(\d+)', rest
    )
    return {name.strip(): int(n) for name, n in pairs}


def listed(page: str) -> int:
    return page.count('data-row="article-')


def test_each_facet_counts_what_it_leaves(four: None, agent: User, sign_in: SignIn) -> None:
    browser, path = sign_in(agent), "/search/?q=公积金&group=articles"

    whole = browser.get(path).content.decode()
    faq = browser.get(f"{path}&material=faq").content.decode()
    both = browser.get(f"{path}&material=faq&category=R01").content.decode()

    assert listed(whole) == 4
    assert counted(whole) == {
        "社会保障": 4,
        "一问一答": 3,
        "办事指南": 1,
        "市住建局": 3,
        "云江供水集团": 1,
    }
    assert listed(faq) == 3
    assert counted(faq)["办事指南"] == 1
    assert counted(faq)["市住建局"] == 2
    assert listed(both) == 2
    assert "住房公积金 ✕" in both
    for name, value in (("material", "guide"), ("unit", "gsgs"), ("category", "R")):
        page = browser.get(f"{path}&{name}={value}").content.decode()
        assert listed(page) == {"guide": 1, "gsgs": 1, "R": 4}[value]


def test_what_a_unit_may_not_read_is_in_no_count(
    four: None, stranger: User, sign_in: SignIn
) -> None:
    page = sign_in(stranger).get("/search/?q=公积金&group=articles").content.decode()

    assert listed(page) == 3
    assert counted(page)["一问一答"] == 2
    assert "公积金口径" not in page


def test_narrowed_to_nothing_the_page_says_how_to_widen(
    four: None, agent: User, sign_in: SignIn
) -> None:
    path = "/search/?q=公积金&group=articles&material=guide&unit=gsgs"

    page = sign_in(agent).get(path).content.decode()

    assert "没有找到符合的知识" in page
    assert "去掉“材料性质：办事指南”再找" in page
    assert "清除全部条件" in page


def test_only_words_that_find_something_for_the_person_are_proposed(
    units: Units, editor: User, agent: User, client: Client, sign_in: SignIn
) -> None:
    publish("接访处置", units.center, editor, audience="agents", keywords=["缠访闹访"])
    publish("供暖缴费", units.water, editor, keywords=["供暖费"])
    settle()

    secret = client.get("/knowledge/", {"q": "缠访脑访"}).content.decode()
    known = sign_in(agent).get("/search/?q=缠访脑访").content.decode()
    public = client.get("/knowledge/", {"q": "供暖非"}).content.decode()

    assert "您是不是要找" not in secret
    assert "缠访闹访" in known
    assert "供暖费" in public


def test_similar_tickets_can_be_merged_by_whom_it_is_for(
    make_ticket: MakeTicket, dispatcher: User, agent: User, sign_in: SignIn
) -> None:
    first = make_ticket("望河花园三栋路灯坏了三天没人修")
    again = make_ticket("望河花园三栋路灯还没人修", phone="13912345678")
    settle()
    path = f"/tickets/{again.number}/related/"

    offered = sign_in(dispatcher).get(path).content.decode()
    foreign = sign_in(agent).get(path).content.decode()
    sign_in(dispatcher).post(
        f"/tickets/{again.number}/merge/", {"into": first.number, "note": "相似工单，同一事项"}
    )

    assert f'name="into" value="{first.number}"' in " ".join(offered.split())
    assert first.number in foreign
    assert 'name="into"' not in foreign
    again.refresh_from_db()
    assert again.merged_into == first


def test_who_replies_quotes_knowledge_with_its_version(
    signed: Ticket, units: Units, editor: User, handler: User, reviewer: User, sign_in: SignIn
) -> None:
    publish("路灯报修", units.housing, editor)
    settle()
    path = f"/tickets/{signed.number}/related/"

    page = sign_in(handler).get(path).content.decode()

    assert "引用到答复" in page
    assert "（《路灯报修》第 1 版" in page
    assert "引用到答复" not in sign_in(reviewer).get(path).content.decode()


def test_at_the_desk_a_public_reply_is_quoted_without_the_person(
    make_ticket: MakeTicket,
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
    agent: User,
    sign_in: SignIn,
) -> None:
    def answered(*, public: bool, name: str) -> None:
        ticket = make_ticket("望河花园三栋路灯坏了", name=name, public=public)
        actions.dispatch(ticket, to=units.housing, by=dispatcher)
        actions.sign(ticket, by=signer)
        text = f"{name}，{ANSWER}"
        actions.reply(
            ticket, text=text, result="solved", contacted=True, may_publish=True, by=handler
        )
        actions.release(ticket, by=auditor)
        actions.review(ticket, publish=public, by=reviewer)

    answered(public=True, name="王小明")
    answered(public=False, name="李大海")
    settle()

    page = sign_in(agent).post("/desk/assist/", {"text": "望河花园三栋路灯坏了"}).content.decode()

    assert page.count("引用答复") == 1
    assert ANSWER in page
    assert "王小明" not in page
    assert "李大海" not in page


def test_quoted_words_stand_unbroken_in_an_article_too(
    four: None, agent: User, sign_in: SignIn
) -> None:
    browser, path = sign_in(agent), "/search/?group=articles&q="

    assert listed(browser.get(path + "“公积金转移”").content.decode()) == 1
    assert listed(browser.get(path + "“转移公积金”").content.decode()) == 0
    assert listed(browser.get(path + "转移公积金").content.decode()) == 1


@pytest.mark.usefixtures("four")
def test_articles_are_leafed_through_without_words(
    dispatcher: User, stranger: User, fund: Category, units: Units, sign_in: SignIn
) -> None:
    asked = {"group": "articles"}

    page = sign_in(dispatcher).get("/search/", asked).content.decode()
    narrowed = sign_in(dispatcher).get("/search/", asked | {"category": fund.code})
    nothing = sign_in(dispatcher).get("/search/", asked | {"unit": "none"}).content.decode()
    others = sign_in(stranger).get("/search/", asked).content.decode()

    assert [counted(page)[name] for name in ("社会保障", "一问一答", "办事指南")] == [4, 3, 1]
    assert page.index("公积金口径") < page.index("公积金提取")
    assert "公积金贷款" not in narrowed.content.decode()
    assert "3 条，最近发布的在前" in narrowed.content.decode()
    assert "没有符合这些条件的知识" in nothing
    assert "公积金口径" not in others
    assert counted(others)["社会保障"] == 3


@pytest.mark.usefixtures("four")
def test_the_public_leafs_through_what_is_published(fund: Category, units: Units) -> None:
    browser = Client()

    page = browser.get("/knowledge/", {"category": "R"}).content.decode()
    narrowed = browser.get("/knowledge/", {"category": fund.code, "unit": units.housing.code})
    nothing = browser.get("/knowledge/", {"category": "none"}).content.decode()

    assert "住房公积金（2）" in page
    assert "公积金口径" not in page
    assert "2 条" in narrowed.content.decode()
    assert "公积金贷款" not in narrowed.content.decode()
    assert "没有符合这些条件" in nothing
