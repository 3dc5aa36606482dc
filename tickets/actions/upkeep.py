"""What time itself does to tickets: guessed deadlines become firm, closed tickets are archived."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from city.models import Parameter
from city.selectors import number
from tickets.actions import clocks, reckoning
from tickets.actions.closing import archive
from tickets.actions.moves import lock, set_clock
from tickets.errors import WrongState
from tickets.models import Entry, Ticket
from tickets.workflow import HANDLED, OPEN, STEPS, Part, Status

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
        reckon_turns(row)
    status = Status(row.status)
    if status in HANDLED:
        clocks.go_on(row, status)
    else:
        set_clock(row, status, _begun(row, status).at)
    if [getattr(row, name) for name in CLOCKS] == before:
        return False
    clocks.watch(row, timezone.now())
    row.save(update_fields=[*CLOCKS, "card", "watch_at", "yellow_at"])
    if status == Status.PENDING_SIGN:
        clocks.live(row).update(sign_due_at=row.due_at)
    return True


def reckon_turns(row: Ticket) -> None:
    """Reckon the units' clocks from where each began (重算办理期限), each after who is above it.

    Who is beside the lead and has answered was judged by the day that held then.
    """
    known = reckoning.of_ticket(row)
    for turn in known.turns:
        if turn.part == Part.LEAD or turn.replied_at is None:
            clocks.put_due(row, turn, known.due(turn))
            turn.save(update_fields=["due_at"])


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
