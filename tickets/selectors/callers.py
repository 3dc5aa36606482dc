"""Which tickets a number, a query code or a foreign number leads to."""

from collections.abc import Sequence

from django.db.models import QuerySet

from accounts.fields import InvalidPhone, normalise_phone, phone_hashes
from accounts.models import User
from tickets import policy
from tickets.models import Ticket
from tickets.numbers import code_fits
from tickets.selectors.inquiries import WAITING
from tickets.workflow import OPEN

EARLIER = 5


def open_of_phone(phone: str, user: User) -> list[Ticket]:
    """The open tickets of a number (未办结诉求) that USER may see, newest first."""
    rows = of_phone(phone, user).filter(status__in=OPEN)
    return list(rows.prefetch_related(WAITING)[:EARLIER])


def earlier_of_phone(phone: str, user: User) -> list[Ticket]:
    """The last closed tickets of a number (历史诉求) that USER may see, newest first."""
    return list(of_phone(phone, user).exclude(status__in=OPEN)[:EARLIER])


def of_phone(phone: str, user: User) -> QuerySet[Ticket]:
    """The tickets of a number (按电话查单), none for whose work needs no contacts, newest first."""
    try:
        return of_hashes(phone_hashes(normalise_phone(phone)) if phone else [], user)
    except InvalidPhone:
        return Ticket.objects.none()


def of_hashes(hashes: Sequence[str], user: User) -> QuerySet[Ticket]:
    """The tickets of a number given as its hashes under all keys (按号码指纹查单)."""
    rows = policy.findable_by_phone(user).filter(phone_hash__in=hashes)
    return rows.select_related("lead", "category").order_by("-accepted_at")


def find_by_query_code(number: str, code: str) -> Ticket | None:
    """The ticket of a number and its query code (查进度); None when either is wrong."""
    if not code_fits(number.strip(), code):
        return None
    return Ticket.objects.select_related("lead", "category").filter(number=number.strip()).first()


def by_external_number(source: str, external_number: str) -> Ticket | None:
    """The ticket that a sender's own number already made (外部编号查重)."""
    return Ticket.objects.filter(source=source, external_number=external_number).first()
