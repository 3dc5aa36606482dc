"""The clock by which a list of work goes: the ticket's, or that of a unit beside the lead."""

from datetime import datetime

from django.db.models import Case, Exists, F, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.models import User
from tickets import policy
from tickets.models import Ticket
from tickets.workflow import TurnState

Rows = QuerySet[Ticket]
CLOCK = "clock_at"
OWED = (TurnState.PENDING, TurnState.HANDLING)
_UNTIL = Case(When(state=TurnState.PENDING, then=F("sign_due_at")), default=F("due_at"))
"""What `Assignment.limit_at` says, in the database."""


def with_clock(rows: Rows, user: User) -> Rows:
    """Give each row `clock_at` (本单位时限): until when USER's unit must act where it is asked.

    As `policy.owed_by` judges: who leads goes by the ticket's clock, who is beside by his turn's.
    """
    units = [unit.pk for unit in user.departments_as(*policy.UNIT_ROLES)]
    if not units:
        return by_ticket(rows)
    own = policy.beside(user, *OWED).order_by(_UNTIL).values_list(_UNTIL)[:1]
    beside = Coalesce(Subquery(own), F("due_at"))
    return rows.annotate(clock_at=Case(When(lead__in=units, then=F("due_at")), default=beside))


def by_ticket(rows: Rows) -> Rows:
    """Give each row the ticket's own clock as `clock_at` (工单时限)."""
    return rows.annotate(clock_at=F("due_at"))


def late_beside(user: User, state: TurnState, now: datetime) -> Q:
    """Say which tickets USER's units owe their word on too late (超期未反馈)."""
    units = [unit.pk for unit in user.departments_as(*policy.UNIT_ROLES)]
    until = "sign_due_at" if state == TurnState.PENDING else "due_at"
    late = policy.beside(user, state).filter(**{f"{until}__lt": now})
    return Q(lead__in=units, due_at__lt=now) | (~Q(lead__in=units) & Q(Exists(late)))
