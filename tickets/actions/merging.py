"""Several tickets of one matter become one that is handled; every citizen is answered himself."""

from collections.abc import Sequence

from accounts.models import User
from tickets.actions import batches
from tickets.actions.closing import close_row, to_be_called
from tickets.actions.dispatching import void
from tickets.actions.moves import Actor, Move, moving
from tickets.errors import Invalid, WrongState
from tickets.models import Assignment, Reply, Ticket
from tickets.workflow import UNANSWERED, Party, Status


def merge(
    ticket: Ticket, *, into: Ticket, note: str, by: User, version: int | None = None
) -> Ticket:
    """Have a ticket answered with another of the same matter (并单).

    Both rows are locked, in one order everywhere, so that two merges cannot cross.
    """
    if into.pk == ticket.pk:
        raise Invalid(into="不能并入工单自己。")
    with (
        batches.together([ticket, into]),
        moving("merge", ticket, by=by, version=version, note=note) as move,
    ):
        master = batches.row_of(into)
        _check_master(move.ticket, master)
        void(move)
        _rest(move)
        move.ticket.merged_into = master
        move.extra = {"into": master.number}
    return ticket


def _check_master(ticket: Ticket, master: Ticket) -> None:
    if Status(master.status) not in UNANSWERED:
        raise Invalid(into=f"主单目前是“{master.get_status_display()}”，只能并入尚未答复的工单。")
    if ticket.merged.exists():
        raise Invalid(into="已有工单并入这件工单，请先撤销那些并单，或把主单并过来。")
    if ticket.confidential != master.confidential:
        raise Invalid(into="保密工单与普通工单不能并单。")


def _rest(move: Move) -> None:
    row = move.ticket
    row.closed_at = move.at
    row.handle_due_at = row.return_due_at = None
    row.handle_provisional = False


def unmerge(ticket: Ticket, *, note: str, by: Actor, version: int | None = None) -> Ticket:
    """Have a merged ticket handled by itself again (撤销并单); it waits for dispatch."""
    with moving("unmerge", ticket, by=by, version=version, note=note) as move:
        move.ticket.merged_into = move.ticket.closed_at = None
    return ticket


def conclude(ticket: Ticket) -> Ticket:
    """Answer a merged ticket with its master's reply (随主单答复); it is followed up by itself.

    From here on the master's unit leads, so that a citizen who is not satisfied gets a redo.
    """
    with moving("conclude", ticket, by=Party.SYSTEM) as move:
        row, master = move.ticket, move.ticket.merged_into
        answer = Reply.objects.filter(ticket=master, accepted_at__isnull=False).last()
        if master is None or answer is None or master.lead_id is None:
            raise Invalid(into="主单还没有审核通过的答复。")
        row.lead = master.lead
        row.dispatched_at, row.signed_at = master.dispatched_at, master.signed_at
        row.replied_at, row.closed_at = master.replied_at, None
        _take_over(row, master, answer)
        move.extra = {"from": master.number}
        if not to_be_called(row):
            close_row(move)
    return ticket


def _take_over(row: Ticket, master: Ticket, answer: Reply) -> None:
    """Copy the unit's turn and the answer that was accepted."""
    turn = Assignment.objects.get(ticket=master, voided_at=None, part=Assignment.Part.LEAD)
    last = row.replies.order_by("version").last()
    answer.version = last.version + 1 if last else 1
    for copy in (turn, answer):
        copy.pk, copy.ticket = None, row
        copy._state.adding = True
        copy.save(force_insert=True)


def follow_masters(masters: Sequence[int]) -> None:
    """Let merged tickets go where their masters went (随主单): answered too, or alone again."""
    merged = Ticket.objects.filter(merged_into__in=masters, status=Status.MERGED)
    for child in merged.exclude(merged_into__status__in=UNANSWERED).order_by("pk"):
        try:
            _follow(child)
        except WrongState:  # undone or withdrawn a moment ago
            continue


def _follow(child: Ticket) -> None:
    try:
        conclude(child)
    except Invalid:
        unmerge(child, note="主单没有办理结果，恢复单独办理", by=Party.SYSTEM)
