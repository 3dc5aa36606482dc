"""The outbox: written with the change, delivered at least once, never silently dropped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from outbox import actions, bus, presence, selectors, tasks
from outbox.models import Delivery


@dataclass(frozen=True)
class LampBroke(bus.Event):
    """A lamp broke, for these tests only."""

    name: ClassVar[str] = "test.lamp_broke"
    lamp: int
    units: tuple[int, ...] = ()


@pytest.fixture
def heard() -> Iterator[list[list[LampBroke]]]:
    """The batches that the test's subscriber got; lamp 13 makes it fail, lamp 7 is away."""
    batches: list[list[LampBroke]] = []

    @bus.subscribe(LampBroke, name="test.listener")
    def listen(events: Sequence[LampBroke]) -> None:
        if any(event.lamp == 13 for event in events):
            raise ValueError("lamp 13")
        if any(event.lamp == 7 for event in events):
            raise ConnectionError("the engine is away")
        batches.append(list(events))

    yield batches
    bus.unsubscribe("test.listener")


def publish(*lamps: int) -> None:
    with transaction.atomic():
        for lamp in lamps:
            bus.publish(LampBroke(lamp=lamp, units=(1, lamp)))


def make_due() -> None:
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused(heard: list[list[LampBroke]]) -> None:
    with pytest.raises(bus.PublishOutsideTransaction):
        bus.publish(LampBroke(lamp=1))


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_publishes_nothing(heard: list[list[LampBroke]]) -> None:
    with transaction.atomic():
        bus.publish(LampBroke(lamp=1))
        transaction.set_rollback(True)

    assert Delivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_events_arrive_once_in_order_in_one_batch(heard: list[list[LampBroke]]) -> None:
    publish(1, 2, 3)

    bus.drain_all()
    bus.drain_all()

    assert heard == [[LampBroke(lamp=n, units=(1, n)) for n in (1, 2, 3)]]
    assert Delivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_one_poisoned_event_does_not_hold_up_the_others(heard: list[list[LampBroke]]) -> None:
    publish(1, 13, 2)

    bus.drain_all()

    assert [[e.lamp for e in batch] for batch in heard] == [[1], [2]]
    assert Delivery.objects.get().error == "ValueError: lamp 13"


@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_dead_after_its_last_attempt_and_can_be_retried(
    heard: list[list[LampBroke]],
) -> None:
    publish(13)
    for _ in range(bus.MAX_ATTEMPTS):
        make_due()
        bus.drain_all()
    dead = Delivery.objects.get()
    assert selectors.lag().dead == 1
    assert list(selectors.dead()) == [dead]

    actions.retry(dead)

    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == (Delivery.State.PENDING, 0)


@pytest.mark.django_db(transaction=True)
def test_a_lease_ends_by_itself_when_its_process_dies(heard: list[list[LampBroke]]) -> None:
    publish(1)
    bus.claim(None)  # a process took it and died
    bus.drain_all()
    assert heard == []

    bus.release_leases()
    bus.drain_all()

    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_waiting_for_a_cause_delivers_what_follows_from_it(heard: list[list[LampBroke]]) -> None:
    with bus.cause() as mark:
        publish(1)
    publish(2)

    bus.wait_for(mark, timeout=5)

    assert not Delivery.objects.filter(cause=mark).exists()


@pytest.mark.django_db(transaction=True)
def test_the_lag_is_the_age_of_the_oldest(heard: list[list[LampBroke]]) -> None:
    assert selectors.lag().lag_s == 0
    publish(1)
    Delivery.objects.update(created_at=timezone.now() - timedelta(seconds=90))

    lag = selectors.lag("default")

    assert lag.waiting == 1
    assert 89 < lag.lag_s < 120


@pytest.mark.django_db(transaction=True)
def test_nothing_dies_of_an_engine_that_is_away_for_long(heard: list[list[LampBroke]]) -> None:
    publish(7, 8)

    for _ in range(bus.MAX_ATTEMPTS + 2):
        make_due()
        bus.drain_all()

    assert selectors.lag().dead == 0
    assert selectors.lag().waiting == 2


@pytest.mark.django_db(transaction=True)
def test_a_sweep_finds_the_queues_in_which_something_is_due(heard: list[list[LampBroke]]) -> None:
    publish(1)

    tasks.sweep()

    assert selectors.due_queues() == ["default"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_drains_its_queue(heard: list[list[LampBroke]]) -> None:
    publish(1)

    tasks.drain_queue("index")
    tasks.drain_queue("default")

    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_costs_no_change(
    heard: list[list[LampBroke]], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    publish(1)
    publish(2)

    assert selectors.lag().waiting == 2
    assert caplog.text.count("no broker for queue default") == 1


def test_a_held_folder_is_held_once(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.DISTRIBUTED = tmp_path, False
    free = presence.somebody_delivers()

    with presence.hold():
        taken = presence.somebody_delivers()
        with pytest.raises(presence.AlreadyServed), presence.hold():
            pass

    assert (free, taken, presence.somebody_delivers()) == (False, True, False)


@pytest.mark.django_db(transaction=True)
def test_batches_give_way_those_of_open_pages_for_a_moment(heard: list[list[LampBroke]]) -> None:
    waits: list[float] = []

    def wait(most: float) -> bool:
        waits.append(most)
        return True

    bus.give_way_to(wait)
    publish(1)

    bus.drain("live")
    bus.drain("default")
    bus.give_way_to(lambda most: True)

    assert waits == [bus.LIVE_WAITS_S, bus.WAITS_S, bus.WAITS_S]
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_while_people_go_on_waiting_batches_are_small(heard: list[list[LampBroke]]) -> None:
    bus.give_way_to(lambda most: False)
    publish(*range(20, 21 + bus.BATCH_BESIDE))

    bus.drain("default")
    bus.give_way_to(lambda most: True)

    assert [len(batch) for batch in heard] == [bus.BATCH_BESIDE, 1]
