"""From the hotline to a unit: screening, dispatch, another unit instead."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Department
from city.models import Category, Region
from tickets import deadlines, policy
from tickets.actions import clocks
from tickets.actions.moves import Actor, Move, due_for, live_turns, moving
from tickets.deadlines import Due
from tickets.errors import Invalid, WrongState
from tickets.models import Assignment, Return, Ticket
from tickets.workflow import Part, Party, Urgency

CLOCK_SIGN, CLOCK_CONTACT, CLOCK_HANDLE = "sign", "contact", "handle"
CLOCK_RETURN = "return_request"


def screen(
    ticket: Ticket,
    *,
    by: Actor,
    category: Category | None = None,
    urgency: str = "",
    kind: str = "",
    region: Region | None = None,
    note: str = "",
    version: int | None = None,
) -> Ticket:
    """Settle what the demand is about (预审): category, urgency, kind, region."""
    with moving("screen", ticket, by=by, version=version, note=note) as move:
        row = move.ticket
        if category and row.category and category != row.category:
            move.extra = {"category": [row.category.code, category.code]}
        row.category = category or row.category
        row.urgency = Urgency(urgency) if urgency else row.urgency
        row.kind = kind or row.kind
        row.region = region or row.region
    return ticket


def dispatch(
    ticket: Ticket,
    *,
    to: Department,
    by: Actor,
    note: str = "",
    assisting: Iterable[Department] = (),
    version: int | None = None,
) -> Ticket:
    """Give the ticket to the unit responsible (派单); its handling clock starts now."""
    with moving("dispatch", ticket, by=by, version=version, note=note) as move:
        move.ticket.auto_dispatched = by is Party.SYSTEM
        assign(move, to, assisting)
    return ticket


def take_back(ticket: Ticket, *, by: Actor, version: int | None = None) -> Ticket:
    """Undo a dispatch of the last minute that is not yet signed (撤回派单).

    Nobody counts it as a dispatch; both entries stay in the history.
    """
    with moving("take_back", ticket, by=by, version=version) as move:
        row = move.ticket
        if not deadlines.seconds_to_take_back(row.dispatched_at, move.at):
            raise WrongState(f"派出已超过 {deadlines.TAKE_BACK_S} 秒，不能撤回派单；派错了请改派。")
        move.extra = {"from": row.lead.name if row.lead else ""}
        void(move)
        row.dispatch_count -= 1
        row.dispatched_at, row.auto_dispatched = None, False
        row.handle_due_at, row.handle_provisional = None, False
        row.return_due_at = None
    return ticket


def redirect(
    ticket: Ticket, *, to: Department, by: Actor, note: str = "", version: int | None = None
) -> Ticket:
    """Give a ticket that is not yet signed to another unit (改派); the first one loses it."""
    with moving("redirect", ticket, by=by, version=version, note=note) as move:
        void(move)
        assign(move, to, ())
    return ticket


def assign(move: Move, to: Department, assisting: Iterable[Department]) -> None:
    """Open the turns of the units (承办), with the clocks that start now."""
    row = move.ticket
    check_unit(row, to)
    row.lead = to
    row.dispatched_at, row.signed_at = move.at, None
    row.dispatch_count += 1
    row.return_due_at = _return_due(row, to, move.at)
    started = start_clocks(row, move.at)
    helpers = [unit for unit in dict.fromkeys(assisting) if unit.pk != to.pk]
    turns = [open_turn(row, unit, move.at, *started) for unit in (to, *helpers)]
    Assignment.objects.bulk_create(turns)
    move.extra = {"to": to.name, "assisting": [unit.name for unit in helpers]}


def start_clocks(row: Ticket, at: datetime) -> tuple[Due, Due]:
    """Start the ticket's clocks of signing and handling (签收、办理时限); gives both."""
    sign, handle = due_for(row, CLOCK_SIGN, at), due_for(row, CLOCK_HANDLE, at)
    row.handle_due_at, row.handle_provisional = handle.at, handle.provisional
    row.due_at, row.due_kind, row.due_provisional = sign.at, sign.kind, sign.provisional
    return sign, handle


def open_turn(row: Ticket, unit: Department, at: datetime, sign: Due, handle: Due) -> Assignment:
    """Open a unit's turn (承办) with its clocks; who leads the ticket is to call the citizen.

    Who assists has a limit of its own (协办期限), some days before the lead's.
    """
    leads = unit.pk == row.lead_id
    limit = clocks.limit_of(row, CLOCK_HANDLE, at)
    if not leads:
        limit = clocks.assisting_limit(limit, at)
        handle = deadlines.due(CLOCK_HANDLE, at, limit, clocks.calendar_of(unit))
    turn = Assignment(
        ticket=row,
        department=unit,
        part=Part.LEAD if leads else Part.ASSISTING,
        dispatched_at=at,
        sign_due_at=sign.at,
        due_at=handle.at,
        contact_due_at=due_for(row, CLOCK_CONTACT, at).at if leads and row.phone else None,
    )
    clocks.keep_rule(turn, limit, at)
    return turn


def _return_due(row: Ticket, unit: Department, at: datetime) -> datetime | None:
    """Say until when the unit may return it (退单期限); one that did so before may not again."""
    if row.dispatch_count > 1 and Return.objects.filter(ticket=row, department=unit).exists():
        return None
    return due_for(row, CLOCK_RETURN, at).at


def check_unit(ticket: Ticket, unit: Department, field: str = "to") -> None:
    """Refuse a unit that is closed, or complained about (回避), as the answer to FIELD."""
    if not unit.active:
        raise Invalid(**{field: f"{unit.name}已停用，请改派其他单位。"})
    if policy.conflicted(ticket, unit):
        above = unit.parent.name if unit.parent else "上级机关"
        raise Invalid(**{field: f"诉求反映的就是{unit.name}，应当回避，请派往{above}。"})


def void(move: Move) -> None:
    """End the live turns of all units; they lose the ticket."""
    live_turns(move.ticket).update(voided_at=move.at, state=Assignment.State.VOID)
    move.ticket.lead = None
