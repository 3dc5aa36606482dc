"""Back-tests: both sides on tickets neither has seen, and the rule that follows from them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings

from city import actions as city
from tests.factories import Units
from tests.tickets.routing.lessons import a_month, few_matters
from tickets.models import RoutingModel
from tickets.routing import backtest, feedback, keywords, store, training
from tickets.routing.classifier import Classifier
from tickets.routing.feedback import Lesson
from tickets.tasks import train_routing

State = RoutingModel.State


@pytest.fixture(autouse=True)
def city_data(units: Units, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    city.load_taxonomy()
    few_matters()
    cache.delete(training.LEARNING)


def lesson(n: int, days_ago: float, matter: str = "0101") -> Lesson:
    at = timezone.now() - timedelta(days=days_ago)
    return Lesson(n, f"第{n}件占道", matter, None, None, at)


def wrong() -> Classifier:
    """A classifier that knows nothing but water."""
    return Classifier(keywords.marks).fit(
        ["停水了"] * 3 + ["物业"] * 2, ["0401"] * 3 + ["0201"] * 2
    )


def test_the_last_weeks_are_held_back() -> None:
    lessons = [lesson(n, days_ago=n) for n in range(100)]

    past, unseen = backtest.split(lessons, timezone.now())

    assert len(unseen) == 21
    assert min(row.at for row in unseen) > max(row.at for row in past)


def test_of_a_young_city_only_the_newest_fifth_is_held_back() -> None:
    past, unseen = backtest.split([lesson(n, n / 100) for n in range(100)], timezone.now())

    assert (len(past), len(unseen)) == (80, 20)


def test_coverage_is_the_largest_share_that_holds() -> None:
    sure, right = [0.9, 0.8, 0.7, 0.6], [True, True, False, True]

    assert backtest.coverage(sure, right, 0.97) == 50
    assert backtest.coverage(sure, right, 0.7) == 100
    assert backtest.coverage([], [], 0.97) == 0


def test_both_sides_are_judged_and_what_changes_is_named() -> None:
    tickets = a_month()
    past, unseen = backtest.split(feedback.lessons(), timezone.now())

    found = backtest.compare(training.twin(past), wrong(), unseen)

    assert found["rows"] == len(unseen) == 24
    assert found["candidate"]["accuracy"] > found["live"]["accuracy"]
    assert found["better"] > found["worse"] == 0
    assert {row[0] for row in found["changes"]} <= {ticket.number for ticket in tickets}
    assert found["changes"][0][2] == found["changes"][0][3]
    assert [row[1] for row in found["matters"]] == [8, 8, 8]


def test_too_few_tickets_prove_nothing() -> None:
    found = backtest.compare(wrong(), wrong(), [lesson(n, 1) for n in range(5)])

    assert "太少" in found["why"]
    assert backtest.worth_it(found) == ""


@pytest.mark.parametrize(
    ("gain", "worst", "goes"),
    [(0.5, 3.0, True), (0.4, 0.0, False), (5.0, 3.1, False), (-2.0, 0.0, False)],
)
def test_the_rule_asks_for_a_gain_and_spares_every_unit(
    gain: float, worst: float, goes: bool
) -> None:
    figures = {
        "candidate": {"accuracy": 90.0 + gain},
        "live": {"accuracy": 90.0},
        "worst_unit": worst,
    }

    assert bool(backtest.worth_it(figures)) is goes


def test_a_unit_that_gets_worse_is_noticed() -> None:
    assert backtest._loss(["市城管局", 20, 18, 15]) == 15


def test_a_candidate_waits_for_a_person_where_nothing_is_gained() -> None:
    a_month()
    first = training.begin()

    version = train_routing()

    assert first is not None
    assert store.live_version() == first.version
    candidate = RoutingModel.objects.get(version=version)
    assert candidate.state == State.CANDIDATE
    assert candidate.backtest["changed"] == 0


def test_a_candidate_that_is_better_goes_live_by_rule() -> None:
    a_month()
    first = training.begin()
    assert first is not None
    store.write(first.version, wrong(), store.PAST)

    version = train_routing()

    promoted = RoutingModel.objects.get(version=version)
    assert promoted.state == State.LIVE
    assert "个百分点" in promoted.note
    assert store.has(first.version)


def test_two_trainings_do_not_run_at_once() -> None:
    a_month()

    with training.alone() as mine:
        second = train_routing()

    assert mine
    assert second == ""
    assert training.progress() is None


def test_files_of_versions_that_were_refused_are_thrown_away() -> None:
    a_month()
    training.begin()
    older = train_routing()

    newer = train_routing()

    assert not store.has(older)
    assert store.has(newer)


def test_a_process_that_took_no_part_serves_the_version_in_force() -> None:
    a_month()
    training.begin()
    served = store.current()
    version = train_routing()

    RoutingModel.objects.filter(state=State.LIVE).update(state=State.FORMER)
    RoutingModel.objects.filter(version=version).update(state=State.LIVE)

    assert served is not None
    assert served.version != version
    now = store.current()
    assert now is not None
    assert now.version == version
