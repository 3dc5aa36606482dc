"""The words of the services' command mean what the Makefile and its help say."""

import pytest

from scripts.services import asked


@pytest.mark.parametrize(
    ("words", "nodes", "command"),
    [
        (["up"], 1, None),
        (["up", "--nodes", "3"], 3, None),
        (["with", "--nodes", "3", "--", "pytest", "-m", "soak"], 3, ["pytest", "-m", "soak"]),
        (["with", "--", "pytest", "--nodes", "3"], 1, ["pytest", "--nodes", "3"]),
    ],
)
def test_nodes_are_counted_before_the_command(
    words: list[str], nodes: int, command: list[str] | None
) -> None:
    said = asked(words)

    assert said.nodes == nodes
    assert [w for w in getattr(said, "command", None) or [] if w != "--"] == (command or [])
