"""Matching: evidence that stands in the words, and silence where it is not sure."""

from itertools import product

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from city import actions as city
from city.models import Category
from outbox.bus import drain_all
from tests.factories import Town, Units
from tickets import actions, routing
from tickets.models import DutyItem, RoutingModel, Source, Ticket
from tickets.routing import store, training
from tickets.routing.classifier import Classifier, threshold_for
from tickets.routing.duties import duty_for
from tickets.workflow import Kind, Party, Status

MATTERS = {
    "0101": ["流动摊贩占道", "早市摆摊挡路", "烧烤摊占了人行道", "店外经营堵门", "游商叫卖不走"],
    "0401": ["自来水停水", "水压太低上不了五楼", "水管爆了没人修", "水费多收了", "家里没水"],
    "0201": ["物业费乱涨", "物业保洁不打扫", "业委会公共收益不公开", "小区保安不管", "物业不作为"],
}
KEPT = [*MATTERS, "0102", "0103", "0107", "0203", "0204", "0402", "0403", "0601", "0701"]
WHERE = ["望河花园", "柳林社区", "石鼓社区东门", "北湾社区市场"]
WHEN = ["昨天早上", "这两个礼拜", "从上个月起"]


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


@pytest.fixture
def duties(units: Units, town: Town) -> None:
    rows = {"0101": (units.linxi_urban, town.linxi), "0401": (units.water, None)}
    for code, (unit, region) in rows.items():
        DutyItem.objects.create(
            state=DutyItem.State.PUBLISHED,
            category=Category.objects.get(code=code),
            region=region,
            department=unit,
            basis="职责清单第1项",
            valid_from=timezone.localdate(),
        )
    city.mark_changed()


@pytest.fixture
def model(settings: Settings, tmp_path: object, dispatcher: User) -> RoutingModel:
    settings.DATA_DIR = tmp_path
    other = Category.objects.filter(level=2).exclude(code__in=KEPT)
    other.update(active=False)  # training on two hundred matters takes its time
    for code, phrases in MATTERS.items():
        for phrase, where, when in product(phrases, WHERE, WHEN):
            make_settled(f"{when}{where}{phrase}，请尽快处理", code)
    trained = training.begin()
    assert trained is not None
    return trained


def make_settled(text: str, code: str) -> Ticket:
    ticket = actions.accept(text=text, source=Source.WEB, by=Party.SYSTEM)
    category = Category.objects.get(code=code)
    Ticket.objects.filter(pk=ticket.pk).update(
        status=Status.CLOSED, category=category, replied_at=timezone.now()
    )
    return ticket


def test_without_a_model_keywords_suggest_and_nothing_is_sure(duties: None) -> None:
    found = routing.suggest("望河花园门口流动摊贩占道，早市摆摊")

    assert found.categories[0].category.code == "0101"
    assert "占道" in found.categories[0].words
    assert not found.decision.auto
    assert found.decision.unit is not None


def test_a_place_leads_to_the_territorial_unit(duties: None, units: Units, town: Town) -> None:
    found = routing.suggest("望河花园门口流动摊贩占道")

    assert found.place is not None
    assert found.region == town.wanghe
    assert found.units[0].department == units.linxi_urban
    assert "派单目录" in found.units[0].reasons[0]


