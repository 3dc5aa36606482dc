"""Writes whole histories in few statements."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.fields import phone_hash
from city.selectors import named_places
from tickets.actions import history, numbering, oversight
from tickets.backfill import copying
from tickets.backfill.past import Past
from tickets.models import (
    Assignment,
    CallbackAttempt,
    ClockStop,
    ContactAttempt,
    Extension,
    Handling,
    Opinion,
    Promise,
    Rating,
    Reply,
    Return,
    Routing,
    Supervision,
    Ticket,
)
from tickets.workflow import FINAL

LEVELS = 4
"""City, district, street, community: what was handed down is written after whose it was."""


@transaction.atomic
def write(pasts: Sequence[Past], area: str) -> None:
    """Write histories with fresh numbers (批量写入), in few statements."""
    days = [timezone.localdate(past.ticket.accepted_at) for past in pasts]
    for past, number in zip(pasts, numbering.draw(area, days), strict=True):
        past.ticket.number = number
        _end_supervision(past)
        history.seal(past.ticket, past.entries)
    copying.write(Ticket, [past.ticket for past in pasts])
    for past in pasts:
        for row in _children(past):
            row.ticket = past.ticket
    history.write([row for past in pasts for row in past.entries], copying.write)
    for depth in range(LEVELS):
        _write(Assignment, (row for p in pasts for row in p.turns if _depth(row) == depth))
    _write(Opinion, (row for past in pasts for row in past.opinions))
    _write(Return, (row for past in pasts for row in past.returns))
    _write(Handling, (row for past in pasts for row in past.handlings))
    _write(ContactAttempt, (row for past in pasts for row in past.contacts))
    _write(Reply, (row for past in pasts for row in past.replies))
    _write(CallbackAttempt, (row for past in pasts for row in past.callbacks))
    _write(Rating, (row for past in pasts for row in past.ratings))
    _write(ClockStop, (row for past in pasts for row in past.stops))
    _write(Promise, (row for past in pasts for row in past.promises))
    _write(Extension, (row for past in pasts for row in past.extensions))
    _write(Supervision, (row for past in pasts for row in past.supervisions))
    _write(Routing, (past.routing for past in pasts if past.routing))


def renew(past: Past, **said: str) -> None:
    """Let a history be that of another demand (同样经过的另一件), which is not yet written.

    For what lies with one unit at a time: turns that were handed down keep whose they were.
    """
    ticket = past.ticket
    for name, value in said.items():
        setattr(ticket, name, value)
    ticket.places = named_places("\n".join((ticket.place, ticket.title, ticket.text)))
    ticket.phone_hash = phone_hash(ticket.phone)
    ticket.history_seal = ""
    for row in [ticket, *_children(past)]:
        row.pk = None


def _children(past: Past) -> list[Any]:
    single = [past.routing] if past.routing else []
    return [
        *past.entries,
        *past.turns,
        *past.returns,
        *past.handlings,
        *past.contacts,
        *past.replies,
        *past.callbacks,
        *past.ratings,
        *past.stops,
        *past.promises,
        *past.extensions,
        *past.supervisions,
        *single,
    ]


def _end_supervision(past: Past) -> None:
    """Let what was demanded end with the ticket (督办结束), or with what was demanded next."""
    row = past.ticket
    for each, later in pairwise(past.supervisions):
        each.ended_at, each.result, each.ended_by = later.at, oversight.TAKEN_UP, later.by
    if past.supervisions and row.status in FINAL:
        past.supervisions[-1].ended_at = row.moved_at if row.closed_at is None else row.closed_at
        past.supervisions[-1].result = oversight.OVER
        row.supervise_level, row.explain_due_at = 0, None


def _depth(turn: Assignment) -> int:
    return 1 + _depth(turn.parent) if turn.parent else 0


def _write(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    copying.write(model, list(rows))
