"""Asks for the list pages and the assist panel again and again, in the process itself."""

import json
import os
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from django.test import Client  # noqa: E402  # needs the applications loaded

import hotline.asgi  # noqa: E402, F401  # the server's own rhythm of collecting garbage
from accounts.models import Role, User  # noqa: E402
from hotline.assist import assist  # noqa: E402
from tests.benchmarks.machine import percentile  # noqa: E402
from tests.stage.load import demands  # noqa: E402

TIMES = 40
WARM = 3
LISTS = (
    ("dispatch queue", "/dispatch/", Role.DISPATCHER),
    ("work list", "/worklist/", Role.SIGNER),
    ("call-backs", "/callbacks/", Role.CALLBACK),
    ("supervision board", "/supervision/", Role.SUPERVISOR),
)
Row = tuple[str, float, float]


def one_of(role: Role) -> User:
    """Give somebody with the role."""
    return User.objects.filter(memberships__role=role).order_by("pk")[:1].get()


def timed(name: str, act: Callable[[int], object]) -> Row:
    """Do it TIMES times after some unmeasured ones; give the median and the 95th percentile."""
    taken = []
    for n in range(WARM + TIMES):
        began = time.perf_counter()
        act(n)
        taken.append((time.perf_counter() - began) * 1000)
    return name, percentile(taken[WARM:], 0.5), percentile(taken[WARM:], 0.95)


def list_page(name: str, address: str, role: Role) -> Row:
    """Open a list page as somebody who works with it."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(one_of(role))

    def open_page(n: int) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return timed(name, open_page)


def assist_panel() -> Row:
    """Ask for all that helps an agent, for words that differ each time."""
    agent, words = one_of(Role.AGENT), demands()

    return timed("assist", lambda n: assist(user=agent, text=next(words)["text"]).as_data())


if __name__ == "__main__":
    rows = [list_page(*page) for page in LISTS]
    sys.stdout.write(json.dumps({"rows": [*rows, assist_panel()]}))
