"""Numbers that only disturb (骚扰号码): marked in a call, confirmed by another, for a time."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.fields import phone_hashes
from accounts.models import Role, User
from city.models import Parameter
from city.selectors import number
from hotline.calls.models import Call, Nuisance


def in_force(now: datetime) -> QuerySet[Nuisance]:
    """The numbers that are listed now (骚扰名单)."""
    return Nuisance.objects.filter(confirmed=True, lifted_at=None, until__gt=now)


def of_call(call: Call) -> Nuisance | None:
    """Tell what is listed of the number that calls (骚扰标记), None where nothing is."""
    if not call.number_hash:
        return None
    return in_force(timezone.now()).filter(number_hash__in=phone_hashes(call.number)).first()


def waiting() -> QuerySet[Nuisance]:
    """The marks and the appeals that somebody has to decide (待确认、待复核), the oldest first."""
    rows = Nuisance.objects.filter(confirmed=None) | in_force(timezone.now()).exclude(appeal="")
    return rows.select_related("by", "call").order_by("at")


def may_decide(user: User) -> bool:
    """Tell whether USER confirms and lifts marks (班长确认)."""
    return user.is_active and user.has_role(Role.SUPERVISOR)


def expiry(now: datetime) -> datetime:
    """Say until when a number that is confirmed now is listed (到期)."""
    return now + timedelta(days=number(Parameter.Name.NUISANCE_DAYS))
