"""Down the tree of units and up again: a unit hands a ticket to those below it (下派)."""

from collections.abc import Iterable

from accounts.models import Department, User
from tickets import policy
from tickets.actions.beside import end, turn_of
from tickets.actions.clocks import sub_due
from tickets.actions.moves import Move, due_for, live_turns, moving
from tickets.errors import Invalid
from tickets.models import Assignment, Ticket
from tickets.workflow import Part, TurnState


def sub_dispatch(
    ticket: Ticket,
    *,
    to: Iterable[Department],
    by: User,
    note: str = "",
    turn: Assignment | None = None,
    version: int | None = None,
) -> Ticket:
    """Hand the ticket down to units below (下派): each gets a leg of the clock of its own.

    The unit above keeps its turn and its limit, and answers for what comes up again. Raises
    Invalid for `to` where a unit is not below it, is closed, accused, or has the ticket already.
    """
    with moving("sub_dispatch", ticket, by=by, version=version, note=note) as move:
        above = turn_of(move, turn)
        units = list(dict.fromkeys(to))
        if not units:
            raise Invalid(to="请选择下派单位。")
        _check_below(move.ticket, above, units)
        _hand_down(move, above, units)
        move.unit = above.department
        move.extra = {"to": "、".join(unit.name for unit in units)}
    return ticket


def _check_below(row: Ticket, above: Assignment, units: Iterable[Department]) -> None:
    fit = policy.units_below(row, above)
    for unit in units:
        if unit == above.department or not unit.path.startswith(above.department.path):
            raise Invalid(to=f"{unit.name}不是{above.department.name}的下级，不能下派。")
        if unit.pk not in fit:
            raise Invalid(to=f"{unit.name}已停用、应当回避，或已在承办这件工单，不能下派。")


def _hand_down(move: Move, above: Assignment, units: Iterable[Department]) -> None:
    row, units = move.ticket, list(units)
    for answered in live_turns(row).filter(department__in=units):
        end(move, answered, TurnState.REPLIED)  # asked anew; what it said stays
    sign = due_for(row, "sign", move.at).at
    Assignment.objects.bulk_create(
        Assignment(
            ticket=row,
            department=unit,
            part=Part.SUB,
            parent=above,
            dispatched_at=move.at,
            sign_due_at=sign,
            due_at=sub_due(above, above.due_at, sign, move.at),
            counted_from=move.at,
            limit_unit=above.limit_unit,
        )
        for unit in units
    )


def send_up(
    ticket: Ticket,
    *,
    reason: str,
    by: User,
    turn: Assignment | None = None,
    version: int | None = None,
) -> Ticket:
    """Give a ticket back to the unit one level up (退回上级), with a reason."""
    with moving("send_up", ticket, by=by, version=version, note=reason) as move:
        own = turn_of(move, turn)
        end(move, own, TurnState.RETURNED)
        move.unit = own.department
        move.extra = {"to": own.parent.department.name if own.parent else ""}
    return ticket


def take_over(
    ticket: Ticket,
    *,
    note: str,
    by: User,
    turn: Assignment | None = None,
    version: int | None = None,
) -> Ticket:
    """Take back what was handed down and not answered (收回下派): the unit above handles it."""
    with moving("take_over", ticket, by=by, version=version, note=note) as move:
        below = turn_of(move, turn)
        end(move, below, TurnState.VOID)
        move.unit = below.parent.department if below.parent else None
    return ticket
