"""Finding tickets by what somebody typed and narrowed: a number, a phone, or words."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils import timezone

from accounts import vocabulary
from accounts.fields import phone_hashes
from accounts.masking import mask_text
from accounts.models import User
from search import analysis, engine
from search.geo import metres, spot_of
from search.marking import words_to_mark
from search.query import Decay, Hit, Match, Query, Results
from tickets import policy
from tickets.finding.database import find_in_database
from tickets.finding.exact import NoPhones, by_phone, number_begun, phone_in
from tickets.finding.facets import Choice, Facet, facets_of
from tickets.finding.snippets import Marks, snippet
from tickets.finding.wanted import FIELDS, Wanted
from tickets.indexes import INDEXED_TEXT, LIKE_TEXT, TICKETS, permission
from tickets.models import Ticket

__all__ = [
    "Choice",
    "Facet",
    "Found",
    "Wanted",
    "find",
    "find_in_database",
    "findable",
    "phone_in",
    "snippet",
]

FOUND = 20
FEW_CHARACTERS = 40
"""Up to here all words must stand in a ticket; of more, any may."""
FADES, FRESHNESS = timedelta(days=90), 0.2
"""Of two tickets that fit as well the newer is worth a tenth more."""


@dataclass(frozen=True)
class TicketHit:
    """One ticket found, with the words that were looked for marked in title and text."""

    ticket: Ticket
    title_marks: Marks
    marks: Marks
    away: int | None = None
    """Metres from the place near which it was looked for, to the nearest ten."""


@dataclass(frozen=True)
class Found:
    """One page of what a search for tickets gave, the exact total, and how to narrow it."""

    hits: list[TicketHit] = field(default_factory=list)
    total: int = 0
    facets: list[Facet] = field(default_factory=list)
    cursor: str = ""
    loose: bool = False
    """No ticket has all of the words; these have some."""
    degraded: bool = False
    refused: str = ""
    """Why this was not looked for, in words for the person."""

    @property
    def tickets(self) -> list[Ticket]:
        """The tickets of this page, best first."""
        return [hit.ticket for hit in self.hits]


def find(
    user: User,
    wanted: Wanted,
    limit: int = FOUND,
    *,
    ip: str | None = None,
    loosely: bool = True,
) -> Found:
    """Search the tickets that USER may see (查工单): by number, phone, or words and conditions.

    Where no ticket has all of few words, those that have some are found if LOOSELY is said. Where
    the engine is out of reach the database answers, with `degraded` set. Looking for a phone is
    for those who may see contacts, and is logged.
    """
    if hashes := wanted.phone or phone_hashes(phone_in(wanted.words)):
        return _by_phone(user, hashes, ip)
    vocabulary.refresh()
    try:
        if numbered := _by_number(user, wanted, limit):
            return numbered
        return _by_index(user, wanted, limit, loosely=loosely)
    except engine.Unavailable:
        rows = find_in_database(user, wanted)
        return replace(_listed(rows, [wanted.words]), degraded=True)


def findable(user: User, words: str) -> bool:
    """Tell whether a ticket that USER may see has all of the words (可查到)."""
    asked = Query(permission=permission(user), text=words, match=Match.ALL)
    try:
        return engine.current().count(TICKETS, asked) > 0
    except engine.Unavailable:
        return False


def _by_phone(user: User, hashes: Sequence[str], ip: str | None) -> Found:
    try:
        rows, total = by_phone(user, hashes, ip)
    except NoPhones as refusal:
        return Found(refused=str(refusal))
    return replace(_listed(rows, []), total=total)


def _by_number(user: User, wanted: Wanted, limit: int) -> Found | None:
    """Find by how a number begins, the latest first; None where that is not what was typed."""
    begun = number_begun(wanted.words)
    if not begun:
        return None
    found = _by_index(user, replace(wanted, words="", number=begun), limit, loosely=False)
    return found if found.total or wanted.narrowed else None


def _listed(rows: Sequence[Ticket], words: Sequence[str]) -> Found:
    return Found([_hit(row, words) for row in rows], len(rows))


def _hit(ticket: Ticket, words: Sequence[str]) -> TicketHit:
    hide = ticket.hide if ticket.confidential else mask_text
    return TicketHit(
        ticket,
        analysis.highlight(mask_text(ticket.heading), words),
        snippet(hide(ticket.text[:INDEXED_TEXT]), words),
    )


def _by_index(user: User, wanted: Wanted, limit: int, *, loosely: bool) -> Found:
    asked = _query(user, wanted, limit)
    results = engine.current().search(TICKETS, asked)
    strict = not results.total and asked.match is Match.ALL
    some = _more_than_characters(asked.text) if loosely and strict else ""
    loose = bool(some)
    if loose:
        asked = replace(asked, match=Match.ANY, text=some)
        results = engine.current().search(TICKETS, asked)
    return Found(
        _hits(user, wanted, results),
        results.total,
        facets_of(wanted, asked, results.facets) if results.total or wanted.narrowed else [],
        results.cursor,
        loose=loose and bool(results.total),
    )


def _more_than_characters(text: str) -> str:
    """Keep the words of two characters and more: one in common says nothing."""
    return " ".join(word for word in analysis.words(text) if len(word) > 1)


def _query(user: User, wanted: Wanted, limit: int) -> Query:
    return Query(
        permission=permission(user),
        text=wanted.words[:LIKE_TEXT],
        match=Match.ALL if len(wanted.words) <= FEW_CHARACTERS else Match.ANY,
        filters=[*wanted.filters()],
        decay=Decay("accepted_at", timezone.now(), FADES, FRESHNESS),
        sort=wanted.order(),
        limit=limit,
        after=wanted.after,
        facets=tuple(FIELDS.values()),
    )


def _hits(user: User, wanted: Wanted, results: Results) -> list[TicketHit]:
    """The rows of what was found; the rows, not the index, say what may be seen by now."""
    rows = policy.visible_to(user).select_related("lead", "category", "region")
    known = rows.in_bulk([int(hit.id) for hit in results.hits])
    found = [(known.get(int(hit.id)), hit) for hit in results.hits]
    return [
        replace(_hit(row, words_to_mark(TICKETS, hit, wanted.words)), away=_away(wanted, hit))
        for row, hit in found
        if row
    ]


def _away(wanted: Wanted, hit: Hit) -> int | None:
    around, spot = wanted.around(), hit.fields.get("spot")
    if around is None or not spot:
        return None
    return round(metres(around.spot, spot_of(str(spot))) / 10) * 10
