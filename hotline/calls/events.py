"""What happens to calls, for those who listen."""

from dataclasses import dataclass
from typing import ClassVar

from outbox.bus import Event


@dataclass(frozen=True)
class CallMoved(Event):
    """A call came, rang, was answered or ended; `agent_id` is 0 while nobody rings."""

    name: ClassVar[str] = "call.moved"
    call_id: int
    agent_id: int
    status: str
