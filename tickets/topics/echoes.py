"""What was told before: by the same caller, or by others of the same place and matter."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.fields import InvalidPhone, normalise_phone, phone_hashes
from accounts.models import User
from city.models import Parameter
from city.selectors import number
from tickets import policy, selectors
from tickets.indexes import About
from tickets.models import Ticket
from tickets.workflow import Status

SHOWN = 4
LOOKED_AT = 1_000
"""Of more tickets of one matter in a few days the newest are looked at."""
PUT_ASIDE = (Status.WITHDRAWN, Status.INVALID, Status.NOT_ACCEPTED)


@dataclass(frozen=True)
class Echo:
    """A ticket that tells the same, and what it has in common."""

    ticket: Ticket
    why: list[str]


@dataclass(frozen=True)
class Echoes:
    """Earlier tickets (可能重复、同一事件) as far as one person may see them."""

    again: list[Echo] = field(default_factory=list)
    """The same caller's, of the same matter or place."""
    others: list[Echo] = field(default_factory=list)
    """Other people's, of the same matter at the same place, those in an incident first."""
    days_again: int = 0
    days_others: int = 0

    def __bool__(self) -> bool:
        return bool(self.again or self.others)

    @property
    def together(self) -> str:
        """The numbers of the others, as a form hands them in."""
        return ",".join(echo.ticket.number for echo in self.others)


def echoes(
    user: User, about: About, *, phone: str, now: datetime, but: Ticket | None = None
) -> Echoes:
    """Find what was told before (重复来电、群诉提示, domain §8.8) and USER may see.

    The same number within 30 days with the same matter or place; other numbers within 7 days with
    both. Confidential tickets are nobody's echo.
    """
    days = number(Parameter.Name.REPEAT_DAYS, at=now), number(Parameter.Name.INCIDENT_DAYS, at=now)
    rows = policy.visible_to(user).filter(confidential=False).exclude(status__in=PUT_ASIDE)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    mine = _hashes(phone)
    return Echoes(
        list(_again(rows.filter(accepted_at__gte=now - timedelta(days[0])), mine, user, about)),
        _others(rows.filter(accepted_at__gte=now - timedelta(days[1])), mine, about),
        *days,
    )


def echoes_of(ticket: Ticket, user: User, now: datetime) -> Echoes:
    """Find what was told before a ticket (重复来电、群诉提示); of a confidential one nothing."""
    if ticket.confidential:
        return Echoes()
    return echoes(user, About.of(ticket), phone=ticket.phone, now=now, but=ticket)


def _hashes(phone: str) -> list[str]:
    try:
        return phone_hashes(normalise_phone(phone)) if phone.strip() else []
    except InvalidPhone:
        return []


def _again(rows: QuerySet[Ticket], hashes: list[str], user: User, about: About) -> Iterator[Echo]:
    if not hashes:
        return
    found = selectors.of_hashes(hashes, user).filter(pk__in=rows)[:LOOKED_AT]
    same = ((row, _in_common(row, about)) for row in found)
    for row, why in [(row, why) for row, why in same if why][:SHOWN]:
        yield Echo(row, why)


def _in_common(row: Ticket, about: About) -> list[str]:
    """Say what is the same: places that both name, and the matter."""
    shared = [name for name in about.places if name in row.places]
    said = [f"同一地点：{'、'.join(shared)}"] if shared else []
    if row.category_id and row.category_id in _line(about):
        said.append("同一事项")
    return said


def _line(about: About) -> set[int]:
    """The matter and the one above it: two people rarely name it equally exactly."""
    matter = about.category
    return {pk for pk in (matter and matter.pk, matter and matter.parent_id) if pk}


def _others(rows: QuerySet[Ticket], hashes: list[str], about: About) -> list[Echo]:
    if about.category is None or not about.places:
        return []
    matter = Q(category__in=_line(about)) | Q(category__parent=about.category)
    recent = rows.filter(matter).exclude(phone_hash__in=hashes)
    told = recent.order_by("-accepted_at").values_list("pk", "places", "incident")[:LOOKED_AT]
    places = set(about.places)
    same = [(incident is None, pk) for pk, named, incident in told if places & set(named)]
    keys = [pk for _, pk in sorted(same, key=lambda each: each[0])[:SHOWN]]
    known = rows.select_related("lead", "category", "incident").in_bulk(keys)
    return [Echo(known[pk], _in_common(known[pk], about)) for pk in keys]
