"""Times as people read them: how long is left, with the exact time behind it."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone

from tickets.deadlines import PROMISE

register = template.Library()

NEAR = timedelta(hours=24)  # shown in amber; the card rules themselves are rows of the city


def spoken(span: timedelta) -> str:
    """Say a span in its largest units: 3 天 2 小时, 3 小时, 12 分钟."""
    minutes = int(span.total_seconds()) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days >= 3 or (days and not hours):
        return f"{days} 天"
    if days:
        return f"{days} 天 {hours} 小时"
    return f"{hours} 小时" if hours else f"{max(minutes, 1)} 分钟"


def clock(due_at: datetime, now: datetime) -> tuple[str, str]:
    """Say how the time stands and in which tone: ("剩 3 小时", "amber")."""
    if due_at <= now:
        return f"超期 {spoken(now - due_at)}", "red"
    return f"剩 {spoken(due_at - now)}", "amber" if due_at - now <= NEAR else "plain"


@register.inclusion_tag("components/due.html")
def due(due_at: datetime | None, *, provisional: bool = False, kind: str = "") -> dict[str, Any]:
    """Show a deadline (时限); a promised day (承诺日期) by its name until it is over."""
    if due_at is None:
        return {"due_at": None}
    text, tone = clock(due_at, timezone.now())
    if kind == PROMISE and tone != "red":
        day = timezone.localtime(due_at)
        text = f"承诺至 {day.month}月{day.day}日"
    return {"due_at": due_at, "text": text, "tone": tone, "provisional": provisional}


@register.filter
def ago(at: datetime | None) -> str:
    """Say how long ago something was: 刚刚, 12 分钟前."""
    if at is None:
        return ""
    span = timezone.now() - at
    return "刚刚" if span < timedelta(minutes=1) else f"{spoken(span)}前"


@register.filter
def moment(at: datetime) -> str:
    """Say when something was as briefly as it stays clear: 09:41, 昨天 09:41, 11月2日 09:41."""
    local, today = timezone.localtime(at), timezone.localdate()
    days = (today - local.date()).days
    day = {0: "", 1: "昨天 "}.get(days, f"{local.month}月{local.day}日 ")
    return f"{day}{local:%H:%M}"


@register.filter
def seconds(count: int | None) -> str:
    """Say a number of seconds as a span."""
    return spoken(timedelta(seconds=count)) if count else ""


@register.filter
def minutes(count: int) -> str:
    """Say a number of working minutes (工作时间): 3 小时 20 分钟."""
    hours, rest = divmod(count, 60)
    said = [f"{hours} 小时"] * bool(hours) + [f"{rest} 分钟"] * bool(rest or not hours)
    return " ".join(said)
