"""What happened to units, for those who listen; ids only, they re-read the rest."""

from dataclasses import dataclass
from typing import ClassVar

from outbox.bus import Event


@dataclass(frozen=True)
class UnitMoved(Event):
    """A unit hangs elsewhere in the tree, and all below it with it."""

    name: ClassVar[str] = "accounts.unit_moved"
    unit_id: int
