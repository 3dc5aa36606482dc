"""The links that narrow or widen a search: every one is a whole address."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from tickets.finding import Choice, Facet

FEW = 8


@dataclass(frozen=True)
class Link:
    """One value to narrow by, its count, and the address that narrows, or widens again."""

    choice: Choice
    query: str


@dataclass(frozen=True)
class Narrowing:
    """One way of narrowing with its links, the most frequent open and the rest folded."""

    facet: Facet
    above: list[Link]
    links: list[Link]
    rest: list[Link]

    @property
    def chosen(self) -> list[Link]:
        """What is narrowed by now."""
        return [link for link in (*self.above[-1:], *self.links, *self.rest) if link.choice.chosen]


def narrowings(facets: Iterable[Facet], asked: QueryDict) -> list[Narrowing]:
    """Make links of the facets (筛选链接)."""
    return [_narrowing(facet, asked) for facet in facets]


def _narrowing(facet: Facet, asked: QueryDict) -> Narrowing:
    links = [
        Link(c, _toward(asked, facet.name, "" if c.chosen else c.value)) for c in facet.choices
    ]
    wider = ["", *(choice.value for choice in facet.above)]
    above = [
        Link(choice, _toward(asked, facet.name, up))
        for choice, up in zip(facet.above, wider, strict=False)
    ]
    return Narrowing(facet, above, links[:FEW], links[FEW:])


def _toward(asked: QueryDict, name: str, value: str) -> str:
    """The same question with one condition set, or lifted, from its first page."""
    query = asked.copy()
    for gone in ("after", name, *(("since", "until") if name == "days" else ())):
        query.pop(gone, None)
    if value:
        query[name] = value
    return query.urlencode()


def without(asked: QueryDict, *names: str) -> str:
    """The same question without some of its conditions (去掉条件)."""
    query = asked.copy()
    for name in ("after", *names):
        query.pop(name, None)
    return query.urlencode()


def kept(asked: QueryDict, *names: str) -> list[tuple[str, str]]:
    """What a form of its own must carry along (保留条件), without what it sets itself."""
    return [(name, str(asked[name])) for name in asked if name not in {"after", *names}]
