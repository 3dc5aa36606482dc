"""A citizen looks something up, or sees the answer while still writing."""

import pytest
from django.test import Client

from accounts.models import User
from knowledge import actions
from knowledge.actions import Content
from knowledge.indexes import ARTICLES
from knowledge.models import Article, Feedback, SearchLog
from outbox.bus import drain_all
from search import engine
from tests.factories import Units
from tests.web.conftest import SignIn
from tickets.models import Ticket


@pytest.fixture
def article(units: Units, editor: User) -> Article:
    engine.current().rebuild(ARTICLES, [])
    content = Content(
        title="路灯坏了找谁修",
        short_answer="市政道路的路灯由城管局养护，小区内的路灯由物业负责。",
        text="望河花园等处路灯损坏，请拨打 12345 或城管局值班电话。<script>alert(1)</script>",
        basis="城市照明管理规定",
    )
    article = actions.draft(content, department=units.housing, by=editor)
    actions.publish(article, by=editor)
    drain_all()
    engine.current().refresh(ARTICLES)
    return article


def test_answers_appear_while_writing(client: Client, article: Article) -> None:
    part = client.get("/answers/", {"text": "小区的路灯坏了三天没人修"}).content.decode()

    assert "也许已有答案" in part
    assert "路灯坏了找谁修" in part


def test_two_letters_bring_no_answers(client: Client, article: Article) -> None:
    assert client.get("/answers/", {"text": "路灯"}).content.strip() == b""


def test_letters_of_pinyin_find_what_they_spell(client: Client, article: Article) -> None:
    for letters in ("ludeng", "ldhl", "LuDengHuaiLe"):
        assert article.number in client.get("/knowledge/", {"q": letters}).content.decode()


def test_a_slip_of_the_pen_is_asked_about(client: Client, article: Article) -> None:
    asked = client.get("/knowledge/", {"q": "望和花园"}).content.decode()
    right = client.get("/knowledge/", {"q": "望河花园"}).content.decode()

    assert "您是不是要找" in asked
    assert 'href="?q=%E6%9C%9B%E6%B2%B3%E8%8A%B1%E5%9B%AD"' in asked
    assert "您是不是要找" not in right
    assert article.title not in asked
    assert article.title in right
    assert [log.text for log in SearchLog.objects.all()] == ["望河花园"]


def test_letters_mark_what_they_spell(client: Client, article: Article) -> None:
    assert "<mark>路灯</mark>坏了" in client.get("/knowledge/", {"q": "ludeng"}).content.decode()


def test_what_shares_one_character_is_no_answer(client: Client, article: Article) -> None:
    page = client.get("/knowledge/", {"q": "找猫"}).content.decode()

    assert "没有找到相关内容" in page
    assert SearchLog.objects.get().hits == 0


def test_a_search_is_kept_with_what_was_opened(client: Client, article: Article) -> None:
    page = client.get("/knowledge/", {"q": "路灯维修"}).content.decode()
    log = SearchLog.objects.get()

    opened = client.get(f"/knowledge/{article.number}/", {"log": log.pk}).content.decode()

    log.refresh_from_db()
    assert "<mark>" in page
    assert log.opened == article
    assert "城市照明管理规定" in opened
    assert "<script>alert" not in opened


def test_nothing_found_leads_to_the_form(client: Client, article: Article) -> None:
    page = client.get("/knowledge/", {"q": "火星移民"}).content.decode()

    assert "没有找到相关内容" in page
    assert "我要反映" in page


def test_all_that_is_public_can_be_leafed_through(client: Client, article: Article) -> None:
    page = client.get("/knowledge/").content.decode()

    assert "路灯坏了找谁修" in page


def test_an_unpublished_article_is_not_found(
    client: Client, article: Article, editor: User
) -> None:
    actions.withdraw(article, note="过期", by=editor)

    assert client.get(f"/knowledge/{article.number}/").status_code == 404


def test_a_forged_search_number_does_no_harm(client: Client, article: Article) -> None:
    assert client.get(f"/knowledge/{article.number}/", {"log": "x"}).status_code == 200
    assert client.get(f"/knowledge/{article.number}/", {"log": "999"}).status_code == 200


def test_whether_it_helped_is_kept(client: Client, article: Article) -> None:
    client.post(f"/knowledge/{article.number}/feedback/", {"useful": "no"})

    assert Feedback.objects.get().useful is False


def test_whether_it_helped_is_kept_with_what_was_asked(client: Client, article: Article) -> None:
    client.get("/knowledge/", {"q": "路灯维修"})
    log = SearchLog.objects.get()
    page = client.get(f"/knowledge/{article.number}/", {"log": log.pk}).content.decode()

    client.post(f"/knowledge/{article.number}/feedback/", {"useful": "no", "log": log.pk})

    assert f'name="log" value="{log.pk}"' in page
    assert Feedback.objects.get().asked == "路灯维修"


def test_staff_see_related_knowledge_beside_the_ticket(
    article: Article, accepted: Ticket, dispatcher: User, stranger: User, sign_in: SignIn
) -> None:
    part = sign_in(dispatcher).get(f"/tickets/{accepted.number}/related/").content.decode()
    refused = sign_in(stranger).get(f"/tickets/{accepted.number}/related/")

    assert "路灯坏了找谁修" in part
    assert refused.status_code == 404
