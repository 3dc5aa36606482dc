"""Writes docs/workflow.md from the table of steps; a test keeps the file fresh."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.roles import Role
from tickets.workflow import FINAL, STEPS, Part, Party, Status, Step

HEAD = """# The way of a ticket (工单流转)

Drawn from `STEPS` in `tickets/workflow/` by `manage.py draw_workflow`;
edit the table, not this file. Where a step has several ends its action chooses, and not every pair
of a start and an end occurs.
"""


class Command(BaseCommand):
    """Write docs/workflow.md anew."""

    help = "按步骤表重新生成 docs/workflow.md"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        path().write_text(render(), encoding="utf-8")


def path() -> Path:
    """Name the file that is written."""
    return Path(settings.BASE_DIR) / "docs" / "workflow.md"


def render() -> str:
    """Draw the table (流程图和步骤表) as Markdown with a Mermaid diagram."""
    states = [f"| `{s.value}` | {s.label} | {'yes' if s in FINAL else ''} |" for s in Status]
    steps = [_row(step) for step in STEPS.values()]
    return "\n".join(
        (
            HEAD,
            "## Diagram\n\n```mermaid\nstateDiagram-v2",
            *(f"    {line}" for line in _diagram()),
            "```\n\nSteps that leave a ticket where it is are only in the table below.\n",
            "## States\n\n| state | 状态 | over |\n| --- | --- | --- |",
            *states,
            "\n## Steps\n\n| verb | 步骤 | from | to | by | rule |\n|" + " --- |" * 6,
            *steps,
            "",
        )
    )


def _diagram() -> list[str]:
    names = [f"{s.value}: {s.label}" for s in Status]
    return names + [arrow for step in STEPS.values() for arrow in _arrows(step)]


def _arrows(step: Step) -> list[str]:
    sources = [s.value for s in Status if s in step.sources] or ["[*]"]
    ways = [(source, target.value) for source in sources for target in step.targets]
    return [f"{a} --> {b}: {step.label}" for a, b in ways if a != b]


def _row(step: Step) -> str:
    cells = (
        f"`{step.verb}`",
        step.label,
        _labels(step.sources) or "(new)",
        "、".join(str(s.label) for s in step.targets) or "(stays)",
        _actors(step),
        _rules(step),
    )
    return f"| {' | '.join(cells)} |"


def _labels(states: frozenset[Status]) -> str:
    return "、".join(str(s.label) for s in Status if s in states)


def _actors(step: Step) -> str:
    roles = [role for role in Role if role in step.roles]
    parties = [party for party in Party if party in step.parties]
    return "、".join([*(str(role.label) for role in roles), *(party.label for party in parties)])


def _rules(step: Step) -> str:
    rules = {"own unit": step.own_unit, _turns(step): step.turns, "note": step.needs_note}
    return ", ".join(name for name, holds in rules.items() if holds)


def _turns(step: Step) -> str:
    """Name the turns that the step is done at, and whose people do it."""
    if step.turns is None:
        return ""
    parts = "/".join(str(part.label) for part in Part if part in step.turns.parts)
    return f"{parts} turn, by {step.turns.holder.value}"
