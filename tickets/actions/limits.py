"""Other limits for the tickets that are open: tried, then applied, in small transactions.

A ticket keeps the rule it began with until somebody decides so here.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from city import actions as city_actions
from city import presets
from city import selectors as city
from city.memo import steady
from city.models import TimeLimit
from tickets import policy
from tickets.actions import clocks
from tickets.actions.reckoning import reckoning
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import Assignment, LimitChange, Ticket
from tickets.workflow import OPEN, Part, Status

AT_ONCE = 500
SOME = 50
"""Rows of one UPDATE: each row is looked for among all that the statement names."""
FOR_S = 40.0
"""A worker goes on for so long; then others have their turn, and the next minute goes on."""
SHOWS_HANDLING = frozenset({Status.PROCESSING, Status.REDO, Status.UNIT_REVIEW})
TICKET_COLUMNS = (
    *("handle_due_at", "handle_provisional", "due_at", "due_kind", "due_provisional"),
    *("card", "watch_at", "yellow_at"),
)
TURN_COLUMNS = ("due_at", "limit_amount", "limit_unit", "limit_preset")
Find = Callable[[str, Ticket], TimeLimit]


def try_limits(preset: str, *, by: User) -> LimitChange:
    """Begin to count what other limits would change (试算), "" for the rows in force today."""
    _allow(by)
    if preset and preset not in presets.PRESETS:
        raise Invalid(preset="没有这个时限方案。")
    if LimitChange.objects.filter(state__in=RUNNING).exists():
        raise WrongState("还有一次试算或改用没有结束，请稍候。")
    return LimitChange.objects.create(preset=preset, by=by, at=timezone.now(), total=_total())


RUNNING = (LimitChange.State.COUNTING, LimitChange.State.APPLYING)


def _allow(by: User) -> None:
    if not policy.may_set_limits(by):
        raise NotAllowed("只有管理员可以改用时限。")


def _total() -> int:
    return Ticket.objects.filter(status__in=OPEN, handle_due_at__isnull=False).count()


@transaction.atomic
def apply_limits(change: LimitChange, *, by: User) -> LimitChange:
    """Put the limits that were tried in force, for new tickets and for the open ones (改用)."""
    _allow(by)
    row = LimitChange.objects.select_for_update().get(pk=change.pk)
    if row.state != LimitChange.State.COUNTED:
        raise WrongState("请先试算，再改用。")
    if row.preset:
        city_actions.load_limits(row.preset)
    row.state, row.by, row.at = LimitChange.State.APPLYING, by, timezone.now()
    row.reached = row.seen = row.changed = row.overdue = 0
    row.beside = row.beside_overdue = 0
    row.total = _total()
    row.save()
    return row


def reckon_limits(for_s: float = FOR_S) -> int:
    """Go on with what is under way (时限改用), where it stood; returns how many were reckoned."""
    until, total = time.monotonic() + for_s, 0
    while done := _reckon_some(timezone.now()):
        total += done
        if time.monotonic() > until:
            break
    return total


@transaction.atomic
def _reckon_some(now: datetime) -> int:
    change = LimitChange.objects.select_for_update().filter(state__in=RUNNING).last()
    if change is None:
        return 0
    rows = Ticket.objects.filter(
        pk__gt=change.reached, status__in=OPEN, handle_due_at__isnull=False
    )
    rows = rows.select_related("lead").order_by("pk")
    applying = change.state == LimitChange.State.APPLYING
    if applying:
        rows = rows.select_for_update(of=("self",))
    some = list(rows[:AT_ONCE])
    with steady():
        moved = list(_moved(some, _finder(change, now), now))
    change.seen += len(some)
    _count(change, moved, now)
    change.reached = some[-1].pk if some else change.reached
    if len(some) < AT_ONCE:
        change.state = LimitChange.State.DONE if applying else LimitChange.State.COUNTED
    change.save()
    if applying:
        _write(moved, now)
    return len(some)


def _finder(change: LimitChange, now: datetime) -> Find:
    """Say where the new limits come from: a set that is not in force yet, or the rows."""
    if not change.preset or change.state == LimitChange.State.APPLYING:
        return lambda clock, row: clocks.limit_of(row, clock, now)
    rows = [TimeLimit(preset=change.preset, **each) for each in presets.limits(change.preset)]
    return lambda clock, row: city.fitting(rows, clock, kind=row.kind, urgency=row.urgency)


@dataclass
class Moved:
    """A turn whose limit is another one now."""

    ticket: Ticket
    turn: Assignment
    before: datetime

    @property
    def leads(self) -> bool:
        """Tell whether it is the lead unit's, and so the ticket's own."""
        return self.turn.part == Part.LEAD

    def falls_overdue(self, now: datetime) -> bool:
        """Tell whether it was in time before and is no more."""
        return self.before >= now > self.turn.due_at


def _count(change: LimitChange, moved: Sequence[Moved], now: datetime) -> None:
    """Count the tickets and, apart, the turns of units beside the lead."""
    led = [each for each in moved if each.leads]
    beside = [each for each in moved if not each.leads]
    change.changed += len(led)
    change.overdue += sum(each.falls_overdue(now) for each in led)
    change.beside += len(beside)
    change.beside_overdue += sum(each.falls_overdue(now) for each in beside)


def _moved(rows: Sequence[Ticket], find: Find, now: datetime) -> Iterator[Moved]:
    """Reckon the units' turns that are not answered by the new limits.

    The lead's comes first, then those beside it, and each before what it handed down.
    """
    ids = [row.pk for row in rows]
    shifts = clocks.shifts_of(ids)
    turns = Assignment.objects.filter(ticket__in=ids, voided_at=None).select_related("department")
    known = defaultdict[int, list[Assignment]](list)
    for turn in turns.order_by("pk"):
        known[turn.ticket_id].append(turn)
    for row in rows:
        of_row = reckoning(row, known[row.pk], shifts)
        open_turns = [turn for turn in of_row.turns if turn.replied_at is None]
        before = {turn.pk: turn.due_at for turn in open_turns}
        for turn in open_turns:
            _give_rule(row, turn, find, now)
        for turn in open_turns:
            clocks.put_due(row, turn, of_row.due(turn))
            if turn.due_at != before[turn.pk]:
                yield Moved(row, turn, before[turn.pk])


def _give_rule(row: Ticket, turn: Assignment, find: Find, now: datetime) -> None:
    """Note the new limit of a turn; what was handed down (下派) is a share of what is above."""
    start = turn.counted_from or turn.dispatched_at
    if turn.part == Part.SUB:
        return
    redone = turn.part == Part.LEAD and start > turn.dispatched_at
    limit = find(TimeLimit.Clock.REDO if redone else TimeLimit.Clock.HANDLE, row)
    if turn.part == Part.ASSISTING:
        limit = clocks.assisting_limit(limit, now)
    clocks.keep_rule(turn, limit, start)


def _write(moved: Sequence[Moved], now: datetime) -> None:
    led = [each.ticket for each in moved if each.leads]
    for row in led:
        if row.status in SHOWS_HANDLING:
            clocks.go_on(row, Status(row.status))
            clocks.watch(row, now)
    Ticket.objects.bulk_update(led, TICKET_COLUMNS, batch_size=SOME)
    Assignment.objects.bulk_update([each.turn for each in moved], TURN_COLUMNS, batch_size=SOME)
