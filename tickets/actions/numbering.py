"""Gives out ticket numbers (编号); a serial has six digits: a past day may meet it again."""

from collections.abc import Sequence
from datetime import date

from tickets.models import IssuedNumber, Ticket
from tickets.numbers import ticket_number


def draw(area: str, days: Sequence[date]) -> list[str]:
    """Draw a fresh number (领取编号) in the area for each of the days, in their order."""
    drawn = _drawn(area, days)
    taken = set(Ticket.objects.filter(number__in=drawn).values_list("number", flat=True))
    while again := [place for place, number in enumerate(drawn) if number in taken]:
        fresh = _drawn(area, [days[place] for place in again])
        for place, number in zip(again, fresh, strict=True):
            drawn[place] = number
        taken = set(Ticket.objects.filter(number__in=fresh).values_list("number", flat=True))
    return drawn


def _drawn(area: str, days: Sequence[date]) -> list[str]:
    """Draw a serial for each day; whether its number was given out long ago is not looked up."""
    slips = IssuedNumber.objects.bulk_create([IssuedNumber(on=day) for day in days])
    return [ticket_number(area[:6], slip.on, slip.pk) for slip in slips]
