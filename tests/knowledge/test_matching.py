"""Articles found by what a citizen says, on whichever engine is in force."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from city import actions as city
from city.models import Synonym
from knowledge import actions, selectors
from knowledge.models import Article
from knowledge.workflow import Audience
from outbox.bus import drain_all
from outbox.models import Delivery
from tests.knowledge.conftest import MakeArticle, content, settle

pytestmark = pytest.mark.usefixtures("index")


@pytest.fixture
def shelf(published: MakeArticle) -> list[Article]:
    """Three articles of different matters."""
    found = [
        published(keywords=["补证"], question="身份证丢了怎么补办"),
        published(
            "住房公积金提取",
            short_answer="线上或到公积金中心窗口办理。",
            text="一、提取条件\n购房、租房、退休可以提取。\n二、提取额度\n租房每月不超过一千五百元。",
        ),
        published(
            "夜间施工噪声管理",
            short_answer="二十二时至次日六时禁止夜间施工。",
            text="第一条 城市市区噪声敏感建筑物集中区域内，禁止夜间进行产生噪声的建筑施工作业。",
        ),
    ]
    settle()
    return found


def test_the_best_article_comes_first_with_the_clause_that_answers(shelf: list[Article]) -> None:
    matches = selectors.matching("租房公积金每月能提取多少额度")

    best = matches[0]
    assert not matches.degraded
    assert best.article.title == "住房公积金提取"
    assert best.passage == "二、提取额度\n租房每月不超过一千五百元。"
    assert any(marked and "提取" in part for part, marked in best.marks)
    assert "".join(part for part, _ in best.marks) == best.passage
    assert best.reasons
    assert best.version == shelf[1].current_version


def test_an_article_is_listed_once_however_many_passages_match(shelf: list[Article]) -> None:
    matches = selectors.matching("公积金提取条件和提取额度")

    numbers = [match.article.number for match in matches]
    assert len(numbers) == len(set(numbers))


def test_an_article_is_found_by_its_question_and_keywords(shelf: list[Article]) -> None:
    assert selectors.matching("身份证丢了")[0].article == shelf[0]
    assert selectors.matching("补证")[0].article == shelf[0]


def test_a_synonym_finds_what_it_stands_for(shelf: list[Article]) -> None:
    city.save_row(Synonym(words=["深夜打桩", "夜间施工"]))

    matches = selectors.matching("深夜打桩")

    assert matches[0].article == shelf[2]


def test_an_audience_finds_only_what_it_may_read(published: MakeArticle) -> None:
    for audience in Audience:
        published(f"停水通知话术{audience.label}", audience=audience)
    settle()

    found = {
        audience: {m.article.audience for m in selectors.matching("停水话术", audience=audience)}
        for audience in Audience
    }

    assert found[Audience.PUBLIC] == {"public"}
    assert found[Audience.AGENTS] == {"public", "agents"}
    assert found[Audience.INTERNAL] == {"public", "agents", "internal"}


def test_what_expired_yesterday_is_not_found_today(published: MakeArticle, editor: User) -> None:
    today = timezone.localdate()
    future = published("供热缴费办法", valid_from=today + timedelta(days=1))
    last_day = published("供热报修电话", valid_until=today)
    settle()

    found = {match.article for match in selectors.matching("供热")}

    assert found == {last_day}
    assert future not in found


def test_the_rows_say_what_may_be_read_before_the_index_knows(
    shelf: list[Article], editor: User
) -> None:
    actions.withdraw(shelf[0], note="废止", by=editor)

    matches = selectors.matching("身份证丢了")

    assert shelf[0] not in [match.article for match in matches]


def test_the_old_version_is_found_and_cited_until_the_new_one_is_indexed(
    shelf: list[Article], editor: User
) -> None:
    article, old = shelf[0], shelf[0].current_version
    actions.revise(article, content("身份证挂失与补领", text="可以网上挂失。"), by=editor)
    actions.publish(article, by=editor)

    before = selectors.matching("居民身份证补领")[0]
    settle()
    after = selectors.matching("居民身份证补领")[0]

    assert before.version == old
    assert after.version == article.current_version
    assert after.passage == "可以网上挂失。"


def test_passages_that_a_new_version_no_longer_has_leave_the_index(
    shelf: list[Article], editor: User
) -> None:
    actions.revise(shelf[1], content("住房公积金提取", text="办理流程已调整。"), by=editor)
    actions.publish(shelf[1], by=editor)
    settle()

    passages = {match.passage for match in selectors.matching("公积金提取额度租房")}

    assert "二、提取额度\n租房每月不超过一千五百元。" not in passages


def test_what_is_far_behind_the_best_is_left_out_where_lines_are_few(shelf: list[Article]) -> None:
    found = selectors.matching("住房公积金怎么提取，周末上班吗", limit=10)

    near = found.near_best()

    assert near[0] == found[0]
    assert all(match.score >= 0.55 * found[0].score for match in near)
    assert selectors.Matches().near_best() == []


def test_nothing_said_finds_nothing(shelf: list[Article]) -> None:
    assert selectors.matching("  ") == []
    assert selectors.matching("的了吗") == []


def test_matching_costs_few_queries_however_much_is_found(
    shelf: list[Article], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    selectors.matching("办理")

    with django_assert_max_num_queries(2):
        matches = selectors.matching("办理提取施工身份证")
        assert {str(m.article.department) + str(m.article.category) for m in matches}

    assert len(matches) == 3


@pytest.fixture
def no_engine(settings: Settings, tmp_path: Path) -> None:
    """An engine that nobody started."""
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_DIR = tmp_path / "missing"


def test_without_the_index_titles_and_keywords_are_searched(
    shelf: list[Article], no_engine: None
) -> None:
    matches = selectors.matching("身份证补证")

    assert matches.degraded
    assert [match.article for match in matches] == [shelf[0]]
    assert matches[0].version == shelf[0].current_version
    assert any(marked for _, marked in matches[0].title_marks)
    assert {reason.word for reason in matches[0].reasons} >= {"身份证"}


def test_without_the_index_the_expired_and_the_internal_stay_hidden(
    published: MakeArticle, no_engine: None
) -> None:
    published("供热内部口径", audience=Audience.INTERNAL)
    published("供热新办法", valid_from=timezone.localdate() + timedelta(days=1))

    assert selectors.matching("供热") == []


def test_what_was_written_while_the_engine_was_down_is_indexed_later(
    published: MakeArticle, settings: Settings
) -> None:
    there = settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elastic", "http://127.0.0.1:9"
    published("供热缴费办法")
    drain_all()
    degraded = selectors.matching("供热缴费")

    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = there
    Delivery.objects.update(due_at=timezone.now())
    settle()
    found = selectors.matching("供热缴费")

    assert degraded.degraded
    assert len(degraded) == 1
    assert not found.degraded
    assert len(found) == 1
