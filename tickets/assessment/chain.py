"""Whether the history of tickets stands as it was written: every seal, every word, every row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef

from tickets.models import Entry, Ticket
from tickets.selectors import step_label

AT_ONCE = 2_000
TICKET = ("ticket__number", "ticket__version", "ticket__history_seal")


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one ticket's history (篡改痕迹), in words for a person."""

    number: str
    what: str
    version: int = 0
    """The step that is concerned; 0: the whole history."""


def flaws(number: str = "") -> Iterator[Flaw]:
    """Find what was changed, removed or added in the histories (核验流转记录): all, or one's."""
    tickets = Ticket.objects.filter(number=number) if number else Ticket.objects.all()
    rows = Entry.objects.select_related("ticket", "words").order_by("ticket_id", "version")
    rows = rows.only(*Entry.sealed, "at", "seal", "words__text", "words__salt", *TICKET)
    if number:
        rows = rows.filter(ticket__number=number)
    for _, entries in groupby(rows.iterator(AT_ONCE), lambda entry: entry.ticket_id):
        yield from _of_one(list(entries))
    bare = tickets.filter(~Exists(Entry.objects.filter(ticket=OuterRef("pk"))))
    for lost in bare.values_list("number", flat=True).iterator(AT_ONCE):
        yield Flaw(lost, "全部流转记录被删除")


def _of_one(entries: Sequence[Entry]) -> Iterator[Flaw]:
    ticket, expected, before = entries[0].ticket, 1, ""
    for entry in entries:
        for gone in range(expected, entry.version):
            yield Flaw(ticket.number, "被删除", gone)
        follows = entry.version == expected
        if follows and entry.reckon(ticket.number, before) != entry.seal:
            yield Flaw(ticket.number, f"“{step_label(entry)}”被改动", entry.version)
        if what := _words_of(entry):
            yield Flaw(ticket.number, f"“{step_label(entry)}”的意见原文{what}", entry.version)
        before, expected = entry.seal, entry.version + 1
    yield from _end(ticket, entries[-1])


def _words_of(entry: Entry) -> str:
    if not hasattr(entry, "words"):
        return "被删除" if entry.note_digest else ""
    if not entry.note_digest:
        return "为后来添加"
    return "被改动" if entry.words.digest() != entry.note_digest else ""


def _end(ticket: Ticket, last: Entry) -> Iterator[Flaw]:
    """Hold the last step against what the ticket says of it."""
    for gone in range(last.version + 1, ticket.version + 1):
        yield Flaw(ticket.number, "被删除", gone)
    if last.version > ticket.version:
        yield Flaw(ticket.number, f"“{step_label(last)}”为后来添加", last.version)
    elif last.version == ticket.version and last.seal != ticket.history_seal:
        yield Flaw(ticket.number, "与工单登记的末摘要不符，整条记录可能被替换")
