"""How 三率 went week by week: what stands small beside the month's figures."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import TruncWeek

from accounts.models import User
from tickets import policy
from tickets.assessment import behind
from tickets.assessment.answers import SUMS, Rates, given, joined

WEEKS = 8


def weekly_rates(user: User, now: datetime) -> list[tuple[datetime, Rates]]:
    """Give 三率 of the last eight weeks (近八周走势), Monday by Monday, this week's last."""
    today = behind.midnight(now)
    since = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    rows: list[Any] = [
        row
        for part in given(policy.visible_to(user), since)
        for row in part.annotate(week=TruncWeek("at")).values("week").annotate(**SUMS)
    ]
    mondays = [since + timedelta(days=7 * n) for n in range(WEEKS)]
    return [(day, joined([row for row in rows if row["week"] == day])) for day in mondays]
