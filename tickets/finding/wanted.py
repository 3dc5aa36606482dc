"""What somebody looks for among tickets, for the engine and for the database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from city import selectors as city
from city.models import Parameter, Place
from search.query import ID, ByDistance, Filter, Near, Phrase, Prefix, Range, Sort, Term, Terms
from tickets.finding.exact import number_begun

QUOTED = re.compile('[“"]([^“”"]{2,40})[”"]')
"""What stands in quotation marks must be found unbroken (短语)."""
FIELDS = {
    "status": "status",
    "urgency": "urgency",
    "source": "source",
    "unit": "lead",
    "category": "matters",
    "region": "areas",
    "place": "places",
}
"""What can be narrowed by, and the field of the index that says so."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Words and what narrows them (检索条件): codes as in the index; "" narrows nothing.

    `number` is how a ticket's number begins; `phone` are the keyed hashes of a whole phone number,
    which itself stands in no address; `category` and `region` take in what lies below; `days`
    counts back from today; `topic` is the key of a topic, whose tickets `among` names; `near` is a
    place whose coordinates are known.
    """

    words: str = ""
    number: str = ""
    phone: tuple[str, ...] = ()
    status: str = ""
    urgency: str = ""
    source: str = ""
    unit: str = ""
    category: str = ""
    region: str = ""
    place: str = ""
    topic: int = 0
    among: tuple[int, ...] = ()
    near: Place | None = None
    days: int = 0
    since: date | None = None
    until: date | None = None
    newest: bool = False
    nearest: bool = False
    after: str = ""

    def __bool__(self) -> bool:
        return bool(self.words.strip() or self.phone) or self.narrowed

    @property
    def plain(self) -> str:
        """The words without quotation marks."""
        return QUOTED.sub(r"\1", self.words).strip()

    @property
    def ranked(self) -> bool:
        """Tell whether the best fit may come first; a number has no better and worse."""
        return bool(self.words) and not number_begun(self.words)

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but words is asked for."""
        return any(True for _ in self._conditions())

    def but(self, name: str) -> "Wanted":
        """Ask the same without one of the conditions (去掉一个条件)."""
        if name == "dates":
            return replace(self, days=0, since=None, until=None)
        emptied: dict[str, Any] = {name: ""}
        return replace(self, **emptied)

    def filters(self) -> Iterator[Filter]:
        """Say phrases and conditions in the engine's terms."""
        yield from map(Phrase, QUOTED.findall(self.words))
        yield from self._conditions()

    def _conditions(self) -> Iterator[Filter]:
        for name, field in FIELDS.items():
            if value := getattr(self, name):
                yield Term(field, value)
        if self.number:
            yield Prefix("number", self.number)
        if self.topic:
            yield Terms(ID, [str(pk) for pk in self.among])
        if around := self.around():
            yield around
        first, behind = self.span()
        if first or behind:
            yield Range("accepted_at", gte=first, lt=behind)

    def span(self) -> tuple[datetime | None, datetime | None]:
        """Give the first moment that counts and the one after the last, each None where open."""
        first = self.since
        if self.days:
            first = timezone.localdate() - timedelta(days=self.days - 1)
        return _midnight(first), _midnight(self.until and self.until + timedelta(days=1))

    def around(self) -> Near | None:
        """Give the circle that counts as near (附近), as wide as the city has set."""
        spot = self.near and self.near.spot
        return Near("spot", spot, city.number(Parameter.Name.NEAR_METRES)) if spot else None

    def order(self) -> Sort | ByDistance | None:
        """Say what comes first: the nearest, the newest, or what fits best."""
        if self.nearest and (around := self.around()):
            return ByDistance(around)
        return Sort("accepted_at") if self.newest or not self.words else None

    def rows(self) -> Q:
        """Say the conditions in the database's terms."""
        exact = {"status": self.status, "urgency": self.urgency, "source": self.source}
        found = Q(**{name: value for name, value in exact.items() if value})
        if self.topic:
            found &= Q(pk__in=self.among)
        if self.unit:
            found &= Q(lead__code=self.unit)
        if self.category:
            found &= _at_or_below("category", self.category)
        return found & self._rows_in_place_and_time()

    def _rows_in_place_and_time(self) -> Q:
        first, behind = self.span()
        found = Q(accepted_at__gte=first) if first else Q()
        if behind:
            found &= Q(accepted_at__lt=behind)
        if self.region:
            found &= _at_or_below("region", self.region, depth=4)
        return found


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _at_or_below(field: str, code: str, depth: int = 3) -> Q:
    """Admit the row of this code, or one whose parents lead to it."""
    found = Q()
    for steps in range(depth):
        found |= Q(**{f"{field}__{'parent__' * steps}code": code})
    return found
