"""What the demo's people attach is small, and what its name says."""

from random import Random

import pytest

from hotline.demo.content import load
from hotline.demo.pictures import DRAWN
from tickets.files import checked

MOST = 64 * 1024


def names() -> list[tuple[str, str]]:
    told = load("attached")
    several = [row["files"] for row in told["demands"]]
    several += [told["called"]["files"], told["replied"]["files"], told["replied"]["proofs"]]
    return [(what, name) for files in several for what, name in files.items()]


@pytest.mark.parametrize(("what", "name"), names())
def test_a_drawn_file_is_taken_like_any_other(what: str, name: str) -> None:
    content = DRAWN[what](Random(7))

    assert checked(name, content).name == name
    assert len(content) < MOST
    assert set(DRAWN) == {drawn for drawn, _ in names()}
