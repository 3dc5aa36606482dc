"""The only writer of a ticket's history: steps sealed one with the other, their words beside."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from tickets.models import Entry, EntryNote, Ticket

AT_ONCE = 1_000


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


def write(entries: Sequence[Entry]) -> None:
    """Write sealed entries and their words (写入流转记录)."""
    Entry.objects.bulk_create(entries, AT_ONCE)
    words = [(entry, entry.words) for entry in entries if entry.note_digest]
    for entry, note in words:
        note.entry = entry
    EntryNote.objects.bulk_create([note for _, note in words], AT_ONCE)
