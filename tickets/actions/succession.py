"""Units are closed, joined or made anew: their open tickets follow, with a line of why."""

from django.db.models import Q

from accounts.models import Department
from accounts.selectors import living
from tickets.actions.beside import change, end
from tickets.actions.dispatching import void
from tickets.actions.moves import Move, live_turns, moving
from tickets.errors import WrongState
from tickets.models import Assignment, Return, Ticket
from tickets.workflow import STEPS, WITH_UNIT, Part, Party, Status, TurnState

AT_ONCE = 1_000
NOBODY_LEFT = WITH_UNIT | {Status.RETURN_REVIEW}
"""Where a ticket waits for its lead unit: without an heir it goes back to the dispatcher."""


def follow_successors() -> int:
    """Hand open tickets of closed units on (机构调整移交), so many at once; returns how many."""
    closed = Assignment.objects.filter(voided_at=None, department__active=False)
    heirs = closed.exclude(department__successor=None)
    waits = Q(assignments__in=heirs) | Q(assignments__in=closed, status__in=NOBODY_LEFT)
    rows = Ticket.objects.filter(waits, status__in=STEPS["hand_on"].sources).distinct()
    return sum(_handed_on(row) for row in rows.order_by("pk")[:AT_ONCE])


def _handed_on(ticket: Ticket) -> bool:
    try:
        hand_on(ticket)
    except WrongState:  # answered a moment ago, or no successor in use
        return False
    return True


def hand_on(ticket: Ticket) -> Ticket:
    """Give the turns of closed units to their successors (机构调整移交).

    Clocks, signature and limits go on as they were: the city owes the citizen the same day. A lead
    without an heir leaves the ticket to the dispatcher, one beside the lead to those who go on.
    """
    with moving("hand_on", ticket, by=Party.SYSTEM) as move:
        move.to = Status(move.ticket.status)
        closed = [turn for turn in _live(move.ticket) if not turn.department.active]
        moved = [turn for turn in closed if _can_move(move.ticket, turn)]
        if not moved:
            raise WrongState("承办单位没有变动，无需移交。")
        for turn in moved:
            _move_on(move, turn)
    return ticket


def _live(ticket: Ticket) -> list[Assignment]:
    """The turns in force, the lead's first and what was handed down after what it came from."""
    rows = live_turns(ticket).select_related("department").order_by("id")
    return sorted(rows, key=lambda turn: (turn.part != Part.LEAD, turn.pk))


def _can_move(row: Ticket, turn: Assignment) -> bool:
    if living(turn.department).active or turn.part != Part.LEAD:
        return True
    return Status(row.status) in NOBODY_LEFT


def _move_on(move: Move, turn: Assignment) -> None:
    """Give one turn to the heir, or end it; by now it may have ended with another."""
    turn.refresh_from_db()
    heir = living(turn.department)
    if turn.voided_at:
        return
    said = {"from": turn.department.name, "to": heir.name if heir.active else ""}
    move.extra = move.extra or said
    if heir.active:
        _follow(move, turn, heir)
    elif turn.part == Part.LEAD:
        _leave_to_dispatcher(move)
    else:
        end(move, turn, TurnState.VOID)


def _leave_to_dispatcher(move: Move) -> None:
    """Put the ticket back before dispatch (退回待派): nobody has the unit's duties."""
    row = move.ticket
    void(move)
    row.handle_due_at = row.return_due_at = row.next_signer = None
    row.handle_provisional, row.sign_offs_left = False, 0
    waiting = Return.objects.filter(ticket=row, accepted=None)
    row.return_count += waiting.update(accepted=True, decision="单位已撤销", decided_at=move.at)
    move.to = Status.PENDING_DISPATCH


def _follow(move: Move, turn: Assignment, heir: Department) -> None:
    """End one turn and open the same for the heir; no unit has two, and the higher goes first.

    What was handed down from either goes on below the one that stays.
    """
    same = live_turns(move.ticket).filter(department=heir).first()
    lead, old = turn.part == Part.LEAD, turn.pk
    change(turn, TurnState.VOID, voided_at=move.at)
    if same and not lead and not _below(same, turn):
        _hang(move, [old], same)
        return
    if same:
        change(same, TurnState.VOID, voided_at=move.at)
    turn.pk, turn.department, turn.handler = None, heir, None
    turn.save(force_insert=True)
    _hang(move, [old, same.pk if same else old], turn)
    if lead:
        move.ticket.lead = heir


def _below(turn: Assignment, above: Assignment) -> bool:
    """Tell whether TURN was handed down from ABOVE, at any depth."""
    step: Assignment | None = turn
    while step is not None and step.pk != above.pk:
        step = step.parent
    return step is not None


def _hang(move: Move, former: list[int], turn: Assignment) -> None:
    """Let what is in force below former turns go on below this one."""
    live_turns(move.ticket).filter(parent__in=former).update(parent=turn)
