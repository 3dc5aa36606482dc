"""The matters of a message: levels, several at once, new ones, merged ones, odd texts."""

from time import process_time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from city import actions as city
from city.memo import TOKEN
from city.models import Category
from outbox.bus import drain_all
from tests.factories import Units
from tests.tickets.routing.lessons import a_month, few_matters
from tickets import actions, routing
from tickets.models import Rule, Source
from tickets.routing import feedback, store, training
from tickets.routing.findings import Level, Neighbours
from tickets.routing.levels import narrower
from tickets.routing.matters import matters
from tickets.routing.several import parts_of, pieces
from tickets.workflow import Party

SUGGESTED_S = 0.015
"""At p95 without neighbours, of the processor's time: the other core may be at work."""
BESIDE_OTHERS = 3
"""So many tries, of which the quickest is the suggestion's own time and not its neighbours'."""
ODD = ["", "？", "停水", "水" * 10_000, "The street lamp is broken", "😀" * 500, "1", "\n\n"]


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


def parts(text: str) -> list[str]:
    found = parts_of([text], lambda texts: matters(texts, None))
    return [part.guess.category.code for part in found[0]]


def test_several_matters_are_told_apart_and_left_to_a_person(units: Units) -> None:
    text = "望河花园门口流动摊贩占道，早上走不过去。另外家里自来水停水两天了，请尽快恢复。"

    found = routing.suggest(text)

    assert [part.guess.category.code for part in found.parts] == ["0101", "0401"]
    assert any("建议拆单" in why for why in found.decision.why)


@pytest.mark.parametrize(
    "text",
    [
        "另外",
        "望河花园门口流动摊贩占道。另外摊贩占道烧烤也很吵",
        "望河花园流动摊贩占道，另外谢谢你们的帮助",
        "家里自来水停水，2026.3月也停过",
        "第二天还是没有来水，自来水停水",
    ],
)
def test_one_matter_is_not_torn(text: str) -> None:
    assert parts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "1、流动摊贩占道经营太乱 2、自来水停水没人管",
        "流动摊贩占道经营太乱；还有一个问题，自来水停水没人管",
        "一是流动摊贩占道经营太乱，二是自来水停水没人管",
        "流动摊贩占道经营太乱。其次，自来水停水没人管",
    ],
)
def test_the_turns_of_speech_are_known(text: str) -> None:
    assert parts(text) == ["0101", "0401"]


def test_a_long_list_is_cut_into_a_few(units: Units) -> None:
    assert len(pieces("。".join(f"另外第{n}件事情没有办好" for n in range(20)))) <= 4


def test_the_case_within_a_matter_is_named_where_its_words_are_said() -> None:
    matter = Category.objects.get(code="0301")

    found = narrower("路上人行道损坏了好几块砖", matter, 0.8)

    assert found is not None
    assert found.category.code == "030103"
    assert 0.4 < found.confidence < 0.8
    assert narrower("今天天气不错", matter, 0.8) is None


def test_a_merged_matter_is_read_as_its_successor(supervisor: User) -> None:
    old, new = Category.objects.get(code="0101"), Category.objects.get(code="0102")
    ticket = actions.accept(text="占道", source=Source.WEB, by=Party.SYSTEM, category=old)
    rule = Rule(name="占道", category=old, flag="占道")
    actions.save_rule(rule, by=supervisor)

    old.active, old.successor = False, new
    city.save_row(old)

    ticket.refresh_from_db()
    assert feedback.matter_of(ticket) == new
    found = routing.suggest("占道", title=" ".join(new.keywords))
    assert found.rules.flags == ["占道"]
    assert not found.rules.broken


def test_only_a_closed_matter_is_merged_and_into_one_in_use() -> None:
    old, new = Category.objects.get(code="0101"), Category.objects.get(code="0102")
    old.successor = new
    with pytest.raises(ValidationError, match="请先停用"):
        old.clean()

    new.active, old.active = False, False
    with pytest.raises(ValidationError, match="启用中"):
        old.clean()


def test_doubt_is_named_and_silence_kept(units: Units) -> None:
    assert routing.suggest("今天天气不错").decision.level == Level.HUMAN
    assert routing.suggest("望河花园门口流动摊贩占道").decision.level == Level.CONFIRM


def test_what_was_seen_is_kept_with_the_ticket(units: Units) -> None:
    text = "望河花园门口流动摊贩占道，另外家里自来水停水两天了，请尽快恢复"
    ticket = actions.accept(text=text, source=Source.WEB, by=Party.CITIZEN)
    drain_all()

    assert ticket.routing is not None
    decision = ticket.routing.decision
    assert [part["code"] for part in decision["parts"]] == ["0101", "0401"]
    assert decision["level"] == Level.CONFIRM


def test_a_trained_model_knows_all_levels_new_matters_and_odd_texts_in_time(
    units: Units, settings: Settings, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One training for all of them: it takes its time."""
    settings.DATA_DIR = tmp_path
    few_matters()
    a_month()
    assert training.begin() is not None
    live = store.current()
    assert live is not None
    parent = Category.objects.get(code="04")
    new_one = Category(code="0499", name="无人机送水", parent=parent, keywords=["无人机", "送水"])
    city.save_category(new_one)

    new = matters(["无人机送水一直没有来"], live.classifier)[0]
    known = routing.suggest("昨天早上望河花园自来水停水")
    odd = [routing.suggest(text) for text in ODD]
    monkeypatch.setattr(routing.suggestion, "_neighbours", lambda texts: [Neighbours()])
    text = "昨天早上望河花园自来水停水，" * 5
    took = sorted(min(_timed(text) for _ in range(BESIDE_OTHERS)) for _ in range(20))

    assert new[0].category.code == "0499"
    assert known.categories[0].category.code == "0401"
    assert known.broad is not None
    assert known.broad.category == parent
    assert known.broad.confidence >= known.categories[0].confidence
    assert not any(found.decision.auto for found in odd)
    assert took[-1 - len(took) // 20] < SUGGESTED_S


def test_one_suggestion_asks_once_for_the_state_of_the_reference_data(units: Units) -> None:
    text = "昨天早上望河花园自来水停水，另外门口流动摊贩占道"
    routing.suggest(text)

    with CaptureQueriesContext(connection) as queries:
        routing.suggest(text)

    asked = [query for query in queries if query["sql"] == TOKEN]
    assert len(asked) <= 2, "once for the words that texts are cut by, once for all else"


def _timed(text: str) -> float:
    began = process_time()
    routing.suggest(text)
    return process_time() - began
