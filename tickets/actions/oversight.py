"""How a supervision begins and ends on a ticket's row; the steps are in `supervising`."""

from datetime import datetime

from accounts.models import User
from city import selectors as city
from city.models import Parameter
from city.working_time import end_of_nth_working_day
from tickets.actions import clocks
from tickets.models import Supervised, Supervision, Ticket

OVER, TAKEN_UP = "工单已结束", "转入新的督办"
REDONE = "诉求人再次不满意，重办两次"


def begin(
    row: Ticket, at: datetime, *, note: str, by: User | None = None, level: int = Supervised.GENERAL
) -> Supervision:
    """Demand a written explanation (督办), at no lower level than before; not yet saved."""
    days = city.number(Parameter.Name.SUPERVISE_DAYS, at=at)
    due = end_of_nth_working_day(at, max(1, days), clocks.calendar_of(row.lead)).at
    row.supervise_level, row.explain_due_at = max(level, row.supervise_level), due
    row.supervised = True
    return Supervision(
        ticket=row,
        level=row.supervise_level,
        department=row.lead,
        opinion=note,
        due_at=due,
        by=by,
        at=at,
    )


def put_under(
    row: Ticket, at: datetime, *, note: str, by: User | None = None, level: int = Supervised.GENERAL
) -> None:
    """Put a ticket under supervision (督办); what was demanded before is taken up in it."""
    _close(row, at, TAKEN_UP, by)
    begin(row, at, note=note, by=by, level=level).save()


def end(row: Ticket, at: datetime, result: str, by: User | None = None) -> None:
    """End the supervision of a ticket (结束督办)."""
    _close(row, at, result, by)
    row.supervise_level, row.explain_due_at = 0, None


def _close(row: Ticket, at: datetime, result: str, by: User | None) -> None:
    if row.supervise_level:
        open_one = Supervision.objects.filter(ticket=row, ended_at=None)
        open_one.update(ended_at=at, result=result, ended_by=by)
