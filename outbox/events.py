"""What the outbox itself tells."""

from dataclasses import dataclass
from typing import ClassVar

from outbox.bus import Event


@dataclass(frozen=True)
class NoticesWritten(Event):
    """People have something new to read."""

    name: ClassVar[str] = "outbox.notices_written"
    user_ids: tuple[int, ...]
