"""What becomes a topic of the day: tickets of one matter, and those that more people tell of."""

from django.db import models

from city.models import Category, Region
from tickets.models.incidents import NAME_LENGTH
from tickets.models.intake import Ticket


class Topic(models.Model):
    """Tickets that tell of one matter within some days (话题), grown one by one."""

    opened_at = models.DateTimeField("最早受理时间")
    last_at = models.DateTimeField("最近受理时间")

    class Meta:
        verbose_name = verbose_name_plural = "话题"
        ordering = ["-last_at"]
        indexes = [models.Index(fields=["last_at"], name="topic_last")]


class Mention(models.Model):
    """A ticket's place in its one topic (归入话题); `at` is when the ticket was accepted."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, primary_key=True, related_name="mention", verbose_name="工单"
    )
    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="mentions", db_index=False, verbose_name="话题"
    )
    at = models.DateTimeField("受理时间")

    class Meta:
        verbose_name = verbose_name_plural = "归入话题"
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["topic", "-at"], name="mention_topic"),
            models.Index(fields=["at", "topic"], name="mention_at"),
        ]


class HotTopic(models.Model):
    """A topic that more people told of in a day than usual (热点), as it was counted last."""

    topic = models.OneToOneField(Topic, models.CASCADE, related_name="hot", verbose_name="话题")
    name = models.CharField("名称", max_length=NAME_LENGTH)
    words = models.JSONField("共同词", default=list)
    place = models.CharField("地点", max_length=80, blank=True, default="")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name="事项分类"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="+", verbose_name="区划"
    )
    people = models.PositiveIntegerField("24 小时反映人数")
    count = models.PositiveIntegerField("24 小时件数")
    usual = models.FloatField("平时每日件数")
    spread = models.FloatField("平时波动")
    score = models.FloatField("突增程度")
    since = models.DateTimeField("突增起点")
    ended_at = models.DateTimeField("回落时间", null=True)
    counted_at = models.DateTimeField("统计时间")
    trend = models.JSONField("每日件数", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "热点"
        ordering = ["-score", "id"]
        indexes = [models.Index(fields=["ended_at", "-score"], name="hot_ended_score")]

    def __str__(self) -> str:
        return self.name
