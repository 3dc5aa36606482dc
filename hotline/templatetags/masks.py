"""Personal data as most people may see it: masked."""

from django import template

from accounts.fields import mask_name, mask_phone

register = template.Library()


@register.filter
def masked_name(name: str) -> str:
    """Show only the surname (姓名脱敏)."""
    return mask_name(name) if name else ""


@register.filter
def masked_phone(phone: str) -> str:
    """Hide the middle of a number (号码脱敏)."""
    return mask_phone(phone) if phone else ""
