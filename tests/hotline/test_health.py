"""/healthz: what is well, and what is too ill to take requests in."""

import pytest
from django.test import Client
from django.utils import timezone

from hotline import health
from outbox.models import Delivery
from outbox.presence import hold, report


def dead_letter() -> Delivery:
    now = timezone.now()
    state = Delivery.State.DEAD
    return Delivery(event="x", payload={}, subscriber="y", state=state, due_at=now, created_at=now)


@pytest.mark.django_db
def test_all_is_well_while_somebody_delivers(client: Client) -> None:
    report()
    with hold():
        answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.django_db
def test_without_workers_it_is_degraded_and_takes_requests(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["parts"]["broker"]["state"] == "no worker"


@pytest.mark.django_db
def test_dead_letters_are_counted(client: Client) -> None:
    Delivery.objects.bulk_create([dead_letter(), dead_letter()])

    outbox = client.get("/healthz").json()["parts"]["outbox"]

    assert (outbox["dead"], outbox["state"]) == (2, "dead letters")


def test_without_a_database_nothing_can_be_taken_in(client: Client) -> None:
    answer = client.get("/healthz")  # pytest bars this test from the database

    assert answer.status_code == 503
    assert answer.json()["parts"]["database"]["state"] == health.DOWN
