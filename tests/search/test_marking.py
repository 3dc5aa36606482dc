"""What is marked in a hit is what a person would look for in it."""

from collections.abc import Iterator

import pytest

from search import analysis
from search.index import Index, Text
from search.marking import words_to_mark
from search.query import Hit, Reason

PAPERS = Index("papers", 1, {"title": Text(pinyin=True), "text": Text()})


@pytest.fixture
def lexicon() -> Iterator[None]:
    analysis.set_lexicon(["公积金"], [["公积金", "住房公积金"]])
    yield
    analysis.set_lexicon([])


def marked(*reasons: Reason, typed: str = "") -> list[str]:
    return words_to_mark(PAPERS, Hit("1", 1, 1.0, {"title": "公积金提取"}, reasons), typed)


def test_of_a_synonym_the_whole_is_marked_and_no_part(lexicon: None) -> None:
    part = Reason("住房", "text", 0.5, via="公积金")

    assert marked(Reason("公积金", "title", 1.0), part) == ["公积金", "住房公积金"]


def test_letters_mark_what_they_spell_however_the_hits_are_ordered(lexicon: None) -> None:
    assert "公积金" in marked(Reason("gjj", "title", 1.0))
    assert "公积金" in marked(typed="gjj")
    assert "提取" not in marked(typed="gjj")


def test_a_synonym_that_is_one_no_more_marks_nothing() -> None:
    assert marked(Reason("住房", "text", 0.5, via="公积金")) == []
