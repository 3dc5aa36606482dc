"""Spots on earth: how they are written, how far apart they are, and what lies around one."""

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt

EARTH_M = 6_371_008.7714
"""The mean radius, the same that Elasticsearch reckons with."""
POLE, DATE_LINE = 90.0, 180.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on earth (坐标) in degrees; kept to six digits, a tenth of a metre."""

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (abs(self.lat) <= POLE and abs(self.lng) <= DATE_LINE):
            raise ValueError(f"no spot on earth: {self.lat}, {self.lng}")

    def __str__(self) -> str:
        return f"{self.lat:.6f},{self.lng:.6f}"


@dataclass(frozen=True, slots=True)
class Box:
    """What lies between two parallels and two meridians, all of a circle in it and some more."""

    south: float
    north: float
    west: float
    east: float


def spot_of(text: str) -> Spot:
    """Read a spot (读取坐标) from "latitude,longitude"; raises ValueError where it is none."""
    lat, _, lng = text.partition(",")
    return Spot(float(lat), float(lng))


def metres(one: Spot, other: Spot) -> float:
    """Measure how far two spots are apart (球面距离), in metres along the great circle."""
    lat, other_lat = radians(one.lat), radians(other.lat)
    half_lat, half_lng = (other_lat - lat) / 2, radians(other.lng - one.lng) / 2
    chord = sin(half_lat) ** 2 + cos(lat) * cos(other_lat) * sin(half_lng) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(chord)))


def box_around(spot: Spot, reach: float) -> Box:
    """Draw the box that holds all within REACH metres (外接矩形).

    Around a pole or over the date line it takes in all meridians.
    """
    high = degrees(reach / EARTH_M) * 1.001
    south, north = max(spot.lat - high, -POLE), min(spot.lat + high, POLE)
    narrowest = cos(radians(max(abs(south), abs(north))))
    wide = high / narrowest if narrowest > 0 and high < narrowest * DATE_LINE else DATE_LINE
    west, east = spot.lng - wide, spot.lng + wide
    if west < -DATE_LINE or east > DATE_LINE:
        west, east = -DATE_LINE, DATE_LINE
    return Box(south, north, west, east)
