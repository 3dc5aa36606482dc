"""Texts are cut, compared, spelt and marked alike, whoever writes them and however."""

import random
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis

DEMO = Path(__file__).parents[2] / "hotline" / "demo"
PLACES = (
    "和平路 人民广场 滨河小区 第三中学 东门菜市场 高新区 火车站南广场 幸福里 老机床厂宿舍".split()
)
MATTERS = (
    "路灯不亮 井盖丢失 占道经营 夜间施工 暖气不热 自来水发黄 电梯故障 乱停车 垃圾没人清运 拖欠工资 "
    "油烟扰民 公交改线 落户材料 医保报销 退休年龄 宽带费用 广告牌松动 污水外溢 公积金提取 证照办理"
).split()
VERBS = "反映 投诉 咨询 举报 请求处理 建议改善 想了解 多次致电".split()
ENDS = "至今没有人管。 请尽快解决！ 影响居民休息 何时能修好？ 希望给个说法， 已经拖了很久".split()
MARKS = ["12栋", "3-2-501", "A3区", "（2号楼）", "No.5", "020-12345678", "4.5米", "a.b@c.cn", ""]


@pytest.fixture(autouse=True)
def _plain_lexicon() -> Iterator[None]:
    analysis.set_lexicon([], [])
    yield
    analysis.set_lexicon([], [])


def some_lines(count: int) -> list[str]:
    """Make lines as citizens write them, of words put together at random."""
    chance = random.Random(12345)
    return [
        f"{chance.choice(PLACES)}{chance.choice(MARKS)}{chance.randint(1, 31)}日"
        f"{chance.choice(VERBS)}{chance.choice(PLACES)}{chance.choice(MATTERS)}"
        f"{chance.choice(MARKS)}，{chance.choice(MATTERS)}{chance.choice(ENDS)}"
        for _ in range(count)
    ]


def agreement(words: list[str]) -> float:
    """Share of lines that both tokenizers cut alike."""
    fast, plain = analysis.rust_cut(words), analysis.plain_cut(words)
    lines = [analysis.normalise(line) for line in some_lines(4000)]
    same = sum(analysis.cut_words(fast, n) == analysis.cut_words(plain, n) for n in lines)
    return same / len(lines)


def test_both_tokenizers_cut_alike() -> None:
    assert agreement([]) >= 0.999


def test_both_tokenizers_cut_alike_with_words_of_our_own() -> None:
    assert agreement(["机床厂宿舍", "滨河小区", "公交改线", "高新区"]) >= 0.999


def demo_lines() -> list[str]:
    """Give the lines of the demo city's texts: messages, replies, articles."""
    return [
        analysis.normalise(line)
        for path in sorted(DEMO.rglob("*"))
        if path.suffix in {".md", ".yaml", ".py"}
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search("[\u4e00-\u9fff]", line)
    ]


def test_both_tokenizers_cut_the_demo_citys_texts_alike() -> None:
    fast, plain, lines = analysis.rust_cut(), analysis.plain_cut(), demo_lines()

    same = sum(analysis.cut_words(fast, n) == analysis.cut_words(plain, n) for n in lines)
    same_pieces = sum(fast(n, hmm=False) == plain(n, hmm=False) for n in lines)

    assert len(lines) > 1000
    assert same / len(lines) >= 0.999
    assert same_pieces / len(lines) >= 0.995


def test_writing_is_made_plain() -> None:
    assert analysis.normalise("ＬＥＤ路燈\u200b臺灣①") == "led路灯 台湾1"


def test_words_leave_out_what_says_nothing() -> None:
    assert analysis.words("请问我家的路灯为什么不亮？") == ["我家", "路灯", "不亮"]


def test_letters_and_digits_are_split_at_signs() -> None:
    assert analysis.words("020-12345678") == ["020", "12345678"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("路灯坏", ["路灯", "灯坏"]),
        ("A3区12栋", ["a3区", "区12", "12栋"]),
        ("灯，坏", ["灯", "坏"]),
        ("a3", ["a3"]),
        ("", []),
    ],
)
def test_letters_and_digits_are_one_unit_in_bigrams(text: str, expected: list[str]) -> None:
    assert analysis.bigrams(text) == expected


def test_tokens_are_words_and_bigrams() -> None:
    assert analysis.tokens("路灯坏") == ["路灯", "坏", "路灯", "灯坏"]


def test_a_ticket_number_stays_whole() -> None:
    assert analysis.words("工单20260506000123催办") == ["工单", "20260506000123", "催办"]


def test_words_of_the_application_are_kept_whole() -> None:
    before = analysis.words("到政务服务驿站办理")

    analysis.set_lexicon(["政务服务驿站", ("网格员", 5000)])

    assert "政务服务驿站" not in before
    assert "政务服务驿站" in analysis.words("到政务服务驿站办理")