def test_what_is_sure_is_dispatched_and_says_why(
    model: RoutingModel, duties: None, units: Units
) -> None:
    ticket = actions.accept(
        text="今天早上望河花园流动摊贩占道，烧烤摊占了人行道，早市摆摊挡路",
        source=Source.WEB,
        by=Party.CITIZEN,
    )
    drain_all()

    ticket.refresh_from_db()
    assert (ticket.status, ticket.lead) == (Status.PENDING_SIGN, units.linxi_urban)
    assert ticket.auto_dispatched
    assert ticket.routing is not None
    assert ticket.routing.decision["auto"]
    assert ticket.routing.model_version == model.version


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("流动摊贩占道，烧烤摊占了人行道，早市摆摊挡路", "未说明地点"),
        ("望河花园物业费乱涨，物业保洁不打扫，物业不作为", "派单目录没有"),
        ("望河花园流动摊贩占道，摊上煤气罐泄漏", "险情"),
        ("望河花园流动摊贩占道，上百人聚集", "群体"),
        ("望河花园今天天气不错", "建议人工"),
    ],
)
def test_what_is_missing_is_said_and_a_person_decides(
    model: RoutingModel, duties: None, text: str, doubt: str
) -> None:
    decision = routing.suggest(text).decision

    assert not decision.auto
    assert any(doubt in why for why in decision.why)


def test_a_unit_for_the_whole_city_needs_no_place(
    model: RoutingModel, duties: None, units: Units
) -> None:
    decision = routing.suggest("家里没水，自来水停水，水管爆了没人修，停水两天").decision

    assert decision.unit == units.water
    assert not any("地点" in why for why in decision.why)


@pytest.mark.parametrize("about", [{"kind": Kind.REPORT}, {"confidential": True}])
def test_reports_and_secrets_always_go_to_a_person(
    model: RoutingModel, duties: None, about: dict[str, object]
) -> None:
    text = "望河花园流动摊贩占道，烧烤摊占了人行道"

    decision = routing.suggest(text, **about).decision  # type: ignore[arg-type]  # one of two

    assert not decision.auto


def test_the_evidence_stands_in_the_words(model: RoutingModel, duties: None) -> None:
    text = "望河花园流动摊贩占道，烧烤摊占了人行道"

    best = routing.suggest(text).categories[0]

    assert best.words
    assert all(word in text for word in best.words)


def test_training_is_deterministic(model: RoutingModel) -> None:
    first = store.current()
    again = training.begin()
    assert again is not None
    second = store.current()

    assert first is not None
    assert second is not None
    text = ["望河花园占道经营"]
    assert first.classifier.guesses(text) == second.classifier.guesses(text)
    assert again.thresholds == model.thresholds


def test_too_few_tickets_train_nothing(units: Units) -> None:
    assert training.begin() is None
    assert training.renew() is None


def test_texts_of_one_mould_stay_together() -> None:
    mould = "楼下摊贩每天早上六点开始吆喝"
    texts = [f"{mould}甲", f"乙{mould}", "完全不同的一件事情说的是别的"]

    first, second, third = training.moulds(texts, ["a", "a", "a"])

    assert first == second != third


def test_a_precision_that_never_holds_lets_nothing_through() -> None:
    import numpy as np

    sure, right = np.linspace(1, 0, 100), np.tile([1.0, 0.0], 50)

    assert threshold_for(sure, right, 0.97) == (1.01, 0.0)


def test_a_person_who_was_faster_wins(duties: None, dispatcher: User, units: Units) -> None:
    ticket = actions.accept(text="望河花园占道", source=Source.WEB, by=Party.CITIZEN)
    actions.dispatch(ticket, to=units.urban, by=dispatcher)

    drain_all()

    ticket.refresh_from_db()
    assert ticket.lead == units.urban


def test_a_classifier_without_any_keyword_still_learns() -> None:
    texts, labels = ["苹果很甜"] * 3 + ["天气很冷"] * 3, ["a"] * 3 + ["b"] * 3

    model = Classifier(lambda _: []).fit(texts, labels)

    assert model.guesses(["苹果很甜"], 1)[0][0].label == "a"


def test_without_a_place_no_street_is_guessed(units: Units, town: Town) -> None:
    matter = Category.objects.filter(level=2, route_level="street").exclude(dept_type="").first()
    assert matter is not None
    Category.objects.filter(pk=matter.pk).update(dept_type="jz")
    matter.refresh_from_db()

    assert duty_for(matter, None) is None
    there = duty_for(matter, town.wanghe)
    assert there is not None
    assert there.department == units.wanghe
