"""How a text falls into clauses and passages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.passages import PASSAGE, Block, blocks, clause_of, passages


@pytest.mark.parametrize(
    ("line", "block"),
    [
        ("第三条 本办法自发布之日起施行。", Block("第三条", "本办法自发布之日起施行。")),
        ("二、所需材料", Block("二、", "所需材料")),
        ("（一）户口簿原件", Block("（一）", "户口簿原件")),
        ("1. 户口簿原件", Block("1.", "户口簿原件")),
        ("12、申请表", Block("12、", "申请表")),
        ("3.5 元一吨", Block("", "3.5 元一吨")),
        ("到派出所办理。", Block("", "到派出所办理。")),
    ],
)
def test_numbered_clauses_are_recognised(line: str, block: Block) -> None:
    assert blocks(line) == [block]


def test_a_clause_reads_as_it_was_written() -> None:
    assert [str(block) for block in blocks("第三条 施行。\n1. 原件\n二、材料")] == [
        "第三条 施行。",
        "1. 原件",
        "二、材料",
    ]


def test_chief_clauses_begin_a_passage_and_their_items_stay_with_them() -> None:
    text = "一、条件\n年满十六周岁。\n二、材料\n1. 户口簿\n2. 照片"

    assert passages(text) == ["一、条件\n年满十六周岁。", "二、材料\n1. 户口簿\n2. 照片"]


def test_a_long_paragraph_is_cut_at_the_end_of_a_sentence() -> None:
    sentence = "符合条件的居民可以在户籍所在地或者居住地申请办理。"

    found = passages(sentence * 40)

    assert all(piece.endswith("。") for piece in found)
    assert "".join(found) == sentence * 40


@given(st.text(alphabet="第一条二、，。；字1.\n ", max_size=1500))
def test_nothing_is_lost_and_no_passage_is_too_long(text: str) -> None:
    found = passages(text)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(0 < len(piece) <= PASSAGE for piece in found)


def test_a_text_without_any_stop_is_cut_where_it_must_be() -> None:
    assert [len(piece) for piece in passages("甲" * 700)] == [300, 300, 100]


def test_a_passage_knows_the_clause_it_stands_in() -> None:
    long = "符合条件的可以申请补贴。" * 40
    text = f"总则。\n第一条 施行。\n第二条 {long}\n1. 材料\n三、附则"
    found = passages(text)

    assert [clause_of(found, at) for at in range(len(found))] == [
        "",
        "第一条",
        *["第二条"] * (len(found) - 3),
        "第三部分",
    ]
