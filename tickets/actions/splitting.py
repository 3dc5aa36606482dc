"""Several matters in one message: each becomes a ticket of its own, and they are joined again."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from accounts.models import User
from city.models import Category
from tickets.actions import batches
from tickets.actions.attaching import share_files
from tickets.actions.intake import MAX_TEXT, Demand, take_in
from tickets.actions.moves import moving, typed
from tickets.actions.remarks import invalidate
from tickets.errors import Invalid, WrongState
from tickets.models import Ticket
from tickets.workflow import UNSENT, Party

FEWEST = 2


@dataclass(frozen=True)
class Matter:
    """One of several matters of a message (拆出的事项), in words of its own."""

    text: str
    category: Category | None = None


def split(
    ticket: Ticket, *, parts: Sequence[Matter], by: User, note: str = "", version: int | None = None
) -> Ticket:
    """Make a ticket of each matter of a message (拆单); the message stays as the citizen wrote it.

    Each part has number, unit, clock and follow-up of its own, from the moment the message came.
    """
    wanted = [Matter(typed(part.text), part.category) for part in parts if typed(part.text)]
    if len(wanted) < FEWEST:
        raise Invalid(parts="请至少写明两件事，每件一段。")
    if any(len(part.text) > MAX_TEXT for part in wanted):
        raise Invalid(parts=f"每件最多 {MAX_TEXT} 字。")
    with moving("split", ticket, by=by, version=version, note=note) as move:
        move.ticket.closed_at = move.at
        made = [_part(move.ticket, part) for part in wanted]
        move.extra = {"parts": [each.number for each in made]}
    return ticket


def _part(whole: Ticket, matter: Matter) -> Ticket:
    """Accept one matter as the whole was accepted: who, where, when, how confidential."""
    told = {field.name: getattr(whole, field.name) for field in fields(Demand)}
    demand = Demand(**told | {"text": matter.text, "title": ""})
    about = {
        "split_from": whole,
        "category": matter.category,
        "call_id": whole.call_id,
        "created_at": whole.created_at,
        "accepted_at": whole.accepted_at,
    }
    part, _ = take_in("accept", demand, source=whole.source, by=Party.SYSTEM, fields=about)
    share_files(whole, part)
    return part


def unsplit(ticket: Ticket, *, note: str, by: User, version: int | None = None) -> Ticket:
    """Join the parts again (撤销拆单) while none has been dispatched; they end as invalid."""
    parts = list(ticket.parts.all())
    with batches.together([ticket, *parts]):
        rows = [batches.row_of(part) for part in parts]
        with moving("unsplit", ticket, by=by, version=version, note=note) as move:
            if any(row.status not in UNSENT for row in rows):
                raise WrongState("拆出的工单已经派出或办结，不能并回；请先撤回派单。")
            move.ticket.closed_at = None
        for row in rows:
            invalidate(row, note=f"并回 {ticket.number}", by=by)
    return ticket
