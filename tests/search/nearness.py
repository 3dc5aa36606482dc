"""What lies near a spot: a part of the contract suite, judged by distances reckoned in Python."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from search.engine import Doc, Engine
from search.geo import Spot, metres
from search.index import Index, Keyword, Kind, Point, Text
from search.query import (
    AllOf,
    AnyOf,
    ByDistance,
    Closer,
    Filter,
    Near,
    Not,
    Permission,
    Query,
    Term,
)
from tests.search.contract import EVERYTHING, EngineContract, ids

SPOTS = Index("nearness", 1, {"text": Text(), "unit": Keyword(), "spot": Point()}, Kind.MESSAGE)
SQUARE = Spot(30.25, 120.15)
LAID = [Spot(30.25 + n % 7 * 0.0031, 120.15 + n // 7 * 0.0043) for n in range(42)]
"""A grid of 340 by 410 metres."""


def laid(number: int) -> Doc:
    """Make the document at the n-th crossing of the grid; every other three are one unit's."""
    unit = "road" if number % 3 else "gas"
    spot = str(LAID[number])
    return Doc(f"{number:02}", 1, {"text": "路面破损", "unit": unit, "spot": spot})


def within(reach: float, among: range = range(42)) -> list[str]:
    """Name those within reach of the square, nearest first."""
    away = {n: metres(SQUARE, LAID[n]) for n in among}
    return [f"{n:02}" for n in sorted(among, key=lambda n: (away[n], n)) if away[n] <= reach]


class NearContract(EngineContract):
    """Distances are exact, counted exactly, and obey the permission."""

    @pytest.fixture
    def city(self, opened: Engine) -> Iterator[Engine]:
        """Give the engine with a grid of documents, and two that lie nowhere."""
        opened.ensure(SPOTS)
        nowhere = [Doc("no", 1, {"text": "路面破损"}), Doc("empty", 1, {"spot": ""})]
        opened.put(SPOTS, [*map(laid, range(42)), *nowhere])
        opened.refresh(SPOTS)
        yield opened
        opened.drop(SPOTS)

    @staticmethod
    def near(engine: Engine, *filters: Filter, permission: Permission = EVERYTHING) -> list[str]:
        query = Query(permission=permission, filters=filters, limit=60)
        return sorted(ids(engine.search(SPOTS, query)))

    @pytest.mark.parametrize("reach", [1, 344, 350, 1000, 1500, 40_000])
    def test_what_lies_within_a_distance_is_found_and_counted(
        self, city: Engine, reach: float
    ) -> None:
        near = Near("spot", SQUARE, reach)

        assert self.near(city, near) == sorted(within(reach))
        found = city.search(
            SPOTS, Query(permission=EVERYTHING, text="路面", filters=[near], facets=["unit"])
        )
        assert found.total == len(within(reach)) == sum(found.facets["unit"].values())

    def test_a_distance_combines_with_other_filters(self, city: Engine) -> None:
        near = Near("spot", SQUARE, 700)
        gas = Term("unit", "gas")

        both, either = self.near(city, AllOf([near, gas])), self.near(city, AnyOf([near, gas]))

        gases = {f"{n:02}" for n in range(0, 42, 3)}
        assert set(both) == set(within(700)) & gases
        assert set(either) == set(within(700)) | gases
        assert "no" in self.near(city, Not(near))

    def test_a_distance_shows_nothing_beyond_the_permission(self, city: Engine) -> None:
        near = Near("spot", SQUARE, 1000)

        seen = self.near(city, near, permission=Permission.any_of([Term("unit", "gas")]))

        assert set(seen) == {i for i in within(1000) if int(i) % 3 == 0}
        assert self.near(city, near, permission=Permission.nothing()) == []

    def test_a_distance_takes_the_permission_as_a_distance(self, city: Engine) -> None:
        seen = self.near(city, permission=Permission(Near("spot", SQUARE, 500)))

        assert seen == sorted(within(500))

    @pytest.mark.parametrize("text", ["", "路面"])
    def test_pages_by_distance_show_each_once_nearest_first(self, city: Engine, text: str) -> None:
        city.put(SPOTS, [replace(laid(8), id="08b"), replace(laid(8), id="08c")])
        city.refresh(SPOTS)
        nearest = ByDistance(Near("spot", SQUARE, 1500))
        query = Query(permission=EVERYTHING, text=text, sort=nearest, limit=4)

        shown: list[str] = []
        page = city.search(SPOTS, query)
        total = page.total
        while page.hits:
            shown += ids(page)
            page = city.search(SPOTS, replace(query, after=page.cursor or "end"))
            if len(shown) >= total:
                break

        expected = within(1500)
        expected[expected.index("08") + 1 : expected.index("08") + 1] = ["08b", "08c"]
        assert shown == expected
        assert total == len(expected)

    def test_of_equally_good_hits_the_nearer_comes_first(self, city: Engine) -> None:
        closer = Closer("spot", SQUARE, half_way=1000, weight=0.5)

        found = city.search(
            SPOTS, Query(permission=EVERYTHING, text="路面破损", decay=closer, limit=60)
        )

        assert ids(found) == [*within(40_000), "no"]
        gained = found.hits[0].score - found.hits[-1].score
        assert gained == pytest.approx(0.5)

    def test_a_document_moves(self, city: Engine) -> None:
        city.put(SPOTS, [Doc("41", 2, {"spot": str(SQUARE)})])
        city.refresh(SPOTS)

        assert self.near(city, Near("spot", SQUARE, 1)) == ["00", "41"]

    @pytest.mark.parametrize(
        ("centre", "there"), [(Spot(0, 180), Spot(0, -179.999)), (Spot(90, 0), Spot(89.999, 170))]
    )
    def test_poles_and_the_date_line_are_no_borders(
        self, city: Engine, centre: Spot, there: Spot
    ) -> None:
        city.put(SPOTS, [Doc("far", 1, {"spot": str(there)})])
        city.refresh(SPOTS)

        assert self.near(city, Near("spot", centre, 500)) == ["far"]
