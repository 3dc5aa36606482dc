"""Units beside the lead: they take the ticket in, have their say, or are let off."""

from collections.abc import Iterable

from accounts.models import Department, User
from tickets import policy
from tickets.actions import clocks
from tickets.actions.dispatching import CLOCK_HANDLE, CLOCK_SIGN, check_unit, open_turn
from tickets.actions.moves import Actor, Move, due_for, live_turns, moving, typed
from tickets.deadlines import Due
from tickets.errors import Invalid, WrongState
from tickets.models import Assignment, Opinion, Ticket
from tickets.workflow import Part, Party, TurnState

MIN_OPINION, MAX_OPINION = 5, 5_000


def call_in(
    ticket: Ticket,
    *,
    assisting: Iterable[Department],
    note: str,
    by: User,
    version: int | None = None,
) -> Ticket:
    """Have further units assist with a ticket that is being handled (加派协办).

    Each has a limit of its own from now on, which never outlasts the lead's. Who had its say may be
    asked anew. Raises Invalid for `assisting` where a unit has the ticket, is closed or accused.
    """
    with moving("call_in", ticket, by=by, version=version, note=note) as move:
        units = list(dict.fromkeys(assisting))
        if not units:
            raise Invalid(assisting="请选择协办单位。")
        known = {turn.department_id: turn for turn in live_turns(move.ticket)}
        for unit in units:
            _check_free(move, unit, known.get(unit.pk))
        _open_beside(move, units)
        move.extra = {"assisting": [unit.name for unit in units]}
    return ticket


def _check_free(move: Move, unit: Department, turn: Assignment | None) -> None:
    """Refuse who has the ticket; who assisted and had its say gives way to its next turn."""
    check_unit(move.ticket, unit, "assisting")
    if turn is None:
        return
    if turn.part != Part.ASSISTING or turn.is_open:
        raise Invalid(assisting=f"{unit.name}已在承办这件工单。")
    end(move, turn, TurnState.REPLIED)


def _open_beside(move: Move, units: Iterable[Department]) -> None:
    row = move.ticket
    sign = due_for(row, CLOCK_SIGN, move.at)
    handle = Due(CLOCK_HANDLE, row.handle_due_at or sign.at, row.handle_provisional)
    turns = [open_turn(row, unit, move.at, sign, handle) for unit in units]
    for turn in turns:
        turn.due_at = clocks.within(turn.due_at, handle.at, sign.at)
    Assignment.objects.bulk_create(turns)


def turn_of(move: Move, turn: Assignment | None) -> Assignment:
    """Find the turn that the step is done at (承办): the one named, else the actor's first."""
    rows = policy.turns_for(move.by, move.step, move.ticket) if isinstance(move.by, User) else []
    for row in rows:
        if turn is None or row.pk == turn.pk:
            return row
    raise WrongState(f"该单位的承办情况已经变了，不能{move.step.label}，请刷新页面再看。")


def receive(
    ticket: Ticket, *, by: Actor, turn: Assignment | None = None, version: int | None = None
) -> Ticket:
    """Acknowledge receipt for an assisting or lower unit (接收); the ticket stays where it is.

    The system does it for a unit that let the limit pass (超时签收).
    """
    with moving("receive", ticket, by=by, version=version) as move:
        own = turn_of(move, turn) if isinstance(by, User) else _unsigned(move, turn)
        move.unit = own.department
        late = isinstance(by, Party)
        move.extra = {"signed_late": own.department.name} if late else {}
        change(own, TurnState.HANDLING, signed_at=move.at, auto_signed=late)
    return ticket


def _unsigned(move: Move, turn: Assignment | None) -> Assignment:
    waiting = live_turns(move.ticket).filter(signed_at=None).select_related("department")
    return next(row for row in waiting if row == turn)


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
