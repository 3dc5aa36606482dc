"""What one row of the table says."""

from dataclasses import dataclass
from typing import TypeVar

from accounts.roles import Role
from tickets.workflow.states import Holder, Part, Party, Status, TurnState

Member = TypeVar("Member")
NOBODY: frozenset[Role] = frozenset()
SYSTEM = frozenset({Party.SYSTEM})
CITIZEN = frozenset({Party.CITIZEN})


def of(*members: Member) -> frozenset[Member]:
    """Write a set of roles or states as a row has it."""
    return frozenset(members)


@dataclass(frozen=True)
class Turns:
    """The units' turns that a step is done at: their parts and states, and by whose people."""

    parts: frozenset[Part]
    states: frozenset[TurnState]
    holder: Holder = Holder.OWN


@dataclass(frozen=True)
class Step:
    """One row of the table: without source the step makes the ticket, without target it stays.

    `own_unit` steps are for people of the ticket's lead unit only, those with `turns` are done at
    one unit's turn.
    """

    verb: str
    label: str
    sources: frozenset[Status]
    targets: tuple[Status, ...]
    roles: frozenset[Role]
    parties: frozenset[Party] = frozenset()
    own_unit: bool = False
    needs_note: bool = False
    turns: Turns | None = None

    @property
    def creates(self) -> bool:
        """Tell whether the step makes the ticket."""
        return not self.sources
