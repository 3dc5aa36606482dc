"""A slip of the pen is mended from the city's own words, and nothing else is proposed."""

import time
from collections.abc import Iterator

import pytest

from search import analysis
from search.spelling import Speller, suggestion

WORDS = ["住房公积金", "公积金", "居住证", "停水", "供暖", "占道经营", "身份证"]


@pytest.fixture
def lexicon() -> Iterator[None]:
    analysis.set_lexicon(WORDS)
    yield
    analysis.set_lexicon([])


def anything(meant: str) -> bool:
    return bool(meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("公基金", "公积金"),  # sounds alike
        ("提取公鸡金", "提取公积金"),
        ("听水了怎么办", "停水了怎么办"),
        ("居注证怎么办", "居住证怎么办"),  # sounds alike inside a question
        ("占到经营", "占道经营"),
        ("占首经营举报", "占道经营举报"),  # one character differs
        ("占用经营举报", ""),  # all of it is right
        ("公積金", ""),  # traditional is not wrong
        ("公积金提取", ""),
        ("今天天气", ""),
        ("gjj", ""),
        ("", ""),
        ("公" * 5000, ""),
        ("😀\ud800\x00(", ""),
    ],
)
def test_what_was_meant(lexicon: None, typed: str, meant: str) -> None:
    assert suggestion(typed, anything) == meant


def test_two_characters_are_mended_by_sound_only(lexicon: None) -> None:
    assert suggestion("停电", anything) == ""


def test_a_new_vocabulary_is_in_force_at_once(lexicon: None) -> None:
    before = suggestion("路登", anything)
    analysis.set_lexicon(["路灯"])

    assert (before, suggestion("路登", anything)) == ("", "路灯")


def test_what_would_find_nothing_is_not_proposed() -> None:
    analysis.set_lexicon(["供暖费", "供暖站"])

    assert suggestion("供暖斐", lambda meant: meant == "供暖站") == ""
    assert suggestion("供暖飞怎么交", lambda word: word == "供暖费") == "供暖费怎么交"
    assert suggestion("供暖飞", lambda meant: False) == ""
    analysis.set_lexicon([])


def test_thousands_of_words_are_asked_in_milliseconds() -> None:
    speller = Speller([chr(0x4E00 + n) + chr(0x5E00 + n) + chr(0x6E00 + n) for n in range(3_000)])

    began = time.perf_counter()
    for _ in range(20):
        list(speller.meant("不认识的一句四十个字以内的话" * 2))

    assert (time.perf_counter() - began) / 20 < 0.05