def test_a_new_lexicon_takes_the_place_of_the_old_while_others_cut() -> None:
    failures: list[BaseException] = []
    stop = threading.Event()

    def cut() -> None:
        try:
            while not stop.is_set():
                analysis.words("到政务服务驿站办理公积金提取")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=cut) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(5):
        analysis.set_lexicon(["政务服务驿站", f"第{n}网格"])
    stop.set()
    for thread in threads:
        thread.join()

    assert failures == []


def test_synonyms_are_read_into_a_query_at_less_weight() -> None:
    analysis.set_lexicon(["没水"], [["停水", "没水", "断水"], ["停水", "停自来水"], []])

    reading = analysis.read_query("小区停水")

    weights = {w.text: (w.weight, w.via) for w in reading.words}
    assert weights["停水"] == (1.0, "")
    assert weights["没水"] == (0.5, "停水")
    assert {"断水", "自来水"} <= set(weights)


def test_what_was_said_twice_counts_twice() -> None:
    reading = analysis.read_query("路灯，路灯")

    assert [(w.text, w.count) for w in reading.words] == [("路灯", 2)]


def test_of_an_endless_text_only_so_much_is_read() -> None:
    reading = analysis.read_query("".join(map(chr, range(0x4E00, 0x4E00 + 10_000))))

    assert len(reading.words) == len(reading.bigrams) == analysis.MOST_TERMS


def test_letters_may_be_pinyin() -> None:
    assert analysis.read_query("gjj提取").pinyin == ("gjj",)
    assert analysis.read_query("a3区12栋").pinyin == ()


def test_a_text_without_a_word_reads_as_nothing() -> None:
    assert not analysis.read_query("？！😀 \x00")


def test_a_name_is_spelt_from_each_character_on() -> None:
    keys = analysis.pinyin_keys("市公积金")

    assert {"shigongjijin", "sgjj", "gongjijin", "gjj", "jin", "j"} <= set(keys)


@pytest.mark.parametrize(
    ("letters", "meant"),
    [
        ("gjj", ["公积金"]),
        ("gongjijin", ["公积金"]),
        ("gongj", ["公积"]),  # typed so far
        ("jinjin", []),
        ("zf", ["住房"]),
        ("z", []),
        ("", []),
        ("住房", []),
    ],
)
def test_letters_are_led_back_to_the_characters_that_they_spell(
    letters: str, meant: list[str]
) -> None:
    assert analysis.spelt_so("住房公積金（GJJ）提取", letters) == meant


def test_highlight_marks_what_was_said_in_the_writing_of_the_text() -> None:
    fragments = analysis.highlight("路燈坏了，Led路灯", ["路灯", "LED"])

    assert fragments == [("路燈", True), ("坏了，", False), ("Led路灯", True)]


def test_highlight_never_marks_inside_a_mask() -> None:
    fragments = analysis.highlight("电话138****1234，编号1234", ["138", "1234"])

    assert fragments == [("电话138****1234，编号", False), ("1234", True)]


def test_highlight_marks_whole_numbers_only() -> None:
    assert analysis.highlight("2012年12栋", ["12"]) == [
        ("2012年", False),
        ("12", True),
        ("栋", False),
    ]


def test_words_that_are_blank_are_no_words() -> None:
    analysis.set_lexicon(["", " ", "政务服务驿站"])

    assert "政务服务驿站" in analysis.words("到政务服务驿站办理")


def test_highlight_of_nothing_is_the_text() -> None:
    assert analysis.highlight("路灯", ["", " "]) == [("路灯", False)]
    assert analysis.highlight("", ["路灯"]) == []


@given(text=st.text(max_size=200), words=st.lists(st.text(max_size=5), max_size=5))
def test_highlight_changes_no_character(text: str, words: list[str]) -> None:
    assert "".join(fragment for fragment, _ in analysis.highlight(text, words)) == text


@given(
    before=st.text("我的电话路灯12*", max_size=12),
    mask=st.sampled_from(["138****1234", "3301**********1234", "1*", "138＊＊＊＊1234"]),
    after=st.text("坏了38*4", max_size=12),
    words=st.lists(st.text("我电话路灯1234*8", min_size=1, max_size=6), max_size=6),
)
def test_no_mask_is_ever_marked(before: str, mask: str, after: str, words: list[str]) -> None:
    text = before + mask + after

    fragments = analysis.highlight(text, [*words, mask, "138", "1234"])

    marks = "".join(("1" if marked else "0") * len(part) for part, marked in fragments)
    assert "1" not in marks[len(before) : len(before) + len(mask)]


@given(text=st.text(max_size=300))
def test_no_text_is_too_strange_to_cut(text: str) -> None:
    tokens = analysis.tokens(text)

    assert all(token and not token.isspace() for token in tokens)
    assert all(token.encode() for token in tokens)


def test_jieba_takes_over_where_the_fast_tokenizer_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)
    analysis.set_cache_dir(tmp_path / "cache")

    analysis.set_lexicon(["政务服务驿站"], [])

    assert "政务服务驿站" in analysis.words("到政务服务驿站办理")
    assert (tmp_path / "cache" / "jieba.cache").exists()
