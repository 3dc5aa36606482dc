"""The third level, learned from what people chose: guessed where sure, silent where not."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from pytest_django import Settings

from city import actions as city
from city.models import Category, Parameter
from tests.factories import Units
from tests.tickets.routing.lessons import PHRASES, few_matters, settled
from tickets import routing
from tickets.models import Ticket
from tickets.routing import feedback, store, training
from tickets.routing.cases import Cases
from tickets.routing.levels import narrower
from tickets.routing.voices import Voice

CHOSEN = {
    "010101": ["煎饼小推车挤满车道", "小推车卖煎饼挡路", "路口小推车卖煎饼", "一溜小推车吆喝煎饼"],
    "010104": ["炭火烤串呛人", "路边炭火烤串", "烤串的炭火熏到窗户", "架着炭火炉子烤串"],
}
"""Words that do not stand in the names of the cases 无照经营游商 and 露天烧烤."""
WHERE = ["望河花园", "柳林社区", "石鼓社区东门", "北湾社区市场"]
WHEN = ["昨天早上", "这两个礼拜"]


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


@pytest.fixture
def learned(settings: Settings, tmp_path: Path) -> Cases | None:
    settings.DATA_DIR = tmp_path
    few_matters()
    for code, phrases in CHOSEN.items():
        case = Category.objects.get(code=code)
        for phrase, where, when in product(phrases, WHERE, WHEN):
            ticket = settled(f"{when}{where}{phrase}，请尽快处理", "0101")
            Ticket.objects.filter(pk=ticket.pk).update(category=case)
    for phrase, where in product(PHRASES["0401"], WHERE):
        settled(f"{where}{phrase}，请尽快处理", "0401")
    assert training.begin() is not None
    live = store.current()
    return live.classifier.cases if live else None


def case_of(text: str) -> tuple[str, float, list[str]] | None:
    found = routing.suggest(text).narrower
    return (found.category.code, found.confidence, found.words) if found else None


def test_a_case_is_guessed_from_words_that_its_name_lacks(learned: Cases | None) -> None:
    text = "望河花园门口有人炭火烤串到半夜"
    best = routing.suggest(text).categories[0]

    found = case_of(text)

    assert learned is not None
    assert best.category.code == "0101"
    assert narrower(text, best.category, best.confidence) is None
    assert found is not None
    code, sure, words = found
    assert (code, bool(words)) == ("010104", True)
    assert 0 < sure <= best.confidence
    assert all(word in text for word in words)
    other = case_of("望河花园门口小推车卖煎饼")
    assert other is not None
    assert other[0] == "010101"


def test_where_it_is_not_sure_enough_it_stays_on_the_second_level(learned: Cases | None) -> None:
    text = "望河花园门口有人炭火烤串到半夜"
    Parameter.objects.create(name="routing_case", amount=101, valid_from=date(2026, 1, 1))
    city.mark_changed()

    assert case_of(text) is None
    assert routing.suggest(text).categories[0].category.code == "0101"


def test_how_sure_it_is_was_seen_on_phrasings_it_did_not_know(learned: Cases | None) -> None:
    """Cases cross no fold with their own words; a guess in doubt is never called certain."""
    assert learned is not None
    assert learned.calibration is not None
    assert 0.0 <= learned.accuracy <= 1.0
    low, high = learned.calibration.predict([0.2, 1.0])
    assert low <= learned.accuracy <= high <= 1.0


def test_too_few_choices_teach_no_case(units: Units) -> None:
    matter, case = Category.objects.get(code="0101"), Category.objects.get(code="010104")
    ticket = settled("望河花园烤串", "0101")
    Ticket.objects.filter(pk=ticket.pk).update(category=case)

    (lesson,) = feedback.lessons()

    assert (lesson.matter, lesson.case) == ("0101", "010104")
    assert narrower("望河花园烤串", matter, 0.9, None) is None


def test_a_case_out_of_use_is_not_suggested(units: Units) -> None:
    matter, said = Category.objects.get(code="0101"), Voice("010104", 0.9, ["烤串"])
    before = narrower("望河花园烤串", matter, 0.5, said)
    Category.objects.filter(code="010104").update(active=False)
    city.mark_changed()

    assert before is not None
    assert (before.category.code, before.confidence) == ("010104", 0.45)
    assert narrower("望河花园烤串", matter, 0.5, said) is None
