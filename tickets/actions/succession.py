"""A unit is closed and another has its duties: its open tickets follow, with a line of why."""

from django.db.models import QuerySet

from accounts.models import Department
from accounts.selectors import living
from tickets.actions.moves import Move, live_turns, moving
from tickets.errors import WrongState
from tickets.models import Assignment, Ticket
from tickets.workflow import STEPS, Party

AT_ONCE = 1_000


def follow_successors() -> int:
    """Hand open tickets of closed units on (机构调整移交), so many at once; returns how many."""
    left = Assignment.objects.filter(
        voided_at=None, department__active=False, department__successor__isnull=False
    )
    states = STEPS["hand_on"].sources
    rows = Ticket.objects.filter(assignments__in=left, status__in=states).distinct()
    return sum(_handed_on(row) for row in rows.order_by("pk")[:AT_ONCE])


def _handed_on(ticket: Ticket) -> bool:
    try:
        hand_on(ticket)
    except WrongState:  # answered a moment ago, or no successor in use
        return False
    return True


def hand_on(ticket: Ticket) -> Ticket:
    """Give the turns of closed units to their successors (机构调整移交).

    Clocks, signature and limits go on as they were: the city owes the citizen the same day.
    """
    with moving("hand_on", ticket, by=Party.SYSTEM) as move:
        moved = [(turn, living(turn.department)) for turn in _live(move.ticket)]
        moved = [(turn, heir) for turn, heir in moved if heir != turn.department]
        if not moved:
            raise WrongState("承办单位没有变动，无需移交。")
        move.extra = {"from": moved[0][0].department.name, "to": moved[0][1].name}
        for turn, heir in moved:
            _follow(move, turn, heir)
    return ticket


def _live(ticket: Ticket) -> QuerySet[Assignment]:
    lead_first = ("-part", "id")
    return live_turns(ticket).select_related("department").order_by(*lead_first)


def _follow(move: Move, turn: Assignment, heir: Department) -> None:
    """End one turn and open the same for the heir; no unit has two, and to lead goes first."""
    same = live_turns(move.ticket).filter(department=heir)
    lead = turn.part == Assignment.Part.LEAD
    _end(move, turn)
    if not lead and same.exists():
        return
    for other in same:
        _end(move, other)
    turn.pk, turn.department, turn.handler = None, heir, None
    turn.save(force_insert=True)
    if lead:
        move.ticket.lead = heir


def _end(move: Move, turn: Assignment) -> None:
    Assignment.objects.filter(pk=turn.pk).update(voided_at=move.at, state=Assignment.State.VOID)
