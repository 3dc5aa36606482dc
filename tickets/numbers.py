"""Ticket numbers and query codes.

A number is 21 digits: area (6), day (8), serial (6), check digit (1). A query code is 8 letters
and digits, a keyed HMAC of the number: it can be given again and is never stored.
"""

import hashlib
import hmac
from datetime import date

from django.conf import settings

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
SERIALS = 1_000_000


def ticket_number(area: str, day: date, serial: int) -> str:
    """Build the number of a ticket (工单编号) from the area's six digits, the day and a serial."""
    body = f"{area}{day:%Y%m%d}{serial % SERIALS:06d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """Give the Luhn check digit of a string of digits."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))]
    return str(-sum(n // 10 + n % 10 for n in doubled) % 10)


def looks_like_number(text: str) -> bool:
    """Tell whether a text is a well-formed ticket number."""
    return len(text) == 21 and text.isdecimal() and check_digit(text[:-1]) == text[-1]


def query_code(number: str) -> str:
    """Give the query code (查询码) that goes with a number, under the newest key."""
    return _code(settings.FIELD_KEYS[0], number)


def code_fits(number: str, code: str) -> bool:
    """Tell whether CODE belongs to NUMBER under any key in force; takes the same time always."""
    typed = code.strip().upper()
    fits = [
        hmac.compare_digest(_code(key, number).encode(), typed.encode())
        for key in settings.FIELD_KEYS
    ]
    return any(fits)


def _code(key: str, number: str) -> str:
    secret = hmac.new(key.encode(), b"query-code", hashlib.sha256).digest()
    value = int.from_bytes(hmac.new(secret, number.encode(), hashlib.sha256).digest()[:8])
    letters = []
    for _ in range(CODE_LENGTH):
        value, index = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)
