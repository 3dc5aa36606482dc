"""The units that the words themselves speak for: learned, brought to a place, weighed, followed."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts import actions as accounts
from accounts.models import Department
from city import actions as city
from city.models import Category, Parameter, Region
from tests.factories import Town, Units
from tests.tickets.routing.lessons import few_matters, settled
from tickets import actions, routing
from tickets.models import DutyItem, Ticket
from tickets.routing import feedback, store, training
from tickets.routing.classifier import Classifier
from tickets.routing.findings import CategoryGuess, Neighbours, UnitGuess
from tickets.routing.intake import evidence
from tickets.routing.several import parts_of
from tickets.routing.units import candidates
from tickets.routing.voices import Voice, heard, kind_of, taught

PHRASES = {
    "housing": ["楼顶阳光房占了天台", "阳光房封住了过道", "天台上盖起阳光房"],
    "linxi_urban": ["流动摊贩占道", "早市摆摊挡路", "烧烤摊占了人行道"],
}
WHERE = ["望河花园", "柳林社区", "石鼓社区东门", "北湾社区市场"]
WHEN = ["昨天早上", "这两个礼拜", "从上个月起"]


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


def duty(unit: Department) -> None:
    DutyItem.objects.create(
        state=DutyItem.State.PUBLISHED,
        category=Category.objects.get(code="0101"),
        department=unit,
        valid_from=date(2026, 1, 1),
    )
    city.mark_changed()


def sent(units: Units, **changed: object) -> None:
    """Make tickets of one matter that stayed with one unit or another."""
    for name, phrases in PHRASES.items():
        for phrase, where, when in product(phrases, WHERE, WHEN):
            ticket = settled(f"{when}{where}{phrase}，请尽快处理", "0101")
            Ticket.objects.filter(pk=ticket.pk).update(lead=getattr(units, name), **changed)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, units: Units) -> None:
    settings.DATA_DIR = tmp_path
    few_matters()
    duty(units.urban)
    for phrase in ("自来水停水", "水压太低", "水管爆了"):
        settled(f"家里{phrase}", "0401")


def learn() -> Classifier:
    assert training.begin() is not None
    live = store.current()
    assert live is not None
    return live.classifier


def suggested(text: str) -> dict[Department, UnitGuess]:
    return {guess.department: guess for guess in routing.suggest(text).units}


def test_a_unit_that_no_duty_names_is_found_by_the_words_of_tickets_it_had(
    folder: None, units: Units
) -> None:
    sent(units)
    text = "望河花园楼顶又盖起阳光房，天台被占了"

    classifier = learn()

    found = suggested(text)
    (why,) = [reason for reason in found[units.housing].reasons if "用语" in reason]
    words = why.split("：")[1].split("、")
    assert found[units.housing].confidence > 0.05
    assert "阳光房" in why
    assert all(word in text for word in words)
    kept = evidence(routing.suggest(text))["units"]
    assert any(why in unit["reasons"] for unit in kept)
    classifier.units = None
    assert units.housing not in suggested(text)


def test_too_few_tickets_say_nothing_of_units(units: Units) -> None:
    duty(units.urban)
    sent(units)
    enough = feedback.lessons() + feedback.collect()[1]

    assert [len(part) for part in taught(enough)] == [72, 72]
    assert taught(enough[:-13]) == ([], [])
    assert taught([row for row in enough if row.lead == units.housing]) == ([], [])


def test_secrets_teach_no_unit_and_names_are_masked(folder: None, units: Units) -> None:
    duty(units.urban)
    sent(units, confidential=True)
    plain = settled("我叫王小明，天台被占了，电话13812345678", "0101")
    Ticket.objects.filter(pk=plain.pk).update(lead=units.housing)
    elsewhere = {"units": [{"code": units.urban.code, "matters": ["0101"]}], "decision": {}}
    actions.save_routings([(plain, "v1", {"categories": [], **elsewhere})])

    _, of_units = feedback.collect()

    (lesson,) = of_units
    assert (lesson.ticket, lesson.lead, lesson.matter) == (plain.pk, units.housing, "")
    assert "13812345678" not in lesson.text


def test_a_line_is_learned_as_one_and_the_place_says_which(units: Units, town: Town) -> None:
    label = kind_of(units.linxi_urban)
    said = [Voice(label, 0.8, ["摊贩"])]

    here, there, nowhere = (heard(said, region) for region in (town.wanghe, town.nanqiao, None))

    assert kind_of(units.nanping_urban) == label
    assert [row.unit for row in here] == [units.linxi_urban]
    assert [row.unit for row in there] == [units.nanping_urban]
    assert nowhere == []


def test_a_street_is_never_learned_by_its_words(units: Units) -> None:
    assert units.wanghe.code not in kind_of(units.wanghe)


def test_what_was_said_of_a_merged_unit_speaks_for_its_heir(units: Units, town: Town) -> None:
    said = [Voice(kind_of(units.water), 0.8, ["水井"])]
    units.water.active, units.water.successor = False, units.housing
    accounts.save_department(units.water)
    merged = heard(said, town.wanghe)
    units.water.successor = None
    accounts.save_department(units.water)

    assert [row.unit for row in merged] == [units.housing]
    assert heard(said, town.wanghe) == []


def guesses(said: list[Voice], region: Region) -> dict[Department, UnitGuess]:
    first = CategoryGuess(Category.objects.get(code="0101"), 0.8, [])
    found = candidates("占道", [first], region, Neighbours(), {}, said)
    return {guess.department: guess for guess in found}


def weigh(name: str, amount: int) -> None:
    Parameter.objects.create(name=name, amount=amount, valid_from=date(2026, 1, 1))
    city.mark_changed()


def test_words_weigh_beside_the_duty_list_by_a_row_of_the_city(units: Units, town: Town) -> None:
    duty(units.urban)
    said = [Voice(kind_of(units.water), 0.5, ["水井"])]

    shipped = guesses(said, town.wanghe)
    weigh(Parameter.Name.ROUTING_WORDS, 60)
    heavy = guesses(said, town.wanghe)

    assert shipped[units.urban].confidence > shipped[units.water].confidence > 0.1
    assert heavy[units.water].confidence > heavy[units.urban].confidence
    assert sum(guess.confidence for guess in heavy.values()) <= 1


@pytest.mark.parametrize(
    ("name", "amount", "share"),
    [("routing_firm", 60, 0.8 * 60 / 80), ("routing_firm", 0, 0.0), ("routing_firm", 20, 0.4)],
)
def test_how_much_a_duty_weighs_is_a_row_of_the_city(
    name: str, amount: int, share: float, units: Units, town: Town
) -> None:
    duty(units.urban)
    weigh(name, amount)
    past = {("0101", 0): {units.water.code: 20}}
    first = CategoryGuess(Category.objects.get(code="0101"), 0.8, [])

    found = candidates("占道", [first], None, Neighbours(), past)

    shares = {guess.department: guess.confidence for guess in found}
    assert shares.get(units.urban, 0.0) == pytest.approx(share)
    assert shares[units.water] == pytest.approx(0.8 - share)


def test_a_guess_by_the_tree_and_unseen_neighbours_weigh_by_rows_too(
    units: Units, town: Town
) -> None:
    near = Neighbours([Ticket(lead=units.water) for _ in range(3)])

    def shares() -> list[float]:
        first = CategoryGuess(Category.objects.get(code="0101"), 0.5, [])
        past = {("0101", town.linxi.pk): {units.housing.code: 5}}
        found = candidates("占道", [first], town.wanghe, near, past)
        by_unit = {guess.department: guess.confidence for guess in found}
        return [by_unit[unit] for unit in (units.linxi_urban, units.water)]

    before = shares()
    weigh(Parameter.Name.ROUTING_LOOSE, 15)
    weigh(Parameter.Name.ROUTING_UNSEEN, 0)

    assert before == [pytest.approx(0.25), pytest.approx(0.25)]
    assert shares() == [pytest.approx(0.375), pytest.approx(0.5)]


def test_what_a_part_must_be_sure_of_is_a_row_too() -> None:
    sure = {"甲" * 9: 0.5, "乙" * 9: 0.3}
    codes = dict(zip(sure, ("0101", "0401"), strict=True))

    def parts(texts: Sequence[str]) -> list[list[CategoryGuess]]:
        return [
            [CategoryGuess(Category.objects.get(code=codes[key]), sure[key], [])]
            for text in texts
            for key in [next(key for key in sure if key in text)]
        ]

    text = f"{'甲' * 9}。另外{'乙' * 9}"
    before = parts_of([text], parts)
    weigh(Parameter.Name.ROUTING_PART, 40)

    assert [len(found) for found in (before[0], parts_of([text], parts)[0])] == [2, 0]


def test_a_slim_model_says_the_same_by_a_fraction_of_its_weights() -> None:
    texts = [f"{word}{n}号门口有人反映" for word in ("摊贩", "停水", "物业") for n in range(30)]
    full = Classifier(lambda _: []).fit(texts, [text[:2] for text in texts])
    before, words = full.guesses(texts), full.read(texts[:1])
    said = words.evidence(words.matters(1)[0])
    dense = full.model.weights.size

    full.slim()

    for old, new in zip(before, full.guesses(texts), strict=True):
        assert old[0].label == new[0].label
        assert [g.confidence for g in new] == pytest.approx([g.confidence for g in old], abs=0.02)
    again = full.read(texts[:1])
    assert again.evidence(again.matters(1)[0]) == said
    assert full.model.weights.size < dense
