"""What lies near: the link to it from a place, and the way back."""

from dataclasses import dataclass

from django.http import QueryDict

from city import selectors as city
from city.models import Parameter, Place
from tickets.finding import Wanted

KILOMETRE = 1000


@dataclass(frozen=True)
class Nearby:
    """A place, how far around it counts, and the address that looks there or no longer does."""

    place: Place
    reach: str
    query: str
    chosen: bool = False


def nearby(wanted: Wanted, asked: QueryDict) -> Nearby | None:
    """Offer what lies around the place that is narrowed by (附近), or lift it again."""
    place = wanted.near or city.located([wanted.place])
    return _toward(place, asked, chosen=wanted.near is not None) if place else None


def _toward(place: Place, asked: QueryDict, *, chosen: bool) -> Nearby:
    query = asked.copy()
    for name in ("after", "near", "place", *(("sort",) if chosen else ())):
        query.pop(name, None)
    if not chosen:
        query["near"] = str(place.pk)
    return Nearby(place, _reach(city.number(Parameter.Name.NEAR_METRES)), query.urlencode(), chosen)


def _reach(metres: int) -> str:
    return f"{metres / KILOMETRE:g} 公里" if metres >= KILOMETRE else f"{metres} 米"
