"""What happened to tickets, for those who listen; ids only, they re-read the rest."""

from dataclasses import dataclass
from typing import ClassVar

from outbox.bus import Event


@dataclass(frozen=True)
class TicketAccepted(Event):
    """A request got its number; it waits to be matched and routed."""

    name: ClassVar[str] = "ticket.accepted"
    ticket_id: int


@dataclass(frozen=True)
class TicketAnswered(Event):
    """A request got its number and its answer at once; nobody has to act."""

    name: ClassVar[str] = "ticket.answered"
    ticket_id: int


@dataclass(frozen=True)
class TicketMoved(Event):
    """A step of the table was done; `department_ids` are the units concerned before and after."""

    name: ClassVar[str] = "ticket.moved"
    ticket_id: int
    step: str
    version: int
    from_status: str
    to_status: str
    department_ids: tuple[int, ...]


@dataclass(frozen=True)
class CardsShown(Event):
    """Clocks are nearly out or out (红黄牌); `department_ids` are the units that lead."""

    name: ClassVar[str] = "ticket.cards_shown"
    level: str
    ticket_ids: tuple[int, ...]
    department_ids: tuple[int, ...]
