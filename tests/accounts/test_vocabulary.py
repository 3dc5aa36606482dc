"""The cutter knows the city's words as soon as an editor has written them."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts import actions, vocabulary
from accounts.models import Department
from city import actions as city
from city.models import Word
from search import analysis
from tests.factories import Town, Units


@pytest.fixture(autouse=True)
def plain_words() -> Iterator[None]:
    yield
    analysis.set_lexicon([], [])


def test_a_new_word_is_kept_whole_from_then_on(town: Town) -> None:
    vocabulary.refresh()
    before = analysis.words("蟹塘坞口积水")

    city.save_row(Word(text="蟹塘坞口"))
    vocabulary.refresh()

    assert "蟹塘坞口" not in before
    assert "蟹塘坞口" in analysis.words("蟹塘坞口积水")


def test_the_name_of_a_new_unit_is_kept_whole(units: Units) -> None:
    actions.create_department("xtw", "蟹塘坞管委会", kind=Department.Kind.BUREAU)

    vocabulary.refresh()

    assert "蟹塘坞管委会" in analysis.words("请蟹塘坞管委会处理")


def test_where_nothing_changed_it_costs_one_query(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    vocabulary.refresh()

    with django_assert_num_queries(1):
        refreshed = vocabulary.refresh()

    assert not refreshed
