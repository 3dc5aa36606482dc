"""The same request twenty times at one moment makes one ticket, on either database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from tests.factories import Units
from tickets.models import Ticket

AT_ONCE = 20
READY_S = 30
BODY = {"text": "望河花园3栋楼道灯坏了半个月，请派人修理。", "phone": "13812345678"}


def send(gate: Barrier, body: dict[str, str], key: str) -> tuple[int, str]:
    """Send when all are ready, from a thread with a connection of its own."""
    try:
        gate.wait()
        answer = Client().post(
            "/api/v1/requests/", body, content_type="application/json", HTTP_IDEMPOTENCY_KEY=key
        )
        return answer.status_code, answer.json().get("number", "")
    finally:
        connection.close()


def send_all(bodies: list[dict[str, str]], key: str) -> list[tuple[int, str]]:
    gate = Barrier(len(bodies), timeout=READY_S)
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(lambda body: send(gate, body, key), bodies))


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_make_one_ticket(units: Units) -> None:
    answers = send_all([BODY] * AT_ONCE, "click-1")

    ticket = Ticket.objects.get()
    assert answers == [(201, ticket.number)] * AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_of_different_bodies_under_one_key_one_wins_and_the_others_conflict(units: Units) -> None:
    bodies = [{"text": f"第{n}盏路灯不亮，请派人修理。"} for n in range(AT_ONCE)]

    answers = send_all(bodies, "click-2")

    ticket = Ticket.objects.get()
    assert sorted(answers, reverse=True) == [(409, "")] * (AT_ONCE - 1) + [(201, ticket.number)]
