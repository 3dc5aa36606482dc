"""The tree of units and how people find a unit in it."""

import pytest
from django.core.exceptions import ValidationError

from accounts import actions, selectors
from accounts.models import Department
from tests.factories import Units


def test_a_unit_knows_its_path_and_level(units: Units) -> None:
    assert units.linxi.path == f"/{units.linxi.pk}/"
    assert units.wanghe.path == f"/{units.linxi.pk}/{units.wanghe.pk}/"
    assert (units.linxi.level, units.wanghe.level) == (1, 2)


def test_a_subtree_holds_the_unit_and_all_below(units: Units) -> None:
    below = set(selectors.subtree(units.linxi))

    assert below == {units.linxi, units.linxi_housing, units.linxi_urban, units.wanghe}


def test_superiors_are_listed_from_the_top(units: Units) -> None:
    window = actions.create_department(
        "lx-wh-1", "望河便民窗口", kind=Department.Kind.COMMUNITY, parent=units.wanghe
    )

    assert selectors.superiors(window) == [units.linxi, units.wanghe]


def test_a_unit_that_moves_takes_all_below_along(units: Units) -> None:
    child = actions.create_department(
        "lx-wh-1", "望河便民窗口", kind=Department.Kind.COMMUNITY, parent=units.wanghe
    )

    actions.change_department(units.wanghe, parent=units.nanping)

    child.refresh_from_db()
    assert child.path == f"/{units.nanping.pk}/{units.wanghe.pk}/{child.pk}/"
    assert child in selectors.subtree(units.nanping)
    assert child not in selectors.subtree(units.linxi)


def test_a_unit_cannot_hang_below_itself(units: Units) -> None:
    with pytest.raises(ValidationError, match="上级单位"):
        actions.change_department(units.linxi, parent=units.wanghe)


@pytest.mark.parametrize("typed", ["市住建局", "住房和城乡", "zj", "szjj", "shizhujianju", " ZJ "])
def test_a_unit_is_found_by_name_code_pinyin_and_initials(units: Units, typed: str) -> None:
    assert units.housing in selectors.find_departments(typed)


def test_what_starts_with_the_typed_comes_first(units: Units) -> None:
    found = selectors.find_departments("cgzf")

    assert found[0] == units.urban


@pytest.mark.parametrize("typed", ["", "  ", "没有这个单位"])
def test_nothing_is_found_for_nothing(units: Units, typed: str) -> None:
    assert selectors.find_departments(typed) == []


def test_a_closed_unit_is_not_offered_but_is_known_by_its_code(units: Units) -> None:
    actions.change_department(units.water, active=False)

    assert selectors.find_departments("供水") == []
    assert selectors.by_code("gsgs") == units.water
    assert selectors.by_code("none") is None


def test_the_lexicon_has_the_names_of_units_and_places(units: Units) -> None:
    words = selectors.lexicon().words

    assert {"云江供水集团", "市住建局", "望河花园"} <= set(words)


def test_a_renamed_unit_is_found_by_its_new_spelling(units: Units) -> None:
    actions.change_department(units.water, name="云江自来水集团")

    assert selectors.find_departments("zilaishui") == [units.water]
