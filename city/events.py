"""What the city tells others."""

from dataclasses import dataclass
from typing import ClassVar

from outbox.bus import Event


@dataclass(frozen=True)
class CalendarChanged(Event):
    """Working days or office hours are other ones (工作日历变更): deadlines want counting anew."""

    name: ClassVar[str] = "city.calendar_changed"


@dataclass(frozen=True)
class PlaceMoved(Event):
    """A place came to lie elsewhere (地点坐标变更): what happened there lies elsewhere too."""

    name: ClassVar[str] = "city.place_moved"
    place: str


@dataclass(frozen=True)
class WordChanged(Event):
    """A word came into the lexicon or left it (词库变更): texts that hold it are cut anew."""

    name: ClassVar[str] = "city.word_changed"
    text: str
