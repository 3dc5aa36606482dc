"""How near two tickets are to telling of one matter: their telling words, the place, the matter.

Words alone confuse two streets, a place alone two matters, and the matter alone everything; each
adds its part (ADR 17). Names of places are taken out of the words, or whatever is told of an
estate would be alike.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log, sqrt

from accounts.masking import mask_text
from city import selectors as city
from search import analysis, engine
from tickets.indexes import TICKETS
from tickets.models import Ticket

BEGINNING = 300
SAME_SPOT, ELSEWHERE, SAME_MATTER = 0.25, -1.0, 0.2
STREET_DEPTH = 3
"""Regions from the street down are near enough to be one spot."""
LEAST_RARITY = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A ticket as it is compared; the words weigh by how rare they are, all in all 1."""

    ticket: Ticket
    words: Mapping[str, float]
    matters: frozenset[int]
    places: frozenset[str]
    path: str

    @property
    def pk(self) -> int:
        """The ticket's key."""
        return int(self.ticket.pk)

    @property
    def at(self) -> datetime:
        """When it was accepted."""
        return self.ticket.accepted_at


def nearness(one: Told, other: Told) -> float:
    """Tell how near two tickets are (相近度): up to 1 by words, more by place and matter."""
    small, large = sorted((one.words, other.words), key=len)
    near = sum(weight * large.get(word, 0.0) for word, weight in small.items())
    if one.matters & other.matters:
        near += SAME_MATTER
    return near + _by_place(one, other)


def _by_place(one: Told, other: Told) -> float:
    if one.places & other.places:
        return SAME_SPOT
    if not (one.path and other.path):
        return 0.0
    if one.path == other.path and one.path.count("/") > STREET_DEPTH:
        return SAME_SPOT
    nested = one.path.startswith(other.path) or other.path.startswith(one.path)
    return 0.0 if nested else ELSEWHERE


class Reader:
    """Reads tickets to be compared, and remembers how rare the words are."""

    def __init__(self) -> None:
        self._rarity: dict[str, float] = {}
        self._read: dict[int, Told] = {}

    def read(self, tickets: Sequence[Ticket]) -> list[Told]:
        """Read tickets (读取工单) with region and category; raises engine.Unavailable."""
        new = [ticket for ticket in tickets if ticket.pk not in self._read]
        said = {ticket.pk: Counter(_words(ticket)) for ticket in new}
        unknown = {word for words in said.values() for word in words} - self._rarity.keys()
        if unknown:
            self._rarity |= engine.current().rarity(TICKETS, sorted(unknown))
        for ticket in new:
            self._read[ticket.pk] = self._told(ticket, said[ticket.pk])
        return [self._read[ticket.pk] for ticket in tickets]

    def rarity(self, word: str) -> float:
        """Tell how rare a word is that was read (稀有度)."""
        return max(self._rarity.get(word, 0.0), LEAST_RARITY)

    def _told(self, ticket: Ticket, said: Mapping[str, int]) -> Told:
        weights = {word: self.rarity(word) * (1 + log(n)) for word, n in said.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        matter, region = ticket.category, ticket.region
        return Told(
            ticket,
            {word: weight / length for word, weight in weights.items()},
            frozenset(pk for pk in (matter and matter.pk, matter and matter.parent_id) if pk),
            frozenset(ticket.places),
            region.path if region else "",
        )


def _words(ticket: Ticket) -> list[str]:
    """The words of title, twice, and beginning, without the names of where it is."""
    text = mask_text(f"{ticket.title}\n{ticket.title}\n{ticket.text[:BEGINNING]}")
    line = city.region_line(ticket.region) if ticket.region else []
    names = {*ticket.places, *(name for r in line for name in (r.name, *r.aliases))}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "，")
    return [word for word in analysis.words(text) if not word.isdecimal()]
