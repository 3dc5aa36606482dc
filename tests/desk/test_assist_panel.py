"""What stands beside the words: answers, similar tickets, matter and unit, with reasons."""

import html
import json
import re
import time

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from city.models import Category
from city.selectors import find_places
from knowledge.indexes import ARTICLES
from knowledge.models import ArticleVersion, Feedback
from outbox.bus import drain_all
from search import engine
from tests.desk.conftest import SHORT
from tests.factories import Town, Units
from tickets import actions
from tickets.indexes import TICKETS, About, similar
from tickets.models import Ticket
from tickets.workflow import Party

pytestmark = pytest.mark.usefixtures("fresh_indexes")

WORDS = "柳林社区路灯坏了，晚上很黑"


def ask(browser: Client, text: str = WORDS, **more: str) -> str:
    return browser.post("/desk/assist/", {"text": text, **more}).content.decode()


def settle() -> None:
    """Deliver all, and let the engine see it now."""
    drain_all()
    for index in (ARTICLES, TICKETS):
        engine.current().ensure(index)
        engine.current().refresh(index)


@pytest.fixture
def earlier(units: Units) -> Ticket:
    made = actions.accept(text="柳林社区路灯坏了三天没人修", source="web", by=Party.CITIZEN)
    settle()
    return made


def test_the_answer_is_shown_with_what_was_found_marked(
    browser: Client, known: ArticleVersion
) -> None:
    settle()

    page = ask(browser)

    assert SHORT in page
    assert "<mark>" in page
    assert "第 1 版" in page
    assert f'data-adopt="{known.pk}"' in page


def test_the_form_carries_what_was_suggested(browser: Client) -> None:
    page = ask(browser, "有人持刀伤人，快来")

    told = re.search(r'name="heard"\s+value="([^"]+)"', page)
    assert told
    assert json.loads(html.unescape(told[1]))["outcome"] == "emergency"


def test_similar_tickets_say_what_they_share(browser: Client, earlier: Ticket) -> None:
    page = ask(browser)

    assert earlier.number in page
    assert "共同：" in page
    assert "待" in page


def test_danger_is_said_aloud(browser: Client, units: Units) -> None:
    page = ask(browser, "楼下燃气泄漏，味道很大，有人晕倒了")

    assert "疑似险情" in page


def test_a_place_that_is_missing_is_asked_for(browser: Client, units: Units) -> None:
    assert "没有听出地点" in ask(browser, "路灯坏了很久没人修")
    assert "望河街道" in ask(browser, "路灯坏了很久没人修", place="望河花园")


@pytest.mark.parametrize("text", ["", "路灯", " \n "])
def test_too_few_words_ask_nothing(browser: Client, units: Units, text: str) -> None:
    assert "开始记录后" in ask(browser, text)


def test_the_panel_is_for_agents(stranger: User) -> None:
    other = Client()
    other.force_login(stranger)

    assert other.post("/desk/assist/", {"text": WORDS}).status_code == 403


def test_without_an_engine_the_desk_goes_on(
    browser: Client, known: ArticleVersion, earlier: Ticket, settings: Settings
) -> None:
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elastic", "http://127.0.0.1:9"

    began = time.monotonic()
    page = ask(browser, "路灯")
    page = ask(browser)
    found = browser.get("/search/", {"q": "柳林社区"}).content.decode()
    sent = browser.post("/desk/submit/", {"text": WORDS, "token": "x"})

    assert time.monotonic() - began < 4
    assert "检索降级" in page
    assert SHORT in page
    assert "检索降级" in found
    assert earlier.number in found
    assert sent.status_code == 302


def test_a_taxonomy_gives_matters_with_their_keywords(browser: Client, units: Units) -> None:
    page = ask(browser)

    assert "建议分类" in page
    assert "建议派往" in page


def test_the_five_elements_light_up_with_their_words(browser: Client, units: Units) -> None:
    page = ask(browser, "我家在望河花园，昨天晚上开始路灯不亮，希望尽快修好")

    heard = page.split('id="elements"')[1].split("</ul>")[0]
    for word in ("✓ 人", "✓ 时", "✓ 地", "✓ 诉求", "我家", "昨天", "望河花园", "希望尽快修好"):
        assert word in heard


