"""A unit is not the judge of its own conduct; the kind of a demand is read from its words."""

import pytest
from pytest_django import Settings

from accounts.models import Department
from city import actions as city
from city.models import Category
from tests.factories import Town, Units
from tickets import routing
from tickets.models import Ticket
from tickets.routing import decision
from tickets.routing.duties import Duty
from tickets.routing.findings import CategoryGuess, Neighbours, UnitGuess
from tickets.routing.kinds import kind_of
from tickets.routing.recusal import conduct_words, superior_of
from tickets.workflow import Kind


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


def test_a_complaint_about_a_unit_goes_to_the_unit_above(units: Units) -> None:
    found = routing.suggest("望河花园门口流动摊贩占道，找临溪区城市管理局，他们互相推诿不作为")

    assert found.units[0].department == units.linxi
    assert found.units[0].recused == units.linxi_urban
    assert "回避" in found.units[0].reasons[0]
    assert any("回避" in why for why in found.decision.why)


def test_a_unit_merely_named_keeps_its_work(units: Units) -> None:
    found = routing.suggest("望河花园门口流动摊贩占道，请临溪区城市管理局来管")

    assert found.units[0].department == units.linxi_urban
    assert found.units[0].recused is None


def test_units_are_known_by_their_short_names_too(units: Units) -> None:
    assert conduct_words("市城管局执法时态度恶劣", units.urban) == ["态度恶劣"]
    assert not conduct_words("市城管局来过了，很满意", units.urban)


def test_above_the_highest_unit_stands_the_hotline(units: Units) -> None:
    assert superior_of(units.urban) == units.center
    assert superior_of(units.linxi_urban) == units.linxi
    assert superior_of(units.center) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我要举报他们偷排废水", Kind.REPORT),
        ("送上锦旗，感谢师傅", Kind.PRAISE),
        ("投诉物业不作为", Kind.COMPLAINT),
        ("建议在路口增设信号灯", Kind.ADVICE),
        ("请问居住证怎么办理", Kind.CONSULT),
        ("老人走失，求助", Kind.HELP),
        ("门口的灯", ""),
    ],
)
def test_the_kind_is_read_from_the_words(text: str, kind: str) -> None:
    found, words = kind_of(text)

    assert found == kind
    assert all(word in text for word in words)


def test_words_of_a_report_go_to_a_person_whatever_the_citizen_chose() -> None:
    why = routing.suggest("望河花园，举报流动摊贩占道").decision.why

    assert "举报或保密诉求须人工派单" in why


def test_without_the_engine_matter_and_unit_are_still_suggested(
    units: Units, settings: Settings
) -> None:
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elastic", "http://127.0.0.1:9"

    found = routing.suggest("望河花园门口流动摊贩占道")

    assert found.categories[0].category.code == "0101"
    assert found.units[0].department == units.linxi_urban
    assert any("未参考相似工单" in reason for reason in found.units[0].reasons)


def test_similar_tickets_of_another_matter_raise_a_doubt(units: Units, town: Town) -> None:
    stalls, water = (Category.objects.get(code=code) for code in ("0101", "0401"))
    first = CategoryGuess(stalls, 0.99, [], ["占道"], ["占道"])
    unit = UnitGuess(units.linxi_urban, 0.99, [], Duty(units.linxi_urban, ""), ["0101"])

    doubts, none = (
        decision.decide([first], [unit], town.wanghe, Neighbours(past), None, {}).why
        for past in (_past(units.water, water), _past(units.water, stalls))
    )

    assert any("最相近" in why for why in doubts)
    assert not any("最相近" in why for why in none)


def _past(unit: Department, category: Category) -> list[Ticket]:
    return [Ticket(lead=unit, category=category)]
