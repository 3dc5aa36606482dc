"""Steps of many tickets as one transaction: locked, saved, recorded, told with few statements."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from outbox.bus import publish
from tickets.actions import history
from tickets.events import TicketMoved
from tickets.models import Entry, Ticket


@dataclass
class Batch:
    """The locked rows, what they held at first, and what is written at the end."""

    rows: dict[int, Ticket] = field(default_factory=dict)
    held: dict[int, dict[str, Any]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    events: list[TicketMoved] = field(default_factory=list)


_batch: ContextVar[Batch | None] = ContextVar("batch", default=None)


def current() -> Batch | None:
    """Give the batch that steps are now part of, if any."""
    return _batch.get()


def locked(tickets: Collection[Ticket]) -> QuerySet[Ticket]:
    """Take the rows for this transaction, in one order everywhere."""
    rows = Ticket.objects.select_related("lead", "respondent", "category").order_by("pk")
    return rows.select_for_update(of=("self",)).filter(pk__in=[ticket.pk for ticket in tickets])


def row_of(ticket: Ticket) -> Ticket:
    """Give the locked row of a ticket of the batch that is on."""
    batch = _batch.get()
    if batch is None:
        raise LookupError("no batch is on")
    return batch.rows[ticket.pk]


@contextmanager
def together(tickets: Collection[Ticket]) -> Iterator[None]:
    """Do steps of these tickets in one transaction (批量流转).

    A step that is refused changes nothing of its ticket; any other error undoes all.
    """
    with transaction.atomic():
        batch = Batch({row.pk: row for row in locked(tickets)})
        batch.held = {pk: values(row) for pk, row in batch.rows.items()}
        token = _batch.set(batch)
        try:
            yield
        finally:
            _batch.reset(token)
        for pk, row in batch.rows.items():
            save_changes(row, batch.held[pk])
        history.write(batch.entries)
        publish(*batch.events)


def values(row: Ticket) -> dict[str, Any]:
    """Note what the row holds, to tell later which columns a step changed."""
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


def put_back(row: Ticket, held: dict[str, Any]) -> None:
    """Let the row hold again what it held before."""
    for name, value in held.items():
        setattr(row, name, value)


def save_changes(row: Ticket, held: dict[str, Any]) -> None:
    """Save the columns that changed."""
    row.save(update_fields=[name for name, value in values(row).items() if value != held[name]])
