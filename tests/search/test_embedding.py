"""Meaning is compared where it pays, and bad texts do no harm."""

import numpy as np
import pytest

from search import embedding


def test_long_questions_are_not_embedded() -> None:
    assert embedding.of_query("路灯" * 200) is None
    assert embedding.of_query("  ") is None


def test_like_questions_are_nearer_than_unlike_ones() -> None:
    texts = ["适龄儿童入学报名", "营业执照年检", "路灯不亮报修", "退休金领取"]
    query = embedding.of_query("孩子上小学怎么办")
    assert query is not None

    near = embedding.nearness(query, embedding.of_texts(texts))

    assert int(near.argmax()) == 0
    assert near.mean() == pytest.approx(0)
    assert near.std() == pytest.approx(1)


def test_candidates_without_a_vector_stand_at_the_mean() -> None:
    query = embedding.of_query("路灯不亮")
    assert query is not None
    lamp, tax = embedding.of_texts(["路灯不亮报修", "个人所得税退税"])

    near = embedding.nearness(query, [lamp, b"", tax])

    assert near[0] > near[1] == 0 > near[2]
    assert embedding.nearness(query, [b"", b""]).tolist() == [0, 0]
    assert embedding.nearness(query, [lamp]).tolist() == [0]


@pytest.mark.parametrize("text", ["", "\ud800", "水\x00灯", "😀" * 300, "字" * 10_000, "a'; --"])
def test_any_text_can_be_embedded(text: str) -> None:
    (packed,) = embedding.of_texts([text])
    vector = np.frombuffer(packed, dtype="<f2")

    assert vector.size == 384
    assert np.isfinite(vector).all()
