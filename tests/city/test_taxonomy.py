"""The tree of matters and the words of the trade, as shipped and as edited."""

from collections import Counter
from pathlib import Path

import pytest

from city import actions, selectors
from city.models import Category, DeptType, Synonym, TimeLimit, Word

pytestmark = pytest.mark.django_db
SMALL = """
dept_types: {cgzf: 城管局}
categories:
  - code: "01"
    name: 市容
    children:
      - code: "0101"
        name: 占道
        dept_type: cgzf
        route: county
        keywords: [占道]
        children: {"010101": 游商}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def test_the_shipped_tree_has_three_levels() -> None:
    actions.load_taxonomy()

    levels = Counter(Category.objects.values_list("level", flat=True))
    assert levels == {1: 21, 2: 196, 3: 621}


def test_each_matter_knows_its_line_and_who_is_responsible() -> None:
    actions.load_taxonomy()

    category = Category.objects.get(code="010101")
    assert str(category) == "城市管理 / 占道经营 / 无照经营游商"
    assert category.parent
    assert "流动摊贩" in category.parent.keywords
    assert (category.dept_type, category.route_level, category.co) == ("cgzf", "county", ["jz"])


def test_every_responsible_body_is_named() -> None:
    actions.load_taxonomy()

    keys = set(DeptType.objects.values_list("key", flat=True))
    used = set(selectors.categories().exclude(level=1).values_list("dept_type", flat=True))
    helping = {key for category in selectors.categories() for key in category.co}
    assert used | helping <= keys


def test_flags_are_a_list() -> None:
    actions.load_taxonomy()

    flags = {flag for category in selectors.categories(2) for flag in category.flags}
    assert {"U", "U?", "E?", "X", "F:wage"} <= flags


def test_loading_again_keeps_what_refers_to_a_matter(small: Path) -> None:
    actions.load_taxonomy(small)
    before = Category.objects.get(code="010101").pk
    small.write_text(SMALL.replace("游商", "流动游商"), encoding="utf-8")

    count = actions.load_taxonomy(small)

    category = Category.objects.get(code="010101")
    assert count == Category.objects.count() == 3
    assert (category.pk, category.name) == (before, "流动游商")


def test_a_renamed_matter_renames_the_lines_below_it(small: Path) -> None:
    actions.load_taxonomy(small)
    top = Category.objects.get(code="01")

    top.name = "城市面貌"
    actions.save_category(top)

    assert Category.objects.get(code="010101").path_name == "城市面貌 / 占道 / 游商"


def test_a_matter_out_of_use_is_not_offered(small: Path) -> None:
    actions.load_taxonomy(small)
    category = Category.objects.get(code="010101")

    category.active = False
    actions.save_category(category)

    assert list(selectors.categories(3)) == []


def test_the_shipped_words_and_synonyms_reach_the_lexicon() -> None:
    actions.load_defaults()

    lexicon = selectors.lexicon()
    assert {"接诉即办", "流动摊贩", "井盖缺失"} <= set(lexicon.words)
    assert ["业主委员会", "业委会"] in lexicon.synonyms
    assert len(lexicon.synonyms) >= 80
    assert Word.objects.filter(kind=Word.Kind.TERM).count() >= 200
    assert "漏电" in selectors.hazard_words()


def test_a_word_with_a_frequency_carries_it() -> None:
    actions.save_row(Word(text="接诉即办", freq=500))

    assert selectors.lexicon().words == [("接诉即办", 500)]


def test_loading_the_defaults_again_adds_nothing_and_spoils_nothing() -> None:
    actions.load_defaults()
    group = Synonym.objects.get(words=["业主委员会", "业委会"])
    before = Synonym.objects.count(), Word.objects.count(), TimeLimit.objects.count()

    actions.load_defaults()

    assert (Synonym.objects.count(), Word.objects.count(), TimeLimit.objects.count()) == before
    assert str(group) == "业主委员会 = 业委会"
