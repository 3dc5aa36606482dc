"""Opens every list and a ticket's page as people of many units do, and acts on tickets.

`python -m tests.benchmarks.desks [pages steps ticks]` prints JSON, of all three where none is
named; it asks in the process itself.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from django.db import connection  # noqa: E402  # needs the applications loaded
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

import hotline.asgi  # noqa: E402, F401  # the server's own rhythm of collecting garbage
from accounts.models import Role, User  # noqa: E402
from hotline.demo.growing import MARK  # noqa: E402
from tests.benchmarks.machine import burned, percentile  # noqa: E402
from tests.benchmarks.pages import TIMES, WARM  # noqa: E402
from tickets import actions, policy  # noqa: E402
from tickets.models import Ticket  # noqa: E402
from tickets.workflow import OPEN, Party, Status  # noqa: E402

PEOPLE = 20
ACTS = 200
PAGES = (
    ("dispatch queue", "/dispatch/", Role.DISPATCHER),
    ("unit: to sign", "/worklist/?list=to_sign", Role.SIGNER),
    ("unit: to handle", "/worklist/?list=to_handle", Role.HANDLER),
    ("unit: to release", "/worklist/?list=to_release", Role.AUDITOR),
    ("review", "/review/", Role.REVIEWER),
    ("call-backs", "/callbacks/", Role.CALLBACK),
    ("all tickets", "/tickets/", Role.SUPERVISOR),
    ("all tickets of a unit", "/tickets/", Role.HANDLER),
    ("supervision board", "/supervision/", Role.SUPERVISOR),
)


def people_of(role: Role) -> list[User]:
    """Give some people with the role, spread over the units."""
    rows = User.objects.filter(memberships__role=role, is_active=True).order_by("pk")
    step = max(1, rows.count() // PEOPLE)
    return list(rows[::step][:PEOPLE])


def opened(addresses: Iterator[tuple[User, str]]) -> dict[str, float]:
    """Open pages one after the other; give median and 95th percentile in ms, and the queries.

    Beside them the milliseconds of processor of a page, the database's with ours.
    """
    taken, asked, used = [], [], 0.0
    for n in range(WARM + TIMES):
        used = burned() if n == WARM else used
        user, address = next(addresses)
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        connection.queries_log.clear()  # it keeps some thousands, and counts them as one log
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
        asked.append(len(queries))
        assert answer.status_code == 200, (address, answer.status_code)
    return {
        "p50": percentile(taken[WARM:], 0.5),
        "p95": percentile(taken[WARM:], 0.95),
        "cpu": (burned() - used) / TIMES * 1000,
        "queries": max(asked[WARM:]),
    }


def lists() -> dict[str, dict[str, float]]:
    """Open every list as its people."""
    return {
        name: opened((user, address) for user in cycle(people_of(role)))
        for name, address, role in PAGES
    }


def ticket_pages() -> dict[str, float]:
    """Open tickets' pages as a handler of the unit that has them."""

    def open_ones() -> Iterator[tuple[User, str]]:
        for handler in cycle(people_of(Role.HANDLER)):
            seen = policy.visible_to(handler).order_by("-pk").values_list("number", flat=True)
            for number in seen[:3]:
                yield handler, f"/tickets/{number}/"

    return opened(open_ones())


def acted(status: Status, act: Callable[[Ticket], Any]) -> float:
    """Do one step on many tickets of a state; give how many a second."""
    rows = Ticket.objects.filter(external_number__startswith=MARK, status=status)
    chosen = list(rows.order_by("-pk")[:ACTS])
    began = time.perf_counter()
    for ticket in chosen:
        act(ticket)
    return len(chosen) / (time.perf_counter() - began)


def steps() -> dict[str, float]:
    """Act on tickets one after the other, each in a transaction of its own."""
    supervisor = people_of(Role.SUPERVISOR)[0]
    return {
        "urge": acted(Status.PROCESSING, lambda t: actions.urge(t, by=supervisor)),
        "supervise": acted(
            Status.PENDING_SIGN, lambda t: actions.supervise(t, by=supervisor, note="限期办结")
        ),
        "supplement": acted(
            Status.REPLY_REVIEW,
            lambda t: actions.supplement(t, by=Party.CITIZEN, text="今天又发生了一次"),
        ),
    }


def tick() -> dict[str, float]:
    """Let the minute's tick look over the open tickets; give how many they are, and seconds."""
    began = time.perf_counter()
    shown = actions.show_cards(timezone.now())
    took = time.perf_counter() - began
    return {"open": Ticket.objects.filter(status__in=OPEN).count(), "cards": shown, "s": took}


def ticks() -> dict[str, dict[str, float]]:
    """Let the tick come after an outage, and a minute later."""
    return {"after an outage": tick(), "a minute later": tick()}


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "pages": lambda: lists() | {"ticket's page": ticket_pages()},
    "steps": steps,
    "ticks": ticks,
}


if __name__ == "__main__":
    asked = sys.argv[1:] or list(PARTS)
    said = {"tickets": Ticket.objects.count()} | {name: PARTS[name]() for name in asked}
    sys.stdout.write(json.dumps(said))
