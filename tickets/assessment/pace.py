"""How dispatching goes today (派单进度), in one question of the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from tickets.models import Entry
from tickets.workflow import Party

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Pace:
    """Dispatches since midnight, those of the last hour, and those of the platform itself."""

    today: int
    last_hour: int
    auto: int

    @property
    def share(self) -> int:
        """The share that the platform dispatched by itself, in percent."""
        return round(100 * self.auto / self.today) if self.today else 0


def pace_of_dispatch(now: datetime) -> Pace:
    """Count today's dispatches (今日派单)."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Entry.objects.filter(step="dispatch", at__gte=midnight)
    found = rows.aggregate(
        today=Count("id"),
        last_hour=Count("id", filter=Q(at__gte=now - HOUR)),
        auto=Count("id", filter=Q(party=Party.SYSTEM.value)),
    )
    return Pace(**found)
