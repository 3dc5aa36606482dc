"""Waiting tickets that one decision fits (同类待派): one matter, the same unit suggested first."""

from typing import Any

from accounts.models import User
from tickets import selectors
from tickets.models import Routing, Ticket
from tickets.workflow import Urgency

MOST, LOOKED_AT = 20, 200
UNLIKE = ("hazards", "flags", "parts")


def alike(ticket: Ticket, user: User) -> list[Ticket]:
    """Find what the matching would send where it would send this one (同类待派).

    At most 20, the most pressing first; what calls for a look of its own is left out: urgent or
    confidential tickets, and those with a danger, a mark, or another outcome at the door.
    """
    unit = _first_unit(ticket.routing)
    if not unit or ticket.category_id is None:
        return []
    rows = selectors.worklist(user, "to_dispatch").exclude(pk=ticket.pk)
    rows = rows.filter(category=ticket.category_id, urgency=Urgency.NORMAL, confidential=False)
    waiting = list(rows[:LOOKED_AT])
    newest = {
        row.ticket_id: row for row in Routing.objects.filter(ticket__in=waiting).order_by("id")
    }
    fits = [row for row in waiting if _plain(newest.get(row.pk), unit)]
    return fits[:MOST]


def _first_unit(routing: Routing | None) -> str:
    return str(routing.units[0]["code"]) if routing and routing.units else ""


def _plain(routing: Routing | None, unit: str) -> bool:
    if routing is None or _first_unit(routing) != unit:
        return False
    decision: dict[str, Any] = routing.decision
    door = decision.get("door", {}).get("outcome", "accept")
    return door == "accept" and not any(decision.get(name) for name in UNLIKE)
