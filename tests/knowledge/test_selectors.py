"""Lists for editors and the public, differences, words for the cutter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import vocabulary
from accounts.models import User
from city.models import Category
from knowledge import actions, selectors
from knowledge.models import Article
from search import analysis
from tests.factories import Units
from tests.knowledge.conftest import TEXT, MakeArticle, content


@pytest.fixture
def expiring(published: MakeArticle) -> tuple[Article, Article, Article]:
    """One that expires soon, one that has expired, one without an end."""
    today = timezone.localdate()
    soon = published("即将到期", valid_until=today + timedelta(days=7))
    past = published("已经过期")
    Article.objects.filter(pk=past.pk).update(
        valid_from=today - timedelta(days=9), valid_until=today - timedelta(days=1)
    )
    return soon, past, published("长期有效")


def test_an_editors_list_narrows_by_expiry(
    expiring: tuple[Article, Article, Article], editor: User
) -> None:
    soon, past, _ = expiring

    assert list(selectors.desk_of(editor, expiry="soon")) == [soon]
    assert list(selectors.desk_of(editor, expiry="past")) == [past]
    assert selectors.state_counts(editor) == {"published": 3, "soon": 1, "past": 1}


def test_an_editors_list_narrows_by_state_unit_and_text(
    units: Units, drafted: MakeArticle, published: MakeArticle, editor: User
) -> None:
    draft = drafted("甲证办理", department=units.urban)
    live = published("乙证办理", keywords=["老年卡"])

    assert list(selectors.desk_of(editor, status="draft")) == [draft]
    assert list(selectors.desk_of(editor, department=units.urban)) == [draft]
    assert list(selectors.desk_of(editor, text="老年卡")) == [live]
    assert list(selectors.desk_of(editor, text=live.number.lower())) == [live]


def test_a_revised_title_is_found_before_it_is_published(
    published: MakeArticle, editor: User
) -> None:
    article = published()
    actions.revise(article, content("身份证新办法"), by=editor)

    assert list(selectors.desk_of(editor, text="新办法")) == [article]


def test_the_public_list_holds_what_is_in_force_the_latest_first(
    expiring: tuple[Article, Article, Article],
) -> None:
    soon, _, endless = expiring

    assert list(selectors.public_articles()) == [endless, soon]


def test_the_public_list_narrows_by_category(published: MakeArticle) -> None:
    matter = Category.objects.create(code="990001", name="户政")
    inside = published("户口迁移", category=matter)
    published("供热缴费")

    assert list(selectors.public_articles(matter.pk)) == [inside]


def test_differences_show_what_was_added_and_removed(published: MakeArticle, editor: User) -> None:
    article = published()
    text = TEXT.replace("二十个工作日", "七个工作日").replace("2. 换领的交回原证。", "")
    actions.revise(article, content(text=text, keywords=["补证"]), by=editor)
    new, old = selectors.versions(article)

    found = {difference.label: difference.parts for difference in selectors.differences(old, new)}

    assert set(found) == {"正文", "关键词"}
    assert ("removed", "二十") in found["正文"]
    assert ("added", "七") in found["正文"]
    assert found["关键词"] == [("added", "补证")]
    kept = "".join(part for kind, part in found["正文"] if kind != "removed")
    assert kept == new.text


def test_very_long_lines_are_compared_as_wholes(published: MakeArticle, editor: User) -> None:
    article = published(text="甲" * 3000)
    actions.revise(article, content(text="乙" * 3000), by=editor)
    new, old = selectors.versions(article)

    (difference,) = selectors.differences(old, new)

    assert difference.parts == [("removed", "甲" * 3000), ("added", "乙" * 3000)]


def test_keywords_of_articles_in_force_are_kept_whole_by_the_cutter(
    published: MakeArticle,
) -> None:
    published(keywords=["蟹塘坞卡"])

    vocabulary.refresh()

    assert "蟹塘坞卡" in analysis.words("蟹塘坞卡怎么办理")
    analysis.set_lexicon([], [])
