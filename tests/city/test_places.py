"""Where a text says that something is the matter."""

import pytest
from pytest_django import DjangoAssertNumQueries

from city import actions, selectors
from city.models import Place, Region
from city.places import PlaceHit
from tests.factories import Town


def _named(hits: list[PlaceHit]) -> list[str]:
    return [hit.place.name if hit.place else hit.region.name for hit in hits]


def test_a_street_implies_its_district(town: Town) -> None:
    (hit,) = selectors.find_places("望河街道路灯不亮")

    assert hit.region == town.wanghe
    assert selectors.district_of(hit.region) == town.linxi
    assert selectors.region_line(hit.region) == [town.city, town.linxi, town.wanghe]


def test_the_most_exact_hit_comes_first_with_its_words_and_span(town: Town) -> None:
    text = "云江市临溪区望河花园小区3栋漏水"

    first, *others = selectors.find_places(text)

    assert (first.place, first.region) == (town.estate, town.wanghe)
    assert first.words == ("望河花园小区",)
    assert text[slice(*first.span)] == "望河花园小区"
    assert _named(others) == ["临溪区", "云江市"]


def test_an_alias_is_as_good_as_the_name(town: Town) -> None:
    (hit,) = selectors.find_places("南屏那边的公园")

    assert (hit.region, hit.words) == (town.nanping, ("南屏",))


@pytest.mark.parametrize("text", ["南屏路路灯不亮", "临溪大道堵车", "南屏街12号", "临溪桥"])
def test_a_road_named_after_a_district_need_not_lie_in_it(town: Town, text: str) -> None:
    assert selectors.find_places(text) == []


def test_the_city_lies_in_no_district(town: Town) -> None:
    assert selectors.district_of(town.city) is None


@pytest.mark.parametrize("text", ["", "不", "不详", "😀" * 50])
def test_a_text_that_names_nothing_finds_nothing(town: Town, text: str) -> None:
    assert selectors.find_places(text) == []


def _two_schools(town: Town) -> None:
    actions.add_places(
        [Place(name="中心小学", region=town.qingshi), Place(name="中心小学", region=town.nanqiao)]
    )


def test_a_name_that_two_places_share_is_marked_ambiguous(town: Town) -> None:
    _two_schools(town)

    hits = selectors.find_places("中心小学门口堵车")

    assert {hit.region for hit in hits} == {town.qingshi, town.nanqiao}
    assert all(hit.ambiguous for hit in hits)


def test_a_shared_name_is_settled_by_what_stands_beside_it(town: Town) -> None:
    _two_schools(town)

    hits = selectors.find_places("云江市南屏区中心小学门口堵车")

    assert hits[0].region == town.nanqiao
    assert not any(hit.ambiguous for hit in hits)


def test_a_new_place_is_found_at_once(town: Town) -> None:
    before = selectors.find_places("滨江公园")

    actions.save_row(Place(name="滨江公园", kind=Place.Kind.PARK, region=town.nanqiao))

    assert before == []
    assert _named(selectors.find_places("滨江公园")) == ["滨江公园"]


def test_looking_again_asks_the_database_for_the_token_only(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    selectors.find_places("望河街道")

    with django_assert_num_queries(1):
        selectors.find_places("青石街道")


def test_a_region_that_moves_takes_all_below_along(town: Town) -> None:
    town.wanghe.parent = town.nanping

    actions.save_row(town.wanghe)

    moved = Region.objects.get(pk=town.liulin.pk)
    assert moved.path.startswith(town.nanping.path)
    assert moved in selectors.regions_under(town.nanping)
    assert selectors.district_of(moved) == town.nanping


def test_a_long_text_is_searched_quickly(town: Town) -> None:
    text = "小区楼下商铺噪声扰民，" * 900 + "柳林社区"

    assert _named(selectors.find_places(text)) == ["柳林社区"]
