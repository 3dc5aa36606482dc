"""Spots are read strictly and measured right."""

import pytest

from search.geo import Spot, box_around, metres, spot_of
from search.query import Near
from tests.search.nearness import SQUARE


def test_distances_are_those_of_the_sphere() -> None:
    assert metres(Spot(0, 0), Spot(0, 1)) == pytest.approx(111_195, rel=1e-4)
    assert metres(Spot(30, 120), Spot(30, 120)) == 0
    box = box_around(SQUARE, 1000)
    assert metres(SQUARE, Spot(box.north, SQUARE.lng)) > 1000
    assert metres(SQUARE, Spot(SQUARE.lat, box.east)) > 1000


@pytest.mark.parametrize("text", ["", "30.1", "91,0", "0,181", "a,b", "nan,0"])
def test_what_is_no_spot_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no spot on earth|could not convert"):
        spot_of(text)


@pytest.mark.parametrize("reach", [0, -1, float("nan")])
def test_what_is_no_distance_is_refused(reach: float) -> None:
    with pytest.raises(ValueError, match="no distance"):
        Near("spot", SQUARE, reach)