def test_elements_that_are_missing_are_asked_for(browser: Client, units: Units) -> None:
    page = ask(browser, "路灯不亮了啊啊")

    for question in ("谁遇到的", "什么时候发生的", "在哪里", "希望怎么解决"):
        assert question in page


def test_what_stands_in_a_field_counts_as_heard(browser: Client, units: Units) -> None:
    page = ask(browser, "路灯不亮了啊啊", name="王先生", place="某处小店")

    assert "王先生" in page
    assert "某处小店" in page
    assert "谁遇到的" not in page


def test_kind_and_urgency_are_suggested_with_the_words_heard(browser: Client, units: Units) -> None:
    page = ask(browser, "我要投诉楼下烧烤店燃气泄漏没人管")

    assert 'data-kind="complaint"' in page
    assert 'data-desk-key="Alt+K"' in page
    assert "特急" in page


def test_a_similar_ticket_says_that_place_and_matter_are_the_same(
    browser: Client, agent: User, units: Units
) -> None:
    matter = Category.objects.create(code="A01", name="路灯", level=1)
    made = actions.accept(text="望河花园的路灯坏了三天", source="web", by=Party.CITIZEN)
    settle()
    Ticket.objects.filter(pk=made.pk).update(category=matter)

    hit = find_places("望河花园旁边")[0]
    about = About.heard(matter, hit)
    found = similar("望河花园路灯又不亮了", user=agent, about=about).hits

    assert found[0].why == ["同一地点：望河花园", "同类事项：路灯"]
    assert "同一地点：望河花园" in ask(browser, "望河花园路灯又不亮了，晚上很黑")


def test_a_similar_ticket_of_the_same_street_says_so(agent: User, town: Town) -> None:
    made = actions.accept(
        text="路灯坏了三天没人修", source="web", by=Party.CITIZEN, region=town.wanghe
    )
    settle()
    made.refresh_from_db()

    for region, why in ((town.wanghe, ["同一区域：望河街道"]), (town.linxi, []), (None, [])):
        found = similar("路灯坏了没人修", user=agent, about=About(region=region)).hits
        assert found[0].why == why


def test_whether_an_answer_fits_is_kept_with_the_words(
    browser: Client, known: ArticleVersion, agent: User
) -> None:
    asked = {"useful": "no", "text": WORDS + "，电话13812345678"}

    page = browser.post(f"/desk/feedback/{known.article.number}/", asked).content.decode()

    said = Feedback.objects.get()
    assert "已记下：没用" in page
    assert (said.version, said.useful, said.by) == (known, False, agent)
    assert "路灯坏了" in said.asked
    assert "13812345678" not in said.asked


def test_only_agents_judge_answers_and_only_those_they_may_read(
    browser: Client, known: ArticleVersion, signer: User
) -> None:
    stranger = Client()
    stranger.force_login(signer)
    address = f"/desk/feedback/{known.article.number}/"

    assert stranger.post(address, {"useful": "yes"}).status_code == 403
    assert browser.post("/desk/feedback/none/", {"useful": "yes"}).status_code == 404
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("楼下着火了快来人", ["转紧急热线 119", "着火", 'data-closes="emergency"']),
        ("我不服法院判决怎么办", ["告知法定途径 诉讼", "不服法院判决", "data-says"]),
        ("查一下我前妻的住址", ["解释说明 涉及他人隐私", "data-says"]),
        ("你们都是废物，滚蛋", ["恶意骚扰", 'data-closes="invalid"']),
        ("老板拖欠农民工工资", ["欠薪", "农民工"]),
    ],
)
def test_what_to_do_at_the_door_is_suggested_with_the_words_heard(
    browser: Client, units: Units, text: str, said: list[str]
) -> None:
    page = ask(browser, text)

    assert all(words in page for words in said)


def test_an_ordinary_demand_gets_no_advice_at_the_door(browser: Client, units: Units) -> None:
    assert "受理建议" not in ask(browser, "望河花园流动摊贩占道")
