"""Tickets in the search index: without personal data, and searched only with permission."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from accounts.fields import mask_text
from accounts.models import User
from city import selectors as city
from city.memo import steady
from city.models import Category, Region
from city.places import PlaceHit
from search import engine
from search.feed import Feed
from search.index import Date, Doc, Index, Keyword, Kind, Point, Text
from search.query import Filter, Hit, Like, Permission, Query, Term
from tickets import policy
from tickets.models import Assignment, Ticket

TICKETS = Index(
    "tickets",
    6,
    {
        "title": Text(boost=2.0, title=True, pinyin=True),
        "text": Text(),
        "number": Keyword(),
        "status": Keyword(),
        "kind": Keyword(),
        "urgency": Keyword(),
        "source": Keyword(),
        "category": Keyword(),
        "matters": Keyword(),
        "lead": Keyword(),
        "lines": Keyword(),
        "region": Keyword(),
        "areas": Keyword(),
        "places": Keyword(),
        "spot": Point(),
        "accepted_at": Date(),
    },
    kind=Kind.MESSAGE,
)
INDEXED_TEXT = 4_000
TELLING = 40
COMPARED = 60
"""So many of those found by words are compared as messages; 200 find no others."""
LIKE_TEXT = 600
NEAR = (Region.Level.STREET, Region.Level.COMMUNITY)


def permission(user: User) -> Permission:
    """Say as a filter what `policy.visible_to` says of rows (检索权限)."""
    if not user.is_active:
        return Permission.nothing()
    if user.has_role(*policy.SEES_ALL):
        return Permission.everything()
    return Permission.any_of(Term("lines", path) for path in policy.unit_paths(user))


def documents(ids: Sequence[str]) -> list[Doc]:
    """Build the documents of these tickets (工单文档)."""
    rows = Ticket.objects.select_related("category__parent__parent", "lead", "region")
    found = rows.filter(pk__in=[int(i) for i in ids])
    paths = _live_paths(found)
    with steady():
        return [_document(ticket, paths.get(ticket.pk, [])) for ticket in found]


def _live_paths(tickets: Iterable[Ticket]) -> dict[int, list[str]]:
    """The paths of the units that have a live turn, ticket by ticket."""
    live = Assignment.objects.filter(ticket__in=[t.pk for t in tickets], voided_at=None)
    paths: dict[int, list[str]] = {}
    for ticket_id, path in live.values_list("ticket_id", "department__path"):
        paths.setdefault(ticket_id, []).append(path)
    return paths


def _document(ticket: Ticket, paths: Iterable[str]) -> Doc:
    hide = ticket.hide if ticket.confidential else mask_text
    return Doc(
        str(ticket.pk),
        ticket.version,
        {
            "title": hide(ticket.title),
            "text": hide(ticket.text[:INDEXED_TEXT]),
            "number": ticket.number,
            "status": ticket.status,
            "kind": ticket.kind,
            "urgency": ticket.urgency,
            "source": ticket.source,
            "category": ticket.category.code if ticket.category else "",
            "matters": matters_of(ticket.category),
            "lead": ticket.lead.code if ticket.lead else "",
            "lines": sorted({line for path in paths for line in lines_of(path)}),
            "region": ticket.region.code if ticket.region else "",
            "areas": [r.code for r in city.region_line(ticket.region)] if ticket.region else [],
            "places": ticket.places,
            "spot": _spot(ticket),
            "accepted_at": ticket.accepted_at,
        },
    )


def _spot(ticket: Ticket) -> str | None:
    place = city.located(ticket.places, ticket.region)
    return str(place.spot) if place else None


def lines_of(path: str) -> list[str]:
    """List a unit's path and all paths above it: "/1/7/" gives "/1/" and "/1/7/"."""
    parts = [part for part in path.split("/") if part]
    return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def matters_of(category: Category | None) -> list[str]:
    """List the codes of a matter and of those above it (事项及上级)."""
    return [category.code, *matters_of(category.parent)] if category else []


def _ids() -> Iterable[str]:
    return (str(pk) for pk in Ticket.objects.order_by("pk").values_list("pk", flat=True).iterator())


FEED = Feed(TICKETS, "工单", _ids, documents)


