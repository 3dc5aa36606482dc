"""How far the platform decides by itself: thresholds per matter, and when it loses the right."""

from datetime import timedelta
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from city import actions as city
from city.models import Category, Parameter
from tests.factories import Units
from tests.tickets.routing.lessons import a_month, few_matters
from tests.tickets.steps import accepted
from tickets import actions, routing
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import Pause, RoutingModel, Ticket
from tickets.routing import authority, store, training
from tickets.routing.classifier import ALL, ENOUGH, Judged
from tickets.tasks import keep_authority
from tickets.workflow import Party


@pytest.fixture(autouse=True)
def city_data(units: Units, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    city.load_taxonomy()


def stalls() -> Category:
    return Category.objects.get(code="0101")


def sent(units: Units, version: str = "v1", sure: float = 0.9) -> Ticket:
    """Have the machine take a demand for 占道 and send it to 市城管局."""
    ticket = accepted("流动摊贩占道", phone="")
    said = {
        "categories": [{"code": "0101", "confidence": sure}],
        "units": [],
        "decision": {"auto": True},
    }
    actions.save_routings([(ticket, version, said)])
    actions.screen(ticket, by=Party.SYSTEM, category=stalls())
    return actions.dispatch(ticket, to=units.urban, by=Party.SYSTEM)


def misled(units: Units, dispatcher: User) -> Ticket:
    return actions.redirect(sent(units), to=units.housing, by=dispatcher)


def test_what_people_redirected_was_wrong_and_what_stayed_was_not(
    units: Units, dispatcher: User
) -> None:
    right, wrong = sent(units), misled(units, dispatcher)

    found = {row.ticket: (row.matter, row.wrong) for row in authority.sent_since(right.created_at)}

    assert found == {right.pk: ("0101", False), wrong.pk: ("0101", True)}


def test_too_many_wrong_ones_pause_the_matter_and_the_board_says_so(
    units: Units, dispatcher: User, supervisor: User, client: Client
) -> None:
    for _ in range(5):
        misled(units, dispatcher)

    named = keep_authority()
    client.force_login(supervisor)
    board = client.get("/supervision/").content.decode()

    assert named == [stalls().name]
    assert "自动派单已暂停" in board
    assert "0101" in authority.paused()
    assert keep_authority() == []


def test_a_paused_matter_goes_to_a_person(units: Units) -> None:
    actions.pause(stalls(), sent=10, wrong=3, wished=0.97)

    why = routing.suggest("流动摊贩占道").decision.why

    assert any("已暂停" in reason for reason in why)


def test_one_accident_is_no_reason(units: Units, dispatcher: User) -> None:
    misled(units, dispatcher)
    for _ in range(8):
        sent(units)

    assert keep_authority() == []


@pytest.mark.parametrize(("wrong", "least", "most"), [(0, 1, 1), (1, 0.13, 0.15), (3, 0, 0.001)])
def test_the_chance_of_an_accident(wrong: int, least: float, most: float) -> None:
    assert least <= authority.chance_of(5, wrong, 0.03) <= most


def test_a_person_gives_the_right_back_with_a_reason(
    units: Units, dispatcher: User, supervisor: User
) -> None:
    for _ in range(5):
        misled(units, dispatcher)
    keep_authority()
    [pause] = authority.pauses()

    with pytest.raises(Invalid):
        actions.lift(pause, by=supervisor, note=" ")
    with pytest.raises(NotAllowed):
        actions.lift(pause, by=dispatcher, note="已修改目录")
    actions.lift(pause, by=supervisor, note="派单目录已修改")
    with pytest.raises(WrongState):
        actions.lift(pause, by=supervisor, note="再来一次")

    assert authority.paused() == {}
    assert keep_authority() == []
    assert Pause.objects.get().lifted_by == supervisor


def test_a_matter_with_enough_texts_has_a_threshold_of_its_own() -> None:
    many = ENOUGH
    sure = np.concatenate([np.linspace(0.5, 1, many), np.linspace(0.5, 1, many)])
    right = np.concatenate([np.ones(many), np.tile([1.0, 0.0], many // 2)])
    said = np.array([*repeat("0101", many), *repeat("0401", many)])

    found = Judged(sure, right, said, said, np.ones(2 * many, dtype=np.bool_)).thresholds(0.97)

    assert found["0101"] == 0.5
    assert found["0401"] > 1
    assert ALL in found


def test_a_higher_wish_raises_the_thresholds_without_a_new_model() -> None:
    few_matters()
    a_month()
    training.begin()
    before = RoutingModel.objects.get().thresholds
    name = Parameter.Name.ROUTING_PRECISION
    Parameter.objects.create(name=name, amount=100, valid_from=timezone.localdate())
    city.mark_changed()

    authority.recheck()
    live = store.current()

    assert live is not None
    assert live.threshold("0101") >= before[ALL]
    assert RoutingModel.objects.get().metrics["wished_precision"] == 1


def test_what_became_of_real_tickets_raises_a_threshold(units: Units, dispatcher: User) -> None:
    few_matters()
    a_month()
    first = training.begin()
    assert first is not None
    for _ in range(authority.ENOUGH):
        ticket = sent(units, first.version, sure=1.0)
        actions.screen(actions.take_back(ticket, by=dispatcher), by=dispatcher, category=_water())
        actions.dispatch(ticket, to=units.water, by=dispatcher)

    changed = authority.recheck()

    assert changed["0101"] > 1
    assert authority.recheck() == {}


def _water() -> Category:
    return Category.objects.get(code="0401")


def test_old_mistakes_are_forgotten(units: Units, dispatcher: User) -> None:
    for _ in range(5):
        misled(units, dispatcher)

    later = authority.check(timezone.now() + timedelta(days=40))

    assert later == []
