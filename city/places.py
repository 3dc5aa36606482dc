"""Finds the regions and places that a text names (地点识别), by the longest match."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from city.models import Place, Region

DEPTH = {level: depth for depth, level in enumerate(Region.Level.values)}
CITY_SLASHES = 2  # the path of the root is "/1/"
ROAD = re.compile("路|街(?!道)|巷|弄|桥|大道")  # 南屏路 need not lie in 南屏区
KEY = 2  # names are found by their first two characters


@dataclass(frozen=True)
class PlaceHit:
    """A region, or a place in it, that a text names; `span` counts characters of the text."""

    region: Region
    place: Place | None
    words: tuple[str, ...]
    span: tuple[int, int]
    ambiguous: bool = False

    @property
    def depth(self) -> int:
        """How exactly it says where: 0 for the city, 4 for a place."""
        return len(DEPTH) if self.place else DEPTH[self.region.level]


Target = tuple[Region, Place | None]


class Gazetteer:
    """All names of regions and places, ready to be looked for (地名词典)."""

    def __init__(self, regions: Iterable[Region], places: Iterable[Place]) -> None:
        self.regions: Mapping[int, Region] = {region.pk: region for region in regions}
        self._targets: dict[str, list[Target]] = defaultdict(list)
        self._names: dict[str, list[str]] = defaultdict(list)
        self._aliases: set[str] = set()
        for region in self.regions.values():
            self._add([region.name, *region.aliases], (region, None))
            self._aliases.update(region.aliases)
        for place in places:
            self._add([place.name, *place.aliases], (self.regions[place.region_id], place))
        for names in self._names.values():
            names.sort(key=len, reverse=True)

    def _add(self, names: Iterable[str], target: Target) -> None:
        for name in {name for name in names if len(name) >= KEY}:
            if name not in self._targets:
                self._names[name[:KEY]].append(name)
            self._targets[name].append(target)

    def names(self) -> Iterable[str]:
        """List every name and alias."""
        return self._targets

    def located(self, name: str, within: str = "") -> Place | None:
        """Give the place of a name whose coordinates are known (有坐标的地点), the only one.

        Of several of one name it is the one that lies under the path `within`, if just one does.
        """
        places = [p for _, p in self._targets.get(name, ()) if p and p.spot]
        if len(places) > 1 and within:
            places = [p for p in places if self.regions[p.region_id].path.startswith(within)]
        return places[0] if len(places) == 1 else None

    def place(self, pk: int) -> Place | None:
        """Give the place of a key whose coordinates are known (有坐标的地点)."""
        places = (p for targets in self._targets.values() for _, p in targets)
        return next((p for p in places if p and p.pk == pk and p.spot), None)

    def find(self, text: str) -> list[PlaceHit]:
        """Find what the text names (地点识别), the most exact first, then as written."""
        spans = list(self._spans(text))
        anchors = {
            self._targets[name][0][0].path for _, name in spans if len(self._targets[name]) == 1
        }
        hits = [hit for at, name in spans for hit in self._hits(at, name, anchors)]
        return sorted(hits, key=lambda hit: (hit.ambiguous, -hit.depth, hit.span))

    def _spans(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield where names stand, the longest at each spot, none inside another."""
        at = 0
        while at < len(text) - 1:
            names = self._names.get(text[at : at + KEY], ())
            name = next((name for name in names if text.startswith(name, at)), "")
            if name and not (name in self._aliases and ROAD.match(text, at + len(name))):
                yield at, name
            at += len(name) or 1

    def _hits(self, at: int, name: str, anchors: set[str]) -> Iterator[PlaceHit]:
        """Yield what a name may mean; a name that several share is settled by its neighbours."""
        targets = self._targets[name]
        if len(targets) > 1:
            near = [target for target in targets if _related(target[0].path, anchors)]
            targets = near or targets
        for region, place in targets:
            hit = PlaceHit(region, place, (name,), (at, at + len(name)))
            yield replace(hit, ambiguous=len(targets) > 1)


def _related(path: str, anchors: set[str]) -> bool:
    """Tell whether the path lies in, or around, one below the city that the text surely names."""
    below = [anchor for anchor in anchors if anchor.count("/") > CITY_SLASHES]
    return any(path.startswith(anchor) or anchor.startswith(path) for anchor in below)
