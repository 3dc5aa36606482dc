"""The scorer counts right and fast."""

import time

import pytest

from search import analysis
from search.backends.base import Candidate, Statistics
from search.backends.documents import prepared
from search.index import Doc, Index, Keyword, Kind, Text
from search.ranking import Ranking

INDEX = Index("ranked", 1, {"title": Text(boost=2, title=True), "text": Text(), "unit": Keyword()})


def candidate(number: int, title: str, text: str, index: Index = INDEX) -> Candidate:
    """Make what an engine would offer."""
    doc = Doc(str(number), 1, {"title": title, "text": text})
    return Candidate(doc.id, 1, 0.0, prepared(index, doc).signature, dict)


def ranking(query: str, candidates: list[Candidate], index: Index = INDEX) -> Ranking:
    """Rank as if every term stood in a tenth of a thousand documents."""
    reading = analysis.read_query(query)
    holders = [{term.text: 100 for term in terms} for terms in reading.cuts]
    statistics = Statistics(1000, [20.0, 30.0, 40.0], holders)
    return Ranking(index, ["title", "text"], reading, statistics, candidates)


def test_more_of_the_query_ranks_higher() -> None:
    ranked = ranking(
        "夜间路灯不亮",
        [
            candidate(1, "路灯", "坏了"),
            candidate(2, "路灯", "夜间不亮"),
            candidate(3, "噪音", ""),
        ],
    ).best(0, 3)

    assert [r.candidate.id for r in ranked] == ["2", "1", "3"]
    assert ranked[2].score == 0
    assert ranked[2].reasons == []


def test_equal_ones_come_by_id() -> None:
    ranked = ranking("路灯", [candidate(n, "路灯", "坏了") for n in (3, 1, 2)]).best(0, 3)

    assert [r.candidate.id for r in ranked] == ["1", "2", "3"]


def test_the_same_word_in_a_shorter_text_ranks_higher() -> None:
    long = candidate(1, "", "路灯" + "旁边的树木花草需要修剪整理" * 5)
    short = candidate(2, "", "路灯旁边的树木")

    ranked = ranking("路灯", [long, short]).best(0, 2)

    assert [r.candidate.id for r in ranked] == ["2", "1"]


def test_length_counts_as_much_as_the_kind_says() -> None:
    def gap(kind: Kind) -> float:
        index = Index("ranked", 1, INDEX.fields, kind)
        long = candidate(1, "", "路灯" + "旁边的树木花草需要修剪整理" * 5, index)
        short = candidate(2, "", "路灯坏了", index)
        first, second = ranking("路灯", [long, short], index).best(0, 2)
        return first.score - second.score

    assert gap(Kind.REPLY) > gap(Kind.LAW)


def test_reasons_leave_out_parts_of_longer_words() -> None:
    analysis.set_lexicon(["住房公积金"])
    (ranked,) = ranking("住房公积金和公积金", [candidate(1, "住房公积金和公积金", "")]).best(0, 1)

    analysis.set_lexicon([])
    assert [r.word for r in ranked.reasons] == ["住房公积金"]


def test_characters_decide_where_words_and_pairs_do_not() -> None:
    near, far = candidate(1, "", "申领残疾证"), candidate(2, "", "修路灯工程")

    ranked = ranking("残障人士如何领证", [far, near]).best(0, 2)

    assert [r.candidate.id for r in ranked] == ["1", "2"]
    assert ranked[0].score > 0
    assert ranked[0].reasons == []


def closest(message: str, title: str, candidates: list[Candidate]) -> list[str]:
    """Rank answers to a whole message."""
    index = Index("answers", 1, {"text": Text()}, Kind.REPLY)
    reading = analysis.read_query(message)
    holders = [{term.text: 100 for term in terms} for terms in reading.cuts]
    statistics = Statistics(1000, [20.0, 30.0, 40.0], holders)
    ranked = Ranking(index, ["text"], reading, statistics, candidates)
    ranked.compare(reading, statistics, analysis.read_query(title))
    return [r.candidate.id for r in ranked.best(0, len(candidates))]


def test_an_answer_that_says_more_than_the_message_asked_is_less_close() -> None:
    index = Index("answers", 1, {"text": Text()}, Kind.REPLY)
    polite = "您好，您的留言已收悉。"
    answers = [
        candidate(1, "", polite + "路灯和井盖、绿化、公交、学位、供暖", index),
        candidate(2, "", polite + "路灯已修复，感谢您的支持，再见再会", index),
        candidate(3, "", polite + "已转交有关单位，感谢您的支持，再会", index),
    ]

    found = closest("小区的路灯坏了，希望修复", "路灯坏了", answers)

    assert found == ["2", "1", "3"]


def test_an_answer_takes_up_the_title() -> None:
    index = Index("answers", 1, {"text": Text()}, Kind.REPLY)
    answers = [candidate(1, "", "水管已修复", index), candidate(2, "", "路灯已修复", index)]
    message = "路灯坏了，水管漏了"

    assert closest(message, "水管", answers) == ["1", "2"]
    assert closest(message, "路灯", answers) == ["2", "1"]


def test_a_document_without_words_is_not_close() -> None:
    index = Index("answers", 1, {"text": Text()}, Kind.REPLY)
    answers = [candidate(1, "", "", index), candidate(2, "", "路灯已修复", index)]

    assert closest("路灯坏了", "", answers) == ["2", "1"]


def test_bigrams_are_the_reason_where_no_word_is() -> None:
    (ranked,) = ranking("公积金", [candidate(1, "住房公积金", "")]).best(0, 1)

    assert {r.word for r in ranked.reasons} <= {"公积金", "公积", "积金"}
    assert ranked.reasons


@pytest.mark.parametrize("length", [1, 40])
def test_two_hundred_candidates_are_ranked_in_a_few_milliseconds(length: int) -> None:
    texts = ["夜间施工噪音扰民影响居民休息", "小区停水三天没有人通知", "路灯不亮井盖丢失"]
    candidates = [candidate(n, texts[n % 3], texts[n % 3] * 10) for n in range(200)]
    query = "滨河小区夜间路灯不亮噪音扰民" * length

    took = []
    for _ in range(5):
        began = time.perf_counter()
        ranking(query, candidates).best(0, 10)
        took.append(time.perf_counter() - began)

    assert min(took) < 0.05
