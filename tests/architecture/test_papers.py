"""The papers agree with the code."""

import ast
import re
from pathlib import Path

from accounts.models import Role
from tickets.workflow import STEPS, Kind, Status, Urgency

ROOT = Path(__file__).resolve().parents[2]
CASES = re.compile(r"^\| .+ \| `(tests/\S+)::(\w+)` \|$", re.M)
PAPERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_term_of_the_trade_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = [(str(step.label), step.verb) for step in STEPS.values()]
    terms += [
        (str(row.label), str(row.value)) for kind in (Status, Kind, Urgency, Role) for row in kind
    ]

    assert [f"{zh} {word}" for zh, word in terms if f"| {zh} | `{word}` |" not in glossary] == []


def test_links_between_the_papers_lead_somewhere() -> None:
    dead = [
        f"{paper.name}: {target}"
        for paper in PAPERS
        for target in re.findall(r"\]\(([^)#:]+)\)", paper.read_text(encoding="utf-8"))
        if not (paper.parent / target).exists()
    ]

    assert dead == []


def test_each_edge_case_of_the_domain_paper_has_a_test_of_its_name() -> None:
    told = CASES.findall((ROOT / "docs" / "walked.md").read_text(encoding="utf-8"))

    missing = [f"{path}::{name}" for path, name in told if name not in _tests_in(ROOT / path)]

    assert len(told) == 29
    assert missing == []


def _tests_in(path: Path) -> set[str]:
    """Name the tests of a file, without their prefix."""
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    named = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {name.removeprefix("test_") for name in named if name.startswith("test_")}
