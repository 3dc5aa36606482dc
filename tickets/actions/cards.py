"""What the passing of time itself warns of and ends: cards, late first contacts, promised days."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from city.models import Parameter, TimeLimit
from city.selectors import number
from outbox.bus import publish
from tickets.actions.asking import resume
from tickets.actions.batches import together
from tickets.actions.beside import receive
from tickets.actions.handling import sign
from tickets.actions.remarks import urge
from tickets.actions.supervising import supervise
from tickets.errors import WrongState
from tickets.events import CardsShown
from tickets.models import Assignment, Card, Promise, Ticket
from tickets.workflow import OPEN, PAUSED, WITH_UNIT, Party, Status

AT_ONCE = 200
"""Tickets of one transaction: intake does not wait long for it."""
OVERDUE = "已超过办理期限，系统催办"
NOT_SPOKEN_TO = "未按时先行联系诉求人，系统催办"
DAY_CAME = "承诺日期已到，恢复办理"
NOTHING_NOTED = "未按期填报进展，自动恢复办理"
LEVEL = Card.Level


def show_cards(now: datetime | None = None) -> int:
    """Show the cards that are due (提醒、黄牌、红牌), each once; returns how many.

    After an outage a ticket gets the card that fits now and none of those it slept through.
    """
    moment = now or timezone.now()
    shown = _all(_show_some, moment) + _all(_note_late_contacts, moment)
    if number(Parameter.Name.AUTO_SIGN):
        _all(_sign_for_the_late, moment)  # after the red card, which stays
    return shown


def _all(some: Callable[[datetime], int], now: datetime) -> int:
    """Go on in small transactions until nothing is left."""
    total = 0
    while done := some(now):
        total += done
    return total


@transaction.atomic
def _show_some(now: datetime) -> int:
    due = Ticket.objects.filter(watch_at__lte=now).order_by("watch_at")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    levels = {level: [row for row in rows if _level(row, now) == level] for level in LEVEL}
    for level, some in levels.items():
        _write([_card(row, level, now) for row in some if row.status in OPEN])
        nexts = {LEVEL.REMINDER: F("yellow_at"), LEVEL.YELLOW: F("due_at"), LEVEL.RED: None}
        ids = [row.pk for row in some]
        Ticket.objects.filter(pk__in=ids).update(card=level, watch_at=nexts[level])
    _urge([row for row in levels[LEVEL.RED] if row.status in WITH_UNIT - PAUSED], OVERDUE)
    return len(rows)


def _level(row: Ticket, now: datetime) -> Card.Level:
    if row.due_at is None or row.due_at <= now:
        return LEVEL.RED
    return LEVEL.YELLOW if row.yellow_at and row.yellow_at <= now else LEVEL.REMINDER


def _card(row: Ticket, level: Card.Level, now: datetime) -> Card:
    return Card(
        ticket=row,
        department_id=row.lead_id,
        level=level,
        clock=row.due_kind,
        due_at=row.due_at or now,
        at=now,
    )


def _write(cards: Sequence[Card]) -> None:
    """Write cards and tell the open pages of them."""
    if not cards:
        return
    Card.objects.bulk_create(cards, ignore_conflicts=True)
    units = {card.department_id for card in cards if card.department_id}
    tickets = tuple(card.ticket_id for card in cards)
    publish(CardsShown(cards[0].level, tickets, tuple(sorted(units))))


def _urge(rows: Sequence[Ticket], note: str) -> None:
    """Have the units urged (催办) whose limit is over; the step stands in the history."""
    with together(rows):
        for row in rows:
            urge(row, by=Party.SYSTEM, note=note)


@transaction.atomic
def _note_late_contacts(now: datetime) -> int:
    """Mark the turns whose unit has not spoken to the citizen in time (先行联系超时)."""
    late = Assignment.objects.filter(
        contact_due_at__lte=now,
        first_contact_at=None,
        contact_late=False,
        replied_at=None,
        voided_at=None,
    ).exclude(ticket__status__in=PAUSED)
    turns = list(late.order_by("contact_due_at").select_related("ticket")[:AT_ONCE])
    Assignment.objects.filter(pk__in=[turn.pk for turn in turns]).update(contact_late=True)
    waiting = [turn for turn in turns if turn.ticket.status in WITH_UNIT]
    _write([_contact_card(turn, now) for turn in waiting])
    _urge([turn.ticket for turn in waiting], NOT_SPOKEN_TO)
    return len(turns)


@transaction.atomic
def _sign_for_the_late(now: datetime) -> int:
    """Sign for the units that let the limit of signing pass (超时签收)."""
    late = Assignment.objects.filter(
        sign_due_at__lte=now, state=Assignment.State.PENDING, voided_at=None
    ).filter(ticket__status__in=WITH_UNIT - PAUSED)
    turns = list(
        late.order_by("sign_due_at", "pk").select_related("ticket", "department")[:AT_ONCE]
    )
    for turn in turns:
        _sign(turn)
    return len(turns)


def _sign(turn: Assignment) -> None:
    if turn.part == Assignment.Part.LEAD:
        sign(turn.ticket, by=Party.SYSTEM)
    else:
        receive(turn.ticket, by=Party.SYSTEM, turn=turn)


def _contact_card(turn: Assignment, now: datetime) -> Card:
    return Card(
        ticket_id=turn.ticket_id,
        department_id=turn.department_id,
        level=LEVEL.RED,
        clock=TimeLimit.Clock.CONTACT,
        due_at=turn.contact_due_at or now,
        at=now,
    )


def keep_promises(now: datetime | None = None) -> int:
    """Resume what was promised for today, and what no progress was noted of (承诺到期、未填报进展).

    The second is supervised (督办). Returns how many were resumed.
    """
    moment = now or timezone.now()
    suspended = Ticket.objects.filter(status=Status.SUSPENDED)
    reached = suspended.filter(due_at__lte=moment)
    since = moment - timedelta(days=number(Parameter.Name.PROGRESS_DAYS))
    silent = Promise.objects.filter(accepted=True, ended_at=None, noted_at__lt=since)
    done = sum(_resume(row, DAY_CAME) for row in reached[:AT_ONCE])
    neglected = suspended.filter(pk__in=silent.values("ticket"))
    return done + sum(_resume(row, NOTHING_NOTED, neglected=True) for row in neglected[:AT_ONCE])


@transaction.atomic
def _resume(row: Ticket, note: str, *, neglected: bool = False) -> bool:
    try:
        resume(row, by=Party.SYSTEM, note=note)
    except WrongState:  # resumed a moment ago
        return False
    if neglected:
        supervise(row, by=Party.SYSTEM, note=note)
    return True
