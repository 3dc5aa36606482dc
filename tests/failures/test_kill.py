"""kill -9 in the middle of a burst: what got its number is there, once, matched and routed."""

import json
from collections import Counter

import pytest

from tests.stage import Stage, on_services, stage

BURST = 500
ENOUGH = 150


def killed_in_the_middle(product: Stage) -> list[str]:
    """Send the burst, kill all when ENOUGH have their number; give the numbers that were given."""
    load = product.load(BURST)
    assert load.stdout is not None
    answers = []
    for line in load.stdout:
        answers.append(json.loads(line))
        if len(answers) == ENOUGH:
            product.kill()
    load.wait()
    return [answer["number"] for answer in answers if answer["status"] == 201]


def after_the_restart(product: Stage) -> list[dict[str, object]]:
    product.start()
    product.settle()
    return list(product.run("tests.stage.witness", "tickets"))


@pytest.mark.parametrize(
    "distributed", [pytest.param(True, marks=pytest.mark.django_db)] if on_services() else [False]
)
def test_what_got_its_number_survives_once_matched_and_routed(distributed: bool) -> None:
    with stage(distributed=distributed) as product:
        product.start()

        given = killed_in_the_middle(product)
        rows = after_the_restart(product)

    known = Counter(row["number"] for row in rows)
    assert ENOUGH <= len(given) < BURST
    assert [number for number in given if known[number] != 1] == []
    assert [row for row in rows if not row["routed"] or not row["indexed"]] == []
    assert max(Counter(row["text"] for row in rows).values()) == 1
