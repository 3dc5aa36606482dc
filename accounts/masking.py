"""What others see of personal data: phones, names, id and card numbers with stars (脱敏)."""

import re
from collections.abc import Callable
from datetime import date

PLAIN = {ord(c): str(n) for n, c in enumerate("０１２３４５６７８９")}
PLAIN |= {0x1D7CE + n: str(n % 10) for n in range(50)}  # mathematical digits, a way round filters
PLAIN |= {
    ord(c): plain
    for c, plain in zip("Ｘｘ＋－—–‐‑−．（）\u3000\xa0", "Xx+------.()  ", strict=True)
}
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
    "61 62 63 64 65 71 81 82 83 91".split()
)
SEP = r"[ .·-]"
MOBILE = re.compile(
    rf"""(?<!\d)(?:(?:\+|00)?86{SEP}?)?(?P<number>
        1[3-9]\d{SEP}{{0,3}}\d{{4}}{SEP}{{0,3}}\d{{4}}   # 138 1234 5678, the usual grouping
      | 1[3-9]\d{SEP}\d{{3}}{SEP}\d{{5}}
      | 1[3-9]\d{SEP}?\d{{2}}{SEP}?\d{{2}}{SEP}?\d{{2}}{SEP}?\d{{2}}
      | 1[3-9]\d\d{SEP}\d{{3}}{SEP}\d{{4}}
      | 1[3-9]\d\d{SEP}\d{{4}}{SEP}\d{{3}}
      | 1{SEP}[3-9](?:{SEP}\d){{9}}                      # digit by digit
    )(?!\d)""",
    re.VERBOSE | re.ASCII,
)
SPOKEN = re.compile(
    r"[一幺][三四五六七八九][〇零一幺二三四五六七八九]{9}(?![〇零一幺二三四五六七八九])"
)
LANDLINE = re.compile(
    rf"(?<!\d)(?P<area>\(?0(?:10|2\d|[3-9]\d\d)\)?){SEP}{{0,3}}\d{{3,4}}{SEP}?\d{{4}}(?!\d)",
    re.ASCII,
)
LOCAL = re.compile(
    r"(?P<lead>(?:电话|座机|固话|联系方式)(?:号码)?[是为:：\s]{0,3})[2-8]\d{2,3}[ -]?\d{4}(?!\d)",
    re.ASCII,
)
ID_18 = re.compile(r"(?<![0-9A-Za-z])\d{6}[ -]?\d{8}[ -]?\d{3}[0-9Xx](?![0-9A-Za-z])", re.ASCII)
ID_15 = re.compile(r"(?<![0-9A-Za-z])\d{15}(?![0-9A-Za-z])", re.ASCII)
CARD = re.compile(
    r"(?<![0-9A-Za-z])(?:6[02]|4\d|5[1-5]|35|95)\d\d(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?"
    r"(?![0-9A-Za-z])",
    re.ASCII,
)


def mask_phone(number: str) -> str:
    """Hide the middle of a telephone number (号码脱敏): 138****5678, 0571-****8888."""
    area, dash, rest = number.partition("-")
    if dash:
        return f"{area}-****{rest.partition('转')[0][-4:]}"
    plain = number.partition("转")[0]
    if len(plain) < 7:
        return "*" * len(plain)
    return f"{plain[:3]}****{plain[-4:] if len(plain) > 10 else plain[-3:]}"


def mask_name(name: str) -> str:
    """Leave the first character of a name (姓名脱敏): 张**."""
    return name[:1] + "*" * min(len(name) - 1, 3)


def mask_id(number: str) -> str:
    """Hide the middle of an id or card number (证件号脱敏): 330***********1234."""
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:] if len(number) > 7 else "***"


def _digits(text: str) -> str:
    return re.sub(r"[^0-9Xx]", "", text)


def _is_date(year: int, month: int, day: int) -> bool:
    """Tell whether somebody living can have been born on that day."""
    try:
        return 1900 <= date(year, month, day).year <= 2099
    except ValueError:
        return False


