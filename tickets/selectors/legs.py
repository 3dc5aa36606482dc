"""The units' legs of a ticket: who had it from whom, how long it lay with each, what they said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from city import selectors as city
from city.working_time import Calendar, working_time_between
from tickets.models import Assignment, Opinion, Ticket
from tickets.workflow import Part, TurnState

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Leg:
    """One unit's turn on a ticket's way, how deep below the lead, and the time that was its own."""

    turn: Assignment
    depth: int
    minutes: int
    late: bool
    opinions: list[Opinion]


def legs(ticket: Ticket, now: datetime | None = None) -> list[Leg]:
    """List the units' legs (承办环节): the lead, what it handed down, those assisting, the former.

    While a ticket lies with a unit below, the time is charged to that one and not to those above;
    minutes are working minutes.
    """
    moment = now or timezone.now()
    turns = list(ticket.assignments.all())
    ends = {turn.pk: _end(ticket, turn, moment) for turn in turns}
    calendar = city.calendar()
    return [_leg(turn, depth, turns, ends, calendar) for turn, depth in _in_order(turns)]


def _end(ticket: Ticket, turn: Assignment, now: datetime) -> datetime:
    """Say until when the ticket lay with the unit and those below it."""
    return turn.replied_at or turn.voided_at or ticket.closed_at or now


def _in_order(turns: list[Assignment]) -> Iterator[tuple[Assignment, int]]:
    """Yield each turn with its depth: those in force first, the lead's before the assisting."""
    tops = [turn for turn in turns if turn.parent_id is None]
    tops.sort(key=lambda turn: (turn.voided_at is not None, turn.part != Part.LEAD, turn.pk))
    for top in tops:
        yield from _branch(top, 0, turns)


def _branch(
    turn: Assignment, depth: int, turns: list[Assignment]
) -> Iterator[tuple[Assignment, int]]:
    yield turn, depth
    for below in turns:
        if below.parent_id == turn.pk:
            yield from _branch(below, depth + 1, turns)


def _leg(
    turn: Assignment,
    depth: int,
    turns: list[Assignment],
    ends: dict[int, datetime],
    calendar: Calendar,
) -> Leg:
    until = ends[turn.pk]
    below = [(t.dispatched_at, ends[t.pk]) for t in turns if t.parent_id == turn.pk]
    own = _without((turn.dispatched_at, until), below)
    work = (working_time_between(*stretch, calendar).length for stretch in own)
    minutes = sum(work, timedelta()) // timedelta(minutes=1)
    dropped = turn.state in {TurnState.VOID, TurnState.RETURNED}
    return Leg(turn, depth, minutes, not dropped and until > turn.due_at, list(turn.opinions.all()))


def _without(whole: Stretch, taken: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield what is left of a stretch of time without the others."""
    at, until = whole
    for begins, ends in sorted(taken):
        if begins > at:
            yield at, min(begins, until)
        at = max(at, ends)
    if at < until:
        yield at, until


def summed_up(turn: Assignment) -> str:
    """Put together what the units below said (汇总下级反馈), for the unit above to go on."""
    said = Opinion.objects.filter(turn__parent=turn).select_related("turn__department")
    newest = {opinion.turn_id: opinion for opinion in said.order_by("id")}
    return "\n".join(f"{o.turn.department.name}：{o.text}" for o in newest.values())


def all_said(rows: Iterable[Leg]) -> str:
    """Put together what the lead merges into its reply (汇总各单位意见): assisting and below."""
    said = ((leg.turn.department.name, leg.opinions[-1].text) for leg in rows if leg.opinions)
    return "\n".join(f"{unit}：{text}" for unit, text in said)
