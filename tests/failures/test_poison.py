"""A delivery that cannot arrive: given up after its attempts, seen by a person, tried again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from outbox import bus
from outbox.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class BellRang(bus.Event):
    """A bell rang, for these tests only."""

    name: ClassVar[str] = "test.bell_rang"
    bell: int


@pytest.fixture
def mended() -> Iterator[list[bool]]:
    """Whether the subscriber has been mended; until then every event breaks it."""
    state = [False]

    @bus.subscribe(BellRang, name="test.bells")
    def listen(events: Sequence[BellRang]) -> None:
        if not state[0]:
            raise ValueError("钟坏了")

    yield state
    bus.unsubscribe("test.bells")


@pytest.fixture
def dead(mended: list[bool]) -> Delivery:
    with transaction.atomic():
        bus.publish(BellRang(1))
    for _ in range(bus.MAX_ATTEMPTS):
        Delivery.objects.update(due_at=timezone.now())
        bus.drain_all()
    return Delivery.objects.get()


def test_a_poisoned_delivery_is_given_up_and_shown(
    dead: Delivery, client: Client, supervisor: User
) -> None:
    client.force_login(supervisor)

    health = client.get("/healthz").json()
    page = client.get("/supervision/").content.decode()

    assert dead.state == Delivery.State.DEAD
    assert health["parts"]["outbox"]["dead"] == 1
    assert "钟坏了" in page


def test_a_person_tries_it_again_once_the_fault_is_mended(
    dead: Delivery, mended: list[bool], client: Client, supervisor: User
) -> None:
    mended[0] = True
    client.force_login(supervisor)

    client.post(f"/supervision/deliveries/{dead.pk}/retry/")
    bus.drain_all()

    assert not Delivery.objects.exists()