@dataclass(frozen=True)
class About:
    """What a demand is about beyond its words (事项、地点), to say why a ticket is like it."""

    category: Category | None = None
    region: Region | None = None
    places: tuple[str, ...] = ()

    @classmethod
    def heard(
        cls, category: Category | None, hit: PlaceHit | None, named: Sequence[str] = ()
    ) -> "About":
        """Take the matter that was guessed and the places that were heard (听到的地点)."""
        if hit is None:
            return cls(category, places=tuple(named))
        known = hit.words if hit.place else ()
        return cls(category, hit.region, tuple(dict.fromkeys([*known, *named])))

    @classmethod
    def of(cls, ticket: Ticket) -> "About":
        """Read what a ticket is about (工单的事项和地点)."""
        return cls(ticket.category, ticket.region, tuple(ticket.places))

    def shared_with(self, ticket: Ticket) -> list[str]:
        """Say what a ticket has in common with it (相似理由): the place, else the area; matter."""
        said = [self._same_place(ticket)]
        if self.category and ticket.category_id == self.category.pk:
            said.append(f"同类事项：{self.category.name}")
        return [line for line in said if line]

    def _same_place(self, ticket: Ticket) -> str:
        where = f"{ticket.place} {ticket.title} {ticket.text}"
        named = [word for word in self.places if word in ticket.places or word in where]
        if named:
            return f"同一地点：{max(named, key=len)}"
        near = self.region and self.region.level in NEAR and ticket.region_id == self.region.pk
        return f"同一区域：{self.region}" if near else ""


NOTHING_KNOWN = About()


@dataclass(frozen=True)
class SimilarTicket:
    """A ticket like the words typed, the words they share, and what else they have in common."""

    ticket: Ticket
    score: float
    reasons: list[str]
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Similar:
    """Similar tickets, and whether the search engine was out of reach."""

    hits: list[SimilarTicket] = field(default_factory=list)
    degraded: bool = False


def similar(
    text: str,
    *,
    user: User,
    title: str = "",
    limit: int = 5,
    but: Ticket | None = None,
    about: About = NOTHING_KNOWN,
) -> Similar:
    """Find tickets like TITLE and TEXT (相似工单) that USER may see, best first, and say why."""
    asked = resembling(text, title, permission(user), limit, but=str(but.pk) if but else "")
    try:
        hits = engine.current().search(TICKETS, asked).hits
    except engine.Unavailable:
        return Similar(degraded=True)
    rows = policy.visible_to(user).select_related("lead", "category")
    known = rows.in_bulk([int(hit.id) for hit in hits])
    found = [
        SimilarTicket(row, hit.score, shared_words(hit), about.shared_with(row))
        for hit in hits
        if (row := known.get(int(hit.id)))
    ]
    return Similar(found)


def nearest(
    text: str,
    allowed: Permission,
    limit: int,
    *,
    title: str = "",
    candidates: int | None = None,
    filters: Sequence[Filter] = (),
) -> Sequence[Hit]:
    """The documents most like TITLE and TEXT among those allowed; raises engine.Unavailable."""
    asked = neighbouring(text, title, allowed, limit, candidates)
    return engine.current().search(TICKETS, replace(asked, filters=filters)).hits


def neighbouring(
    text: str, title: str, allowed: Permission, limit: int, candidates: int | None = None
) -> Query:
    """Ask for the tickets that share most words with a message (相近工单检索)."""
    like = Like(mask_text(text[:LIKE_TEXT]), mask_text(title), TELLING, candidates)
    return Query(permission=allowed, like=like, limit=limit, counted=False)


def resembling(text: str, title: str, allowed: Permission, limit: int, *, but: str = "") -> Query:
    """Ask for tickets like a message, compared as messages (相似工单检索); BUT is none of them."""
    asked = neighbouring(text, title, allowed, limit, COMPARED)
    return replace(asked, like=asked.like and replace(asked.like, message=True, but=but))


def shared_words(hit: Hit, most: int = 6) -> list[str]:
    """The words that make a hit similar, the weightiest first, each once (共同词)."""
    ordered = sorted(hit.reasons, key=lambda reason: -reason.weight)
    return list(dict.fromkeys(reason.word for reason in ordered))[:most]
