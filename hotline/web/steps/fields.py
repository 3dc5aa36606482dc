"""Fields that several steps ask for."""

from typing import Any

from django import forms

from accounts.models import Department, User
from city import selectors as city
from city.memo import Memo
from city.models import Category, Region
from hotline.web.selects import KeptField, KeptFields, LongSelect, UnitSelect, UnitsSelect
from tickets import policy, selectors
from tickets.models import Ticket

LEAD_UNITS = Memo(lambda: list(selectors.lead_units()))
FINE = city.categories().filter(level__gte=2)
MATTERS: Memo[list[Category]] = Memo(lambda: list(FINE.all()))
BELOW_CITY = Region.objects.exclude(level=Region.Level.CITY)
REGIONS: Memo[list[Region]] = Memo(lambda: list(BELOW_CITY.all()))


def matter() -> KeptField:
    """Make a field for what a demand is about (事项)."""
    return KeptField(MATTERS, FINE, label="事项分类", required=False, widget=LongSelect)


def region() -> KeptField:
    """Make a field for where it is (区划)."""
    return KeptField(REGIONS, BELOW_CITY, label="区划", required=False, widget=LongSelect)


def units(
    label: str, *, required: bool = True, **more: Any
) -> "forms.ModelChoiceField[Department]":
    """Make a field for one unit (单位)."""
    return KeptField(
        LEAD_UNITS,
        selectors.lead_units(),
        label=label,
        required=required,
        empty_label=None if required else "不指定",
        to_field_name="code",
        widget=UnitSelect(attrs={"size": 6}),
        error_messages={"required": f"请选择{label}。", "invalid_choice": "这个单位不能选择。"},
        **more,
    )


def units_beside(
    *, required: str = "", help_text: str = "", **attrs: Any
) -> "forms.ModelMultipleChoiceField[Department]":
    """Make a field for the units that help the one in the lead (协办单位)."""
    return KeptFields(
        LEAD_UNITS,
        selectors.lead_units(),
        label="协办单位",
        required=bool(required),
        to_field_name="code",
        widget=UnitsSelect(attrs={"size": 4, **attrs}),
        help_text=help_text,
        error_messages={"required": required},
    )


def other_ticket(user: User, number: str) -> Ticket:
    """Find the ticket of a number that was typed (另一件工单), among those USER may see."""
    found = policy.visible_to(user).filter(number=number.strip()).first()
    if found is None:
        raise forms.ValidationError("没有这个编号的工单，请核对。")
    return found
