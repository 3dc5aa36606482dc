"""An article from draft to withdrawal: who may do what, and what stays in force meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from knowledge import actions, errors, selectors
from knowledge.models import Article, Entry
from knowledge.workflow import Status
from tests.factories import Units
from tests.knowledge.conftest import MakeArticle, content


def test_a_unit_drafts_and_the_hotline_publishes(
    units: Units, unit_editor: User, editor: User
) -> None:
    article = actions.draft(content(), department=units.housing, by=unit_editor)
    actions.submit(article, by=unit_editor)
    actions.submit(article, by=unit_editor)

    actions.publish(article, by=editor)

    assert article.status == Status.PUBLISHED
    assert article.current_version == article.latest_version
    assert article.number == f"K{article.pk:06}"
    assert [entry.step for entry in selectors.history(article)] == [
        "publish",
        "submit",
        "submit",
        "draft",
    ]


def test_a_unit_does_not_publish(units: Units, unit_editor: User) -> None:
    article = actions.draft(content(), department=units.housing, by=unit_editor)

    with pytest.raises(errors.NotAllowed):
        actions.publish(article, by=unit_editor)


def test_a_stranger_drafts_and_revises_nothing_of_another_unit(
    units: Units, drafted: MakeArticle, other_editor: User, stranger: User
) -> None:
    article = drafted()

    for nosy in (other_editor, stranger):
        with pytest.raises(errors.NotAllowed):
            actions.draft(content("别的标题"), department=units.housing, by=nosy)
        with pytest.raises(errors.NotAllowed):
            actions.revise(article, content("别的标题"), by=nosy)


def test_the_published_version_stays_in_force_while_a_new_one_is_written(
    published: MakeArticle, unit_editor: User
) -> None:
    article = published()
    before = article.current_version

    actions.revise(article, content("居民身份证换领补领"), by=unit_editor)

    assert article.status == Status.DRAFT
    assert article.current_version == before
    assert article.title == "居民身份证补领"
    assert article.latest_version is not None
    assert article.latest_version.title == "居民身份证换领补领"
    assert article.latest_version.no == 2


def test_publishing_the_new_version_replaces_the_old_one_and_keeps_it(
    published: MakeArticle, editor: User
) -> None:
    article = published()
    actions.revise(article, content("居民身份证换领补领", keywords=["补证"]), by=editor)

    actions.publish(article, by=editor)

    assert article.title == "居民身份证换领补领"
    assert article.keywords == ["补证"]
    assert [version.no for version in selectors.versions(article)] == [2, 1]


def test_what_is_under_review_can_be_sent_back_with_a_reason(
    drafted: MakeArticle, editor: User
) -> None:
    article = drafted()
    actions.submit(article, by=editor)

    with pytest.raises(errors.Invalid):
        actions.send_back(article, note=" ", by=editor)
    actions.send_back(article, note="缺少依据", by=editor)

    assert article.status == Status.DRAFT
    assert article.entries.latest("pk").note == "缺少依据"


def test_a_withdrawn_article_is_out_of_force_and_keeps_its_versions(
    published: MakeArticle, editor: User
) -> None:
    article = published()

    actions.withdraw(article, note="政策已废止", by=editor)

    assert (article.status, article.current_version) == (Status.WITHDRAWN, None)
    assert article.versions.count() == 1


def test_a_withdrawn_article_comes_back_by_a_new_version(
    published: MakeArticle, editor: User
) -> None:
    article = published()
    actions.withdraw(article, note="政策已废止", by=editor)

    actions.revise(article, content("居民身份证补领（新）"), by=editor)
    actions.publish(article, by=editor)

    assert article.title == "居民身份证补领（新）"
    assert article.status == Status.PUBLISHED


def test_a_step_from_the_wrong_state_is_refused(published: MakeArticle, editor: User) -> None:
    article = published()

    with pytest.raises(errors.WrongState, match="已发布"):
        actions.submit(article, by=editor)


def test_a_stale_editor_changes_nothing(published: MakeArticle, editor: User) -> None:
    article = published()
    seen = article.version
    actions.revise(article, content("别人的改动"), by=editor)

    with pytest.raises(errors.Stale) as refused:
        actions.revise(article, content("我的改动"), by=editor, version=seen)

    assert (refused.value.seen, refused.value.current) == (seen, seen + 1)
    assert article.versions.count() == 2


def test_what_is_past_its_validity_is_not_published(drafted: MakeArticle, editor: User) -> None:
    today = timezone.localdate()
    article = drafted(valid_from=today - timedelta(days=9), valid_until=today - timedelta(days=1))

    with pytest.raises(errors.Invalid) as refused:
        actions.publish(article, by=editor)

    assert "valid_until" in refused.value.fields


def test_a_second_article_of_the_same_title_is_refused_by_name(
    units: Units, drafted: MakeArticle, editor: User
) -> None:
    first = drafted()

    with pytest.raises(errors.Invalid, match=first.number):
        actions.draft(content(" 居民身份证补领 "), department=units.urban, by=editor)

    assert Article.objects.count() == 1


def test_a_title_in_force_is_taken_even_while_its_article_is_renamed(
    units: Units, published: MakeArticle, editor: User
) -> None:
    first = published()
    actions.revise(first, content("身份证补领新办法"), by=editor)

    for title in ("居民身份证补领", "身份证补领新办法"):
        with pytest.raises(errors.Invalid, match=first.number):
            actions.draft(content(title), department=units.urban, by=editor)

    assert Article.objects.count() == 1


def test_each_wrong_field_is_named(units: Units, editor: User) -> None:
    today = timezone.localdate()
    wrong = content(
        "证" * 129,
        short_answer="",
        text="\x00 ",
        question="问" * 201,
        keywords=["长" * 21],
        valid_from=today,
        valid_until=today - timedelta(days=1),
    )

    with pytest.raises(errors.Invalid) as refused:
        actions.draft(wrong, department=units.housing, by=editor)

    assert set(refused.value.fields) == {
        "title",
        "short_answer",
        "text",
        "question",
        "keywords",
        "valid_until",
    }


@pytest.mark.parametrize(
    ("keywords", "said"),
    [([f"词{n}" for n in range(21)], "最多 20 个"), (["居民身份证补领"], "与标题相同")],
)
def test_keywords_are_few_and_say_more_than_the_title(
    units: Units, editor: User, keywords: list[str], said: str
) -> None:
    with pytest.raises(errors.Invalid, match=said):
        actions.draft(content(keywords=keywords), department=units.housing, by=editor)


def test_the_history_is_complete(published: MakeArticle, editor: User) -> None:
    article = published()

    steps = list(Entry.objects.filter(article=article).order_by("pk"))

    assert [(e.step, e.from_status, e.to_status, e.version) for e in steps] == [
        ("draft", "", "draft", 1),
        ("publish", "draft", "published", 2),
    ]
