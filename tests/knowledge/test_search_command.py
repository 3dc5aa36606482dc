"""The search command: what it finds and mends when index and rows went apart."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from hotline.tasks import keep_indexes
from knowledge import actions, selectors
from knowledge.indexes import ARTICLES, FEED
from knowledge.models import Article
from outbox.models import Delivery
from search import engine, feed
from search.index import Doc
from tests.knowledge.conftest import MakeArticle, content, settle

pytestmark = pytest.mark.usefixtures("index")


def search(deed: str, index: str = "articles") -> str:
    out = StringIO()
    call_command("search", deed, index=index, stdout=out)
    return out.getvalue()


@pytest.fixture
def apart(published: MakeArticle, editor: User) -> Article:
    """An index with a missing, an outdated and a surplus document."""
    outdated = published("身份证补领")
    settle()
    actions.revise(outdated, content("身份证补领", text="改过了。"), by=editor)
    actions.publish(outdated, by=editor)
    published("公积金提取")
    Delivery.objects.all().delete()  # lost
    stray = Doc("999-0", 1, {"title": "流浪", "text": "流浪", "article": "999"})
    engine.current().put(ARTICLES, [stray])
    engine.current().refresh(ARTICLES)
    return outdated


def test_check_names_the_differences_and_fails(apart: Article) -> None:
    difference = feed.check(FEED)

    with pytest.raises(CommandError, match="repair"):
        search("check")

    assert difference.outdated == [f"{apart.pk}-0"]
    assert "999-0" in difference.surplus
    assert difference.missing
    assert all(not doc_id.startswith(f"{apart.pk}-") for doc_id in difference.missing)


def test_repair_mends_them(apart: Article) -> None:
    said = search("repair")

    assert "缺少" in said
    assert not feed.check(FEED)
    assert selectors.matching("身份证补领")[0].passage == "改过了。"


def test_rebuild_makes_the_index_anew_and_says_how_far_it_is(
    apart: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "TOLD", 2)

    said = search("rebuild").splitlines()

    assert said[0] == "知识：已写入 2 个文档…"
    assert said[-1].startswith("知识：重建完成，")
    assert not feed.check(FEED)
    assert "一致" not in search("check")


def test_status_tells_the_engine_and_the_sizes(published: MakeArticle) -> None:
    published()
    settle()

    said = search("status")

    assert "可用" in said
    assert f"知识（{ARTICLES.alias}）：" in said


def test_an_unknown_index_is_refused() -> None:
    with pytest.raises(CommandError, match="没有名为"):
        search("check", index="nothing")


def test_an_engine_that_is_down_is_named(settings: Settings, tmp_path: Path) -> None:
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_DIR = tmp_path / "missing"

    with pytest.raises(CommandError, match="不可用"):
        search("check")


def test_missing_indexes_are_made_and_filled_at_the_start(published: MakeArticle) -> None:
    published()
    for each in feed.registered():
        engine.current().drop(each.index)

    fresh = feed.prepare()

    assert FEED in fresh
    assert not feed.check(FEED)
    assert feed.prepare() == []


def test_the_index_of_before_a_rebuild_comes_back_and_catches_up(published: MakeArticle) -> None:
    published("身份证补领")
    settle()
    search("rebuild", index="articles")
    published("公积金提取")
    settle()

    said = search("back", index="articles")

    assert "已退回" in said
    assert selectors.matching("公积金提取")[0].article.title == "公积金提取"
    assert not feed.check(FEED)


def test_an_index_that_was_lost_is_filled_whole_by_the_next_change(published: MakeArticle) -> None:
    published("身份证补领")
    settle()
    engine.current().drop(ARTICLES)

    published("公积金提取")
    settle()

    assert selectors.matching("身份证补领")[0].article.title == "身份证补领"
    assert not feed.check(FEED)


def test_indexes_appear_within_a_minute_of_the_engines_return(
    published: MakeArticle, settings: Settings
) -> None:
    published()
    for each in feed.registered():
        engine.current().drop(each.index)
    there = settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL

    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elastic", "http://127.0.0.1:9"
    away = keep_indexes()
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = there
    back = keep_indexes()

    assert away == []
    assert ARTICLES.name in back
    assert not feed.check(FEED)
