"""Telephone numbers as citizens write them, brought into one form (号码规整)."""

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneNumber

SEPARATORS = re.compile(r"[\s\-‐-―·•．.,，、()（）\[\]_/]+")
EXTENSION = re.compile(r"(?:转接?|分机号?|ext\.?|#)\s*(\d{1,6})$", re.IGNORECASE)
LOCAL = re.compile(r"[2-8]\d{6,7}")


class InvalidPhone(ValueError):
    """A number that nobody could ring; the text is for the person who typed it."""


def _complain(digits: str) -> InvalidPhone:
    """Say in Chinese what to do about the number."""
    if LOCAL.fullmatch(digits):
        return InvalidPhone("座机号码请加上区号，例如 0571-88888888。")
    if re.fullmatch(r"1[3-9]\d*", digits) and len(digits) != 11:
        return InvalidPhone(f"手机号码应为 11 位数字，您输入了 {len(digits)} 位，请核对。")
    return InvalidPhone("号码无法识别，请填写 11 位手机号，或带区号的座机号码。")


def _written(number: PhoneNumber) -> str:
    """Write a Chinese number as it is dialled, any other one with its country code."""
    if number.country_code != 86:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    return f"0{national[:area]}-{national[area:]}" if area else national


def normalise_phone(raw: str) -> str:
    """Bring a number into the form we keep (号码规整): 13812345678, 0571-88888888, 4001234567.

    An extension stays behind 转. Raises InvalidPhone with a sentence for the citizen.
    """
    text = unicodedata.normalize("NFKC", raw).strip()
    extension = EXTENSION.search(text)
    digits = SEPARATORS.sub("", text[: extension.start()] if extension else text)
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        raise _complain(digits) from None
    if not re.fullmatch(r"\+?\d+", digits) or not phonenumbers.is_valid_number(number):
        raise _complain(digits)
    return _written(number) + (f"转{extension[1]}" if extension else "")
