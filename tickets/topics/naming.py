"""What a topic is about: its words, its place, its matter, as most of its tickets have them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from city import selectors as city
from city.models import Category, Region
from tickets.models.incidents import NAME_LENGTH
from tickets.topics.nearness import Reader, Told

WORDS = 6
_COUNTED = re.compile("^[〇零一二两三四五六七八九十百千万几多半0-9]|[早晚]上$|[0-9*]|时候|知道")
"""Numbers, hours and dates tell nothing of the matter."""
NAMED_BY = 3
SHARED = 0.4
"""A word tells of a topic when so many of its tickets hold it."""
HERE = 0.5
"""A place is the topic's when so many name it."""
IN_AREA = 0.8
"""An area is the topic's when so many of those that say where lie in it."""


@dataclass(frozen=True)
class About:
    """What a topic is about (话题内容)."""

    words: list[str]
    place: str
    region: Region | None
    matter: Category | None

    @property
    def name(self) -> str:
        """Name it by place, matter and telling words (热点名称)."""
        where = self.place or (self.region.name if self.region else "")
        matter = self.matter.name if self.matter else "未归类"
        what = "：".join(filter(None, [matter, "、".join(self.words[:NAMED_BY])]))
        return f"{where} {what}".strip()[:NAME_LENGTH]


def about(told: Sequence[Told], reader: Reader) -> About:
    """Say what tickets have in common (共同词、地点、事项)."""
    return About(_words(told, reader), _place(told), _region(told), _matter(told))


def _words(told: Sequence[Told], reader: Reader) -> list[str]:
    """The words that many hold and few others do, the most telling first."""
    held = Counter(word for each in told for word in each.words if _telling(word))
    weighed = {word: n * reader.rarity(word) for word, n in held.items() if n >= SHARED * len(told)}
    best = sorted(weighed, key=lambda word: (-weighed[word], word))
    return [w for w in best if not any(w != other and w in other for other in best[:WORDS])][:WORDS]


def _telling(word: str) -> bool:
    return len(word) > 1 and not _COUNTED.search(word)


def _place(told: Sequence[Told]) -> str:
    named = Counter(place for each in told for place in each.places).most_common(1)
    return named[0][0] if named and named[0][1] >= HERE * len(told) else ""


def _matter(told: Sequence[Told]) -> Category | None:
    matters = Counter(each.ticket.category.second for each in told if each.ticket.category)
    return matters.most_common(1)[0][0] if matters else None


def _region(told: Sequence[Told]) -> Region | None:
    """The smallest area in which most of those lie that say where."""
    lines = [city.region_line(each.ticket.region) for each in told if each.ticket.region]
    by_key = {region.pk: region for line in lines for region in line}
    held = Counter(region.pk for line in lines for region in line)
    within = [by_key[pk] for pk, n in held.items() if n >= IN_AREA * len(lines)]
    return max(within, key=lambda region: len(region.path), default=None)
