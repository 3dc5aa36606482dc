"""One matter that many told of, and what becomes a topic of the day."""

from django.conf import settings
from django.db import models

from city.models import Category, Region
from tickets.models.intake import Ticket

NAME_LENGTH = 60


class Incident(models.Model):
    """One matter of many callers (同一事件); each keeps the own ticket and follow-up."""

    name = models.CharField("名称", max_length=NAME_LENGTH)
    lead = models.ForeignKey(
        Ticket,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="主件",
    )
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设立人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "同一事件"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class HotTopic(models.Model):
    """A matter that more people told of lately than usual (热点); counted anew again and again."""

    name = models.CharField("名称", max_length=NAME_LENGTH)
    words = models.JSONField("共同词", default=list)
    place = models.CharField("地点", max_length=80, blank=True, default="")
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", verbose_name="事项分类"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="+", verbose_name="区划"
    )
    tickets = models.ManyToManyField(Ticket, related_name="topics", verbose_name="工单")
    people = models.PositiveIntegerField("反映人数")
    usual = models.FloatField("平时件数")
    score = models.FloatField("突增程度")
    since = models.DateTimeField("窗口起点")
    counted_at = models.DateTimeField("统计时间")
    trend = models.JSONField("每日件数", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "热点"
        ordering = ["-score", "id"]

    def __str__(self) -> str:
        return self.name
