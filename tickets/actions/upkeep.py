"""What time itself does to tickets: guessed deadlines become firm, closed tickets are archived."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from city.models import Parameter, TimeLimit
from city.selectors import number
from tickets.actions.closing import archive
from tickets.actions.moves import due_for, live_turns, lock, set_clock
from tickets.errors import WrongState
from tickets.models import Entry, Ticket
from tickets.workflow import OPEN, STEPS, Status

AT_ONCE = 1_000
CLOCKS = ("due_at", "due_kind", "due_provisional", "handle_due_at", "handle_provisional")
_MOVED = Q(step__in=("dispatch", "redirect", "designate")) | ~Q(from_status=F("to_status"))


def recompute_provisional() -> int:
    """Reckon guessed deadlines (暂定期限) anew by today's calendar; returns how many moved.

    Each clock starts where it did, under the limit in force then; only the calendar is new.
    """
    guessed = Q(due_provisional=True) | Q(handle_provisional=True, handle_due_at__isnull=False)
    rows = Ticket.objects.filter(guessed, status__in=OPEN).only("pk")
    return sum(_recompute(row) for row in rows)


@transaction.atomic
def _recompute(ticket: Ticket) -> bool:
    row = lock(ticket)
    before = [getattr(row, name) for name in CLOCKS]
    if row.handle_due_at is not None:
        _recompute_handling(row)
    set_clock(row, Status(row.status), _begun(row, row.status).at)
    if [getattr(row, name) for name in CLOCKS] == before:
        return False
    row.save(update_fields=CLOCKS)
    if row.status == Status.PENDING_SIGN:
        live_turns(row).update(sign_due_at=row.due_at)
    return True


def _recompute_handling(row: Ticket) -> None:
    """Reckon the unit's clock from the dispatch, or from the redo that began it anew."""
    start = _begun(row, Status.PENDING_SIGN, Status.REDO)
    redone = start.to_status == Status.REDO
    due = due_for(row, TimeLimit.Clock.REDO if redone else TimeLimit.Clock.HANDLE, start.at)
    row.handle_due_at, row.handle_provisional = due.at, due.provisional
    if not redone:
        live_turns(row).update(due_at=due.at)


def _begun(row: Ticket, *statuses: str) -> Entry:
    """The entry that last brought the ticket into one of the states."""
    rows = Entry.objects.filter(_MOVED, ticket=row, to_status__in=statuses)
    begun: Entry = rows.latest("id")
    return begun


def archive_closed(now: datetime | None = None) -> int:
    """Archive what was closed long enough ago (到期归档), a bounded number; returns how many."""
    until = (now or timezone.now()) - timedelta(days=number(Parameter.Name.ARCHIVE_DAYS))
    rows = Ticket.objects.filter(status__in=STEPS["archive"].sources, closed_at__lt=until)
    return sum(_archive(row) for row in rows.order_by("closed_at")[:AT_ONCE])


def _archive(ticket: Ticket) -> bool:
    try:
        archive(ticket)
    except WrongState:  # reopened a moment ago
        return False
    return True
