"""What the house does by the clock: a first model as soon as there is something to learn from."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings

from city import actions as city
from city.models import Category
from hotline.tasks import keep_model
from tests.factories import Units
from tickets import actions
from tickets.models import RoutingModel, Source, Ticket
from tickets.routing import store, suggest
from tickets.routing.training import LEARNING
from tickets.workflow import Party, Status

SAID = {"0101": "流动摊贩占道经营", "0401": "自来水停了没有水", "0201": "物业不管保洁"}


@pytest.fixture
def settled(units: Units, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    city.load_taxonomy()
    Category.objects.filter(level=2).exclude(code__in=SAID).update(active=False)
    for n in range(66):
        code, words = list(SAID.items())[n % 3]
        ticket = actions.accept(text=f"柳林社区{n}号{words}", source=Source.WEB, by=Party.SYSTEM)
        category = Category.objects.get(code=code)
        Ticket.objects.filter(pk=ticket.pk).update(
            status=Status.CLOSED, category=category, replied_at=timezone.now()
        )


@pytest.mark.django_db
def test_the_first_model_is_trained_once(settled: None) -> None:
    keep_model()
    first = RoutingModel.objects.get()
    keep_model()

    assert first.state == RoutingModel.State.LIVE
    assert RoutingModel.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"nothing of ours", b"cos\nno_such_name\n."])
def test_a_model_that_cannot_be_read_is_trained_anew(
    settled: None, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_model()
    old = RoutingModel.objects.get()
    store.folder().joinpath(f"{old.version}.model").write_bytes(content)
    monkeypatch.setattr(store, "_loaded", None)

    assert suggest("柳林社区流动摊贩占道经营").categories
    keep_model()

    live = RoutingModel.objects.get(state=RoutingModel.State.LIVE)
    assert live != old
    assert store.current() is not None


@pytest.mark.django_db
def test_two_workers_do_not_train_at_once(settled: None) -> None:
    cache.add(LEARNING, True)

    keep_model()
    cache.delete(LEARNING)

    assert not RoutingModel.objects.exists()


@pytest.mark.django_db
def test_an_empty_city_learns_nothing_and_may_try_again() -> None:
    keep_model()

    assert not RoutingModel.objects.exists()
    assert cache.get(LEARNING) is None
