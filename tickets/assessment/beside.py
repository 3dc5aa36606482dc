"""How units beside the lead keep their own limits (按时反馈): the turns of the month by unit."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from accounts.models import Department
from tickets.assessment.behind import ADVISED_LATE, beside, share_in_time
from tickets.models import Ticket

WORST = 8


@dataclass(frozen=True)
class Punctuality:
    """One unit's turns beside a lead: how many owed a word, how many were late with it."""

    code: str
    name: str
    due: int
    late: int

    @property
    def in_time(self) -> float | None:
        """Which share was in time (按时反馈率), per cent."""
        return share_in_time(self.due, self.late)


def punctuality(rows: QuerySet[Ticket], now: datetime) -> list[Punctuality]:
    """List the units that were late most often with their word (按时反馈率) on these tickets."""
    turns = beside(now)
    if rows.query.has_filters():  # who sees all need not be asked of each turn
        turns = turns.filter(ticket__in=rows)
    counted = (
        turns.order_by()
        .values_list("department")
        .annotate(due=Count("id"), late=Count("id", filter=ADVISED_LATE))
    )
    worst = sorted(counted, key=lambda row: (-row[2], -row[1], row[0]))[:WORST]
    names = Department.objects.in_bulk([row[0] for row in worst])
    return [Punctuality(names[pk].code, names[pk].name, *counts) for pk, *counts in worst]
