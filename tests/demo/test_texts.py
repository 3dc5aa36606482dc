"""The demo's words: every matter spoken of, no two texts nearly alike, the same for one seed."""

from collections import Counter, defaultdict
from random import Random

import pytest
import yaml

from city.taxonomy import DEFAULT
from hotline.demo.content import kernels, load
from hotline.demo.texts import Author, Shelf, emoji_text, long_text

PLACES = ["望江名苑", "青岚大道", "白鹭湖公园", "西岗建材市场", "云溪镇", "九里街"]


def write_all(seed: int, rounds: int) -> list[str]:
    author = Author(Random(seed), Shelf())
    return [
        author.write(code, n % len(situations), author.random.choice(PLACES)).text
        for n in range(rounds)
        for code, situations in sorted(kernels().items())
    ]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return write_all(12345, 16)


def pairs_of(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def nearest(texts: list[str]) -> float:
    """The greatest Jaccard similarity of the bigrams of any two texts, computed in full."""
    sets, worst = [pairs_of(text) for text in texts], 0.0
    holders: dict[str, list[int]] = defaultdict(list)
    for at, pairs in enumerate(sets):
        shared = Counter(other for pair in pairs for other in holders[pair])
        for other, common in shared.items():
            worst = max(worst, common / (len(pairs) + len(sets[other]) - common))
        for pair in pairs:
            holders[pair].append(at)
    return worst


def test_no_two_texts_are_nearer_than_six_tenths(texts: list[str]) -> None:
    assert len(texts) > 3000
    assert nearest(texts) < 0.6


def test_every_second_level_matter_has_situations() -> None:
    tree = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    codes = {row["code"] for first in tree["categories"] for row in first["children"]}

    assert set(kernels()) == codes


def test_the_same_seed_writes_the_same_words() -> None:
    assert write_all(7, 1) == write_all(7, 1)
    assert write_all(7, 1) != write_all(8, 1)


def test_no_slot_is_left_open(texts: list[str]) -> None:
    assert not [text for text in texts if "{" in text or "}" in text]


def test_the_long_text_is_exactly_ten_thousand_characters() -> None:
    author = Author(Random(1), Shelf())

    assert len(long_text(author, "柳荫社区")) == 10_000
    assert sum(ord(char) > 0x1F000 for char in emoji_text("柳荫社区")) > 20


def test_the_city_has_four_levels_and_many_units() -> None:
    city = load("city")
    streets = [street for district in city["districts"] for street in district["streets"]]

    assert len(streets) >= 16
    assert sum(len(street["communities"]) for street in streets) >= 30
    assert len(city["city_departments"]) + len(city["district_departments"]) >= 60
