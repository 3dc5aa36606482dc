"""Keeps a complaint about a unit's own conduct away from that unit (回避)."""

import re

from accounts.models import Department

CONDUCT = re.compile(
    r"不作为|乱作为|推诿|扯皮|敷衍|态度(?:恶劣|差|不好|很冲)|吃拿卡要|刁难|包庇|失职|渎职"
    r"|暴力执法|乱罚款|打人|骂人|工作人员.{0,8}(?:收|要|骂|吼|推)"
)
NEAR = 40


def conduct_words(text: str, unit: Department) -> list[str]:
    """Find what the text says of the unit's own conduct (反映单位自身), near the unit's name."""
    names = [name for name in (unit.name, unit.short_name, *_without_region(unit)) if name]
    spots = [found.start() for name in names for found in re.finditer(re.escape(name), text)]
    said = (CONDUCT.findall(text[max(0, at - NEAR) : at + NEAR + len(unit.name)]) for at in spots)
    return list(dict.fromkeys(word for words in said for word in words))


def superior_of(unit: Department) -> Department | None:
    """Give the unit above (上级单位), for the highest the hotline itself."""
    if unit.parent is not None:
        return unit.parent
    center = Department.objects.filter(kind=Department.Kind.CENTER, active=True)
    return center.exclude(pk=unit.pk).order_by("level", "pk").first()


def _without_region(unit: Department) -> list[str]:
    """Give the unit's name as people say it, without its city or district before it."""
    region = unit.region.name if unit.region else ""
    rest = unit.name.removeprefix(region)
    return [rest] if region and rest != unit.name and len(rest) > 3 else []
