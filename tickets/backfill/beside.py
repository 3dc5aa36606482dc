"""The steps of units beside and below the lead, in a history in the making."""

from datetime import datetime

from accounts.models import Department, User
from tickets.actions.clocks import sub_due
from tickets.actions.dispatching import CLOCK_SIGN
from tickets.actions.moves import due_for
from tickets.backfill.past import Past
from tickets.models import Assignment, Opinion
from tickets.workflow import Part, TurnState


def turn_of(past: Past, unit: Department) -> Assignment:
    """Find the turn that a unit has now (承办)."""
    return next(turn for turn in past.live if turn.department == unit)


def receive(past: Past, at: datetime, by: User, unit: Department) -> None:
    """Acknowledge receipt for an assisting or lower unit (接收)."""
    turn = turn_of(past, unit)
    turn.state, turn.signed_at = TurnState.HANDLING, at
    past.step("receive", at, by, unit=unit)


def advise(past: Past, at: datetime, by: User, unit: Department, text: str) -> None:
    """Give the unit's opinion (反馈意见)."""
    turn = turn_of(past, unit)
    turn.state, turn.handler = TurnState.REPLIED, by
    turn.replied_at = turn.replied_at or at
    past.opinions.append(Opinion(turn=turn, text=text, by=by, at=at))
    past.step("advise", at, by, unit=unit)


def sub_dispatch(
    past: Past, at: datetime, by: User, unit: Department, to: Department, note: str = ""
) -> None:
    """Hand the ticket down to a unit below (下派)."""
    above, sign = turn_of(past, unit), due_for(past.ticket, CLOCK_SIGN, at).at
    turn = Assignment(
        department=to,
        part=Part.SUB,
        parent=above,
        dispatched_at=at,
        sign_due_at=sign,
        due_at=sub_due(above, above.due_at, sign, at),
        counted_from=at,
        limit_unit=above.limit_unit,
    )
    past.turns.append(turn)
    past.step("sub_dispatch", at, by, note=note, extra={"to": to.name}, unit=unit)
