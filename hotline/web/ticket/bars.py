"""A ticket's clocks as thin bars: the unit's, the hotline's, and the citizen's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.templatetags.times import clock, spoken
from hotline.web.ticket.story import Line
from tickets.models import Assignment, Ticket
from tickets.workflow import PAUSED, Status


@dataclass(frozen=True)
class Bar:
    """One clock: how much of its time is over, and how that stands in words."""

    label: str
    percent: int
    tone: str
    said: str
    due_at: datetime | None = None


def bars(ticket: Ticket, lines: Sequence[Line], now: datetime) -> list[Bar]:
    """Show the five clocks (签收、先行联系、办理、审核、回访) and the whole time (总时长)."""
    return [
        *_of_unit(ticket, _standing_since(ticket, lines) or now, now),
        *_of_hotline(ticket, lines, now),
        *_of_citizen(ticket, now),
    ]


def _standing_since(ticket: Ticket, lines: Sequence[Line]) -> datetime | None:
    """Give when the unit's clocks stopped (停表), None while they run."""
    return _stay(lines, Status(ticket.status))[0] if ticket.status in PAUSED else None


def _of_unit(ticket: Ticket, seen: datetime, now: datetime) -> Iterator[Bar]:
    """Show the lead unit's clocks as they stand, or stood when they stopped."""
    leads = [turn for turn in ticket.assignments.all() if turn.part == Assignment.Part.LEAD]
    if not leads:
        return
    turn = leads[-1]
    begun = turn.dispatched_at
    yield _bar("签收", begun, turn.sign_due_at, turn.signed_at, seen)
    if turn.contact_due_at:
        yield _bar("先行联系", begun, turn.contact_due_at, turn.first_contact_at, seen)
    if ticket.promised_on and ticket.due_at:
        until = ticket.promised_on
        said = f"停表，承诺至 {until.month}月{until.day}日"
        yield Bar("办理", _share(ticket.moved_at, ticket.due_at, now), "plain", said, ticket.due_at)
    else:
        yield _bar("办理", turn.counted_from or begun, turn.due_at, turn.replied_at, seen)


def _of_hotline(ticket: Ticket, lines: Sequence[Line], now: datetime) -> Iterator[Bar]:
    for label, status in (("审核", Status.REPLY_REVIEW), ("回访", Status.PENDING_CALLBACK)):
        begun, ended = _stay(lines, status)
        if begun and ended:
            yield Bar(label, 100, "green", f"用时 {spoken(ended - begun)}")
        elif begun and ticket.due_at:
            yield _bar(label, begun, ticket.due_at, None, now)


def _stay(lines: Sequence[Line], status: Status) -> tuple[datetime | None, datetime | None]:
    """Find when the ticket last came into a state, and when it left it."""
    begun = ended = None
    for line in lines:
        came, left = line.entry.to_status == status, line.entry.from_status == status
        if came and not left:
            begun, ended = line.entry.at, None
        elif left and not came:
            ended = line.entry.at
    return begun, ended


def _of_citizen(ticket: Ticket, now: datetime) -> Iterator[Bar]:
    until = ticket.closed_at or now
    whole = spoken(until - ticket.accepted_at)
    said = f"共 {whole}" if ticket.closed_at else f"已等 {whole}"
    percent = _share(ticket.accepted_at, ticket.handle_due_at or until, until)
    yield Bar("诉求人", percent, "green" if ticket.closed_at else "plain", said)


def _bar(label: str, begun: datetime, due: datetime, done: datetime | None, now: datetime) -> Bar:
    if done is None:
        said, tone = clock(due, now)
        return Bar(label, _share(begun, due, now), tone, said, due)
    late = done > due
    said = f"超期 {spoken(done - due)}完成" if late else f"用时 {spoken(done - begun)}"
    return Bar(label, _share(begun, due, done), "red" if late else "green", said, due)


def _share(begun: datetime, due: datetime, at: datetime) -> int:
    """Give how much of the time is over, in per cent."""
    whole = (due - begun).total_seconds()
    return min(100, max(0, round(100 * (at - begun).total_seconds() / whole))) if whole > 0 else 100
