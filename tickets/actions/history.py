"""The only writer of a ticket's history: steps sealed one with the other, their words beside."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models

from tickets.models import Entry, EntryNote, Ticket

AT_ONCE = 1_000
Put = Callable[[type[models.Model], Sequence[models.Model]], None]


def entered(*, note: str = "", **columns: Any) -> Entry:
    """Make a history entry (流转记录) with what was said; not yet sealed nor saved."""
    entry = Entry(**columns)
    if note:
        entry.words = EntryNote(text=note, salt=secrets.token_hex(16))
        entry.note_digest = entry.words.digest()
    return entry


def seal(ticket: Ticket, entries: Iterable[Entry]) -> None:
    """Chain the next entries of TICKET to its history (上链); the ticket holds the last seal."""
    for entry in entries:
        entry.seal = entry.reckon(ticket.number, ticket.history_seal)
        ticket.history_seal = entry.seal


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write rows that are all new (写入)."""
    model._default_manager.bulk_create(rows, AT_ONCE)


def write(entries: Sequence[Entry], put: Put = insert) -> None:
    """Write sealed entries and their words (写入流转记录), by whatever PUTs rows in their table."""
    put(Entry, entries)
    words = [(entry, entry.words) for entry in entries if entry.note_digest]
    for entry, note in words:
        note.entry = entry
    put(EntryNote, [note for _, note in words])
