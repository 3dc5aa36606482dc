"""Reckons the units' turns from where each began: its rule, who is above it, what stopped it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from city.models import TimeLimit
from city.working_time import Deadline, after
from tickets import deadlines
from tickets.actions import clocks
from tickets.deadlines import Longer, Standstill
from tickets.models import Assignment, Ticket
from tickets.workflow import Part

Shifts = Sequence[tuple[int | None, Standstill | Longer]]


@dataclass(frozen=True)
class Reckoning:
    """One ticket's turns in force, and what stopped or lengthened their clocks since."""

    row: Ticket
    turns: Sequence[Assignment]
    shifts: Shifts

    def due(self, turn: Assignment, until: datetime | None = None) -> Deadline:
        """Say when TURN runs out (办理期限), by all that happened, or had happened UNTIL then."""
        begun = turn.counted_from or turn.dispatched_at
        own = [
            shift
            for unit, shift in self.shifts
            if shift.begun_from >= begun and unit in {None, turn.department_id}
            if until is None or shift.at <= until
        ]
        calendar = clocks.calendar_of(turn.department)
        return deadlines.shifted(self._at_first(turn, begun), own, turn.limit_unit, calendar)

    def _at_first(self, turn: Assignment, begun: datetime) -> Deadline:
        """Say until when the turn ran as it began."""
        above = next((row for row in self.turns if row.pk == turn.parent_id), None)
        if turn.part == Part.SUB and above is not None:
            share = clocks.sub_due(above, self.due(above, begun).at, self._sign_due(begun), begun)
            return Deadline(share)
        if turn.limit_amount is None:
            limit = clocks.limit_of(self.row, TimeLimit.Clock.HANDLE, begun)
            clocks.keep_rule(turn, limit, begun)
        calendar = clocks.calendar_of(turn.department)
        own = after(begun, turn.limit_amount or 0, turn.limit_unit, calendar)
        lead = self._lead_before(turn)
        return own if lead is None else self._within(own, self.due(lead, begun), begun)

    def _lead_before(self, turn: Assignment) -> Assignment | None:
        """Give the lead's turn where it was there before this one was called in (加派)."""
        rows = (row for row in self.turns if row.part == Part.LEAD)
        lead = next(rows, None) if turn.part == Part.ASSISTING else None
        return lead if lead and lead.dispatched_at < turn.dispatched_at else None

    def _within(self, own: Deadline, lead: Deadline, begun: datetime) -> Deadline:
        """Keep a unit that was called in within the lead's time, but give it that to sign."""
        return Deadline(clocks.within(own.at, lead.at, self._sign_due(begun)), own.provisional)

    def _sign_due(self, begun: datetime) -> datetime:
        limit = clocks.limit_of(self.row, TimeLimit.Clock.SIGN, begun)
        calendar = clocks.calendar_of(self.row.lead)
        return deadlines.due(TimeLimit.Clock.SIGN, begun, limit, calendar).at


def reckoning(row: Ticket, turns: Iterable[Assignment], shifts: clocks.Shifts) -> Reckoning:
    """Put together what one ticket's turns are reckoned from (重算期限)."""
    return Reckoning(row, list(turns), shifts.get(row.pk, []))


def reckon(row: Ticket, turn: Assignment) -> Deadline:
    """Reckon a turn from its beginning by today's calendar: limit, standstills, extensions."""
    return of_ticket(row).due(turn)


def of_ticket(row: Ticket) -> Reckoning:
    """Gather what a ticket's turns are reckoned from (重算期限)."""
    turns = clocks.live(row).select_related("department").order_by("pk")
    return reckoning(row, turns, clocks.shifts_of([row.pk]))
