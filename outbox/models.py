"""What still has to be delivered, and what people were told."""

from django.conf import settings
from django.db import models


class Delivery(models.Model):
    """One event on its way to one subscriber (待投递消息); the row goes when it has arrived."""

    class State(models.TextChoices):
        PENDING = "pending", "待投递"
        DEAD = "dead", "投递失败"

    event = models.CharField("事件", max_length=60)
    payload = models.JSONField("内容")
    subscriber = models.CharField("订阅者", max_length=60)
    queue = models.CharField("队列", max_length=20)
    cause = models.CharField("起因", max_length=32, db_index=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    due_at = models.DateTimeField("应投时间")
    error = models.TextField("错误", blank=True, default="")
    created_at = models.DateTimeField("产生时间")

    class Meta:
        verbose_name = verbose_name_plural = "待投递消息"
        indexes = [
            models.Index(fields=["state", "queue", "due_at", "id"], name="delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.subscriber}"


class Notice(models.Model):
    """What one person is told of a ticket, or without a number of his export (通知).

    A kind and a number, no words of anybody.

    Whether the person may see the ticket is judged when the notice is read.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="人员"
    )
    label = models.CharField("事由", max_length=30)
    number = models.CharField("工单编号", max_length=30)
    mark = models.CharField("来历", max_length=60)
    at = models.DateTimeField("时间", db_index=True)
    read_at = models.DateTimeField("已读时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "number", "mark"], name="notice_once")
        ]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notice_list"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.number}"
