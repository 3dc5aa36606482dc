"""Demands that people dispatched, to train on: three matters, a few phrases, many places."""

from datetime import timedelta
from itertools import product

from django.utils import timezone

from city.models import Category
from tickets import actions
from tickets.models import Source, Ticket
from tickets.workflow import Party, Status

PHRASES = {
    "0101": ["流动摊贩占道", "早市摆摊挡路", "烧烤摊占了人行道"],
    "0401": ["自来水停水", "水压太低上不了五楼", "水管爆了没人修"],
    "0201": ["物业费乱涨", "物业保洁不打扫", "小区保安不管"],
}
WHERE = ["望河花园", "柳林社区", "石鼓社区东门", "北湾社区市场"]
WHEN = ["昨天早上", "这两个礼拜"]


def few_matters() -> None:
    """Put all other matters out of use: training on two hundred takes its time."""
    Category.objects.filter(level=2).exclude(code__in=PHRASES).update(active=False)


def settled(text: str, code: str, days_ago: float = 40) -> Ticket:
    """Make a demand that stayed with its unit through signing and reply."""
    ticket = actions.accept(text=text, source=Source.WEB, by=Party.SYSTEM)
    at = timezone.now() - timedelta(days=days_ago)
    Ticket.objects.filter(pk=ticket.pk).update(
        status=Status.CLOSED,
        category=Category.objects.get(code=code),
        replied_at=at,
        accepted_at=at,
    )
    return ticket


def a_month() -> list[Ticket]:
    """Make 72 of them, the last third within the back-test's weeks."""
    return [
        settled(f"{when}{where}{phrase}，请尽快处理", code, days_ago=40 if n % 3 else 5)
        for code, phrases in PHRASES.items()
        for n, (phrase, where, when) in enumerate(product(phrases, WHERE, WHEN))
    ]
