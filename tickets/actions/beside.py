"""Units beside the lead: they take the ticket in, have their say, or are let off."""

from accounts.models import User
from tickets import policy
from tickets.actions.moves import Move, moving, typed
from tickets.errors import Invalid, WrongState
from tickets.models import Assignment, Opinion, Ticket
from tickets.workflow import TurnState

MIN_OPINION, MAX_OPINION = 5, 5_000


def turn_of(move: Move, turn: Assignment | None) -> Assignment:
    """Find the turn that the step is done at (承办): the one named, else the actor's first."""
    rows = policy.turns_for(move.by, move.step, move.ticket) if isinstance(move.by, User) else []
    for row in rows:
        if turn is None or row.pk == turn.pk:
            return row
    raise WrongState(f"该单位的承办情况已经变了，不能{move.step.label}，请刷新页面再看。")


def receive(
    ticket: Ticket, *, by: User, turn: Assignment | None = None, version: int | None = None
) -> Ticket:
    """Acknowledge receipt for an assisting or lower unit (接收); the ticket stays where it is."""
    with moving("receive", ticket, by=by, version=version) as move:
        own = turn_of(move, turn)
        move.unit = own.department
        change(own, TurnState.HANDLING, signed_at=move.at)
    return ticket


def advise(
    ticket: Ticket,
    *,
    text: str,
    by: User,
    turn: Assignment | None = None,
    version: int | None = None,
) -> Ticket:
    """Give the unit's opinion (反馈意见) to the lead, or to the unit above; again if need be.

    The first one counts for being in time. Waits until the unit's own lower units had their say.
    """
    words = typed(text)
    if not MIN_OPINION <= len(words) <= MAX_OPINION:
        raise Invalid(
            text=f"反馈意见应为 {MIN_OPINION} 到 {MAX_OPINION} 字，目前 {len(words)} 字。"
        )
    with moving("advise", ticket, by=by, version=version) as move:
        own = turn_of(move, turn)
        move.unit = own.department
        Opinion.objects.create(turn=own, text=words, by=by, at=move.at)
        change(own, TurnState.REPLIED, replied_at=own.replied_at or move.at, handler=by)
    return ticket


def recall(
    ticket: Ticket,
    *,
    note: str,
    by: User,
    turn: Assignment | None = None,
    version: int | None = None,
) -> Ticket:
    """Call an assisting unit off (撤回协办): it was the wrong one, or is not needed."""
    with moving("recall", ticket, by=by, version=version, note=note) as move:
        end(move, turn_of(move, turn), TurnState.VOID)
    return ticket


def waive(
    ticket: Ticket,
    *,
    note: str,
    by: User,
    turn: Assignment | None = None,
    version: int | None = None,
) -> Ticket:
    """Do without an assisting unit's opinion (免予协办), on the lead's own responsibility."""
    with moving("waive", ticket, by=by, version=version, note=note) as move:
        end(move, turn_of(move, turn), TurnState.WAIVED)
    return ticket


def change(turn: Assignment, state: TurnState, **columns: object) -> None:
    """Save where a unit's turn stands (承办状态)."""
    Assignment.objects.filter(pk=turn.pk).update(state=state, **columns)


def end(move: Move, turn: Assignment, state: TurnState) -> None:
    """End a turn (结束承办) and all that was handed down from it; the units lose the ticket."""
    move.extra |= {"unit": turn.department.name}
    change(turn, state, voided_at=move.at)
    below = [turn.pk]
    while below:
        rows = Assignment.objects.filter(parent__in=below, voided_at=None)
        below = list(rows.values_list("pk", flat=True))
        Assignment.objects.filter(pk__in=below).update(voided_at=move.at)
        rows = Assignment.objects.filter(pk__in=below).exclude(state=TurnState.REPLIED)
        rows.update(state=TurnState.VOID)
