"""A worker's part in an export: the same rows as on the page, as who asked sees them, to a file."""

import logging
from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from hotline.exports import actions
from hotline.exports.models import Export
from hotline.web import sheets
from hotline.web.gate import until_calm
from hotline.web.ticket.listing import listed
from hotline.web.work.exporting import worked
from tickets import actions as tickets
from tickets.models import Ticket

log = logging.getLogger(__name__)
GIVES_WAY_S = 2
SOURCES: dict[str, Callable[[str, User], QuerySet[Ticket]]] = {
    Export.Source.WORK: worked,
    Export.Source.TICKETS: listed,
}


class _Unwanted(Exception):
    """Somebody removed it meanwhile."""


def write_next() -> bool:
    """Write the next export that waits (写导出文件); tells whether there was one."""
    row = actions.take_up(timezone.now())
    if row is None:
        return False
    try:
        _write(row)
    except _Unwanted:
        row.path.unlink(missing_ok=True)
    except tickets.TooMany:
        actions.fail(row, timezone.now(), for_good=True)
    except Exception:
        log.exception("export %s failed", row.pk)
        actions.fail(row, timezone.now(), for_good=False)
    return True


def _write(row: Export) -> None:
    keys = tickets.keys_of(SOURCES[row.source](row.asked, row.user), by=row.user)
    count = 0

    def lines() -> Iterator[list[str]]:
        nonlocal count
        yield list(tickets.COLUMNS)
        for some in tickets.lines_of(keys, by=row.user):
            yield from some
            count += len(some)
            _report(row, count, len(keys))

    row.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = row.path.with_suffix(".part")
    try:
        with beside.open("wb") as file:
            sheets.write(lines(), row.kind, file)
        beside.rename(row.path)
    finally:
        beside.unlink(missing_ok=True)
    if not actions.finish(row, count, timezone.now()):
        raise _Unwanted


def _report(row: Export, count: int, total: int) -> None:
    if not actions.go_on(row, timezone.now(), written=count, total=total):
        raise _Unwanted
    until_calm(GIVES_WAY_S)
