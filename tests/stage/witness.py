"""Looks into the stores of a stack beside its processes, and says in JSON what is there."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from search import engine, feed  # noqa: E402  # needs the applications loaded
from search.query import Permission, Query, Terms  # noqa: E402
from tickets.indexes import TICKETS  # noqa: E402
from tickets.models import Routing, Ticket  # noqa: E402
from tickets.workflow import Status  # noqa: E402

WINDOW = 100


def tickets() -> list[dict[str, Any]]:
    """List all tickets: number, text, whether matched and routed, whether in the index."""
    rows = list(Ticket.objects.order_by("pk").values_list("pk", "number", "text", "status"))
    routed = set(Routing.objects.values_list("ticket_id", flat=True))
    indexed = _indexed([str(row[0]) for row in rows])
    return [
        {
            "number": number,
            "text": text,
            "routed": pk in routed and status != Status.PENDING_REVIEW,
            "indexed": str(pk) in indexed,
        }
        for pk, number, text, status in rows
    ]


def _indexed(ids: list[str]) -> set[str]:
    engine.current().refresh(TICKETS)
    numbers = Ticket.objects.in_bulk([int(i) for i in ids])
    found: set[str] = set()
    for start in range(0, len(ids), WINDOW):
        wanted = tuple(numbers[int(i)].number for i in ids[start : start + WINDOW])
        query = Query(
            permission=Permission.everything(), filters=[Terms("number", wanted)], limit=WINDOW
        )
        found |= {hit.id for hit in engine.current().search(TICKETS, query).hits}
    return found


def forget() -> None:
    """Remove the indexes of the stack."""
    for each in feed.registered():
        engine.current().drop(each.index)


VERBS: dict[str, Callable[[], Any]] = {"tickets": tickets, "forget": forget}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(VERBS[sys.argv[1]](), ensure_ascii=False))
