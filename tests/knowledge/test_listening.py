"""What was asked, what was missing, and whether it helped."""

import pytest

from accounts.models import User
from knowledge import actions, errors, selectors
from knowledge.models import SearchLog
from tests.knowledge.conftest import MakeArticle

DESK, PORTAL = SearchLog.Place.DESK, SearchLog.Place.PORTAL


def test_questions_without_a_hit_are_listed_most_asked_first(db: None) -> None:
    for text, hits in [("电动车上牌", 0), ("养犬证", 0), ("养犬证", 0), ("身份证", 3)]:
        actions.log_search(text, place=PORTAL, hits=hits)
    actions.log_search("引擎停了", place=PORTAL, hits=0, degraded=True)

    gaps = selectors.unanswered()

    assert [(gap.text, gap.times) for gap in gaps] == [("养犬证", 2), ("电动车上牌", 1)]


def test_a_phone_number_in_a_question_is_masked(agent: User) -> None:
    log = actions.log_search("我的电话13812345678", place=DESK, hits=0, by=agent)

    assert "13812345678" not in log.text
    assert "138****5678" in log.text


def test_the_first_article_opened_counts(published: MakeArticle) -> None:
    first, second = published("甲"), published("乙")
    log = actions.log_search("甲乙", place=PORTAL, hits=2)
    actions.log_search("丙", place=PORTAL, hits=0)

    actions.note_opened(log, first)
    actions.note_opened(log, second)

    log.refresh_from_db()
    assert log.opened == first
    assert selectors.hit_rate() == 0.5


def test_there_is_no_hit_rate_before_the_first_question(db: None) -> None:
    assert selectors.hit_rate() is None


def test_feedback_is_about_the_version_in_force(published: MakeArticle, agent: User) -> None:
    article = published()

    said = actions.give_feedback(article, useful=False, text="电话13812345678不通", by=agent)

    assert said.version == article.current_version
    assert "138****5678" in said.text


def test_editors_read_the_feedback_on_their_own_articles(
    published: MakeArticle, editor: User, unit_editor: User, other_editor: User
) -> None:
    said = actions.give_feedback(published(), useful=True)

    assert list(selectors.feedback_for(editor)) == [said]
    assert list(selectors.feedback_for(unit_editor)) == [said]
    assert list(selectors.feedback_for(other_editor)) == []


def test_a_withdrawn_article_is_judged_no_more(published: MakeArticle, editor: User) -> None:
    article = published()
    actions.withdraw(article, note="废止", by=editor)

    with pytest.raises(errors.WrongState):
        actions.give_feedback(article, useful=True)


def test_questions_whose_hits_nobody_opened_are_misses(published: MakeArticle) -> None:
    article = published()
    actions.log_search("身份证照片", place=PORTAL, hits=3)
    actions.note_opened(actions.log_search("补身份证", place=PORTAL, hits=1), article)
    actions.log_search("补身份证", place=PORTAL, hits=1)

    assert [(gap.text, gap.times) for gap in selectors.unopened()] == [("身份证照片", 1)]


def test_what_did_not_help_is_kept_with_the_question(
    published: MakeArticle, agent: User, signer: User, editor: User, other_editor: User
) -> None:
    article = published()
    actions.give_feedback(article, useful=False, asked="丢了护照 13812345678", by=agent)
    actions.give_feedback(article, useful=False, asked="丢了护照 13812345678", by=signer)
    actions.give_feedback(article, useful=True, asked="补身份证", by=agent)
    actions.give_feedback(article, useful=False, text="没有提问")

    missed = selectors.misses(editor)

    assert [(m.text, m.article, m.useless, m.useful) for m in missed] == [
        ("丢了护照 138****5678", article, 2, 0)
    ]
    assert selectors.misses(other_editor) == []


def test_a_second_thought_replaces_the_first(published: MakeArticle, agent: User) -> None:
    article = published()
    actions.give_feedback(article, useful=False, asked="补身份证", by=agent)

    said = actions.give_feedback(article, useful=True, asked="补身份证", by=agent)

    assert list(article.current_version.feedback.all()) == [said]  # type: ignore[union-attr]  # published
    assert said.useful
