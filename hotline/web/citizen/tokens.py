"""Addresses that open one ticket to whoever proved to know its query code."""

from django.core import signing
from django.http import Http404

from tickets.models import Ticket

SALT = "citizen-ticket"
VALID_S = 24 * 60 * 60


class Expired(Exception):
    """The address was good once; the number and the code are wanted again."""


def token_of(ticket: Ticket) -> str:
    """Make the address's last part (访问令牌), good for a day."""
    return signing.dumps(ticket.number, salt=SALT)


def ticket_of(token: str) -> Ticket:
    """Find the ticket that a token opens; Expired after a day, 404 for a forged one."""
    try:
        number = signing.loads(token, salt=SALT, max_age=VALID_S)
        return Ticket.objects.select_related("lead", "category").get(number=number)
    except signing.SignatureExpired:
        raise Expired from None
    except (signing.BadSignature, Ticket.DoesNotExist):
        raise Http404("没有这个页面。") from None