def _is_id(number: str) -> bool:
    """Tell an id number (居民身份证, 18 or 15 digits) by its province and its day of birth.

    A wrong check digit does not save it: a slip of one digit still points at the person.
    """
    birth = number[6:14] if len(number) == 18 else "19" + number[6:12]
    return number[:2] in PROVINCES and _is_date(int(birth[:4]), int(birth[4:6]), int(birth[6:]))


def check_digit(seventeen: str) -> str:
    """Compute the last place of an id number (身份证校验位, GB 11643)."""
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(seventeen))
    return "10X98765432"[total % 11]


def _has_luhn(number: str) -> bool:
    """Tell whether the check digit of a bank card is right."""
    odd = sum(int(digit) for digit in number[-1::-2])
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (odd + even) % 10 == 0


def _hide_id(match: re.Match[str]) -> str:
    number = _digits(match[0])
    return mask_id(number) if _is_id(number) else match[0]


def _hide_card(match: re.Match[str]) -> str:
    number = _digits(match[0])
    return mask_id(number) if _has_luhn(number) else match[0]


def _hide_mobile(match: re.Match[str]) -> str:
    return mask_phone(_digits(match["number"]))


def _hide_spoken(match: re.Match[str]) -> str:
    return f"{match[0][:3]}****{match[0][-4:]}"


def _hide_landline(match: re.Match[str]) -> str:
    return f"{_digits(match['area'])}-****{match[0][-4:]}"


def _hide_local(match: re.Match[str]) -> str:
    return f"{match['lead']}****{match[0][-4:]}"


RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (ID_18, _hide_id),
    (CARD, _hide_card),
    (ID_15, _hide_id),
    (MOBILE, _hide_mobile),
    (LANDLINE, _hide_landline),
    (LOCAL, _hide_local),
    (SPOKEN, _hide_spoken),
]


def _hidden(text: str, rule: re.Pattern[str], hide: Callable[[re.Match[str]], str]) -> str:
    """Replace what the rule finds; digits may be full-width, all else stays as written."""
    parts: list[str] = []
    end = 0
    for match in rule.finditer(text.translate(PLAIN)):
        masked = hide(match)
        if masked != match[0]:
            parts += [text[end : match.start()], masked]
            end = match.end()
    return "".join([*parts, text[end:]])


def mask_text(text: str) -> str:
    """Hide phones, id and card numbers in free text (正文脱敏); ticket numbers stay."""
    for rule, hide in RULES:
        text = _hidden(text, rule, hide)
    return text


NAMED = re.compile(
    r"(?P<lead>我叫|本人叫|姓名[是为：: ]|联系人[是为：: ])(?P<name>[\u4e00-\u9fff]{2,3})"
)
"""Where somebody says what he is called."""


def without_names(text: str, name: str) -> str:
    """Hide the citizen's name, and names that say that they are one (姓名脱敏)."""
    if len(name) > 1:
        text = text.replace(name, mask_name(name))
    return NAMED.sub(lambda found: found["lead"] + mask_name(found["name"]), text)


def mask_person(text: str, name: str) -> str:
    """Hide in free text who speaks (隐去身份): numbers, the NAME that is known, names he gives."""
    return mask_text(without_names(text, name))


_OF_PERSONS = [(ID_18, _hide_id), (CARD, _hide_card), (ID_15, _hide_id), (MOBILE, _hide_mobile)]


def personal_in(text: str) -> list[tuple[int, int]]:
    """Find mobile phones, id and card numbers (个人号码): their places, each once, in order.

    Landlines are left out: they are what units give as their own.
    """
    plain = text.translate(PLAIN)
    found: list[tuple[int, int]] = []
    for rule, hide in _OF_PERSONS:
        for match in rule.finditer(plain):
            known = any(start < match.end() and match.start() < end for start, end in found)
            if hide(match) != match[0] and not known:
                found.append(match.span())
    return sorted(found)
