"""The table of steps: what may be done to a ticket, from where, to where and by whom.

Buttons, permission checks, history labels, docs/workflow.md and the tests all read STEPS
(states and transitions after 国办函〔2025〕66号 and the practice of the cities, domain paper §6).
"""

from tickets.workflow.states import (
    FINAL,
    GATHERED,
    HANDLED,
    OPEN,
    PAUSED,
    UNANSWERED,
    UNCOUNTED,
    UNSENT,
    WITH_UNIT,
    Holder,
    Kind,
    Part,
    Party,
    Status,
    TurnState,
    Unfit,
    Urgency,
)
from tickets.workflow.step import Step, Turns
from tickets.workflow.steps import STEPS

__all__ = [
    "FINAL",
    "GATHERED",
    "HANDLED",
    "OPEN",
    "PAUSED",
    "STEPS",
    "UNANSWERED",
    "UNCOUNTED",
    "UNSENT",
    "WITH_UNIT",
    "Holder",
    "Kind",
    "Part",
    "Party",
    "Status",
    "Step",
    "TurnState",
    "Turns",
    "Unfit",
    "Urgency",
]
