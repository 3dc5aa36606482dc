"""Calls and the events that they are made of."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.fields import EncryptedTextField
from tickets.models import Ticket


class Call(models.Model):
    """One telephone call (通话), the projection of its events."""

    class Status(models.TextChoices):
        QUEUED = "queued", "排队中"
        RINGING = "ringing", "振铃"
        TALKING = "talking", "通话中"
        HELD = "held", "保持中"
        WRAP_UP = "wrap_up", "话后整理"
        FINISHED = "finished", "已完成"
        MISSED = "missed", "未接"

    class Disposition(models.TextChoices):
        TICKET = "ticket", "已登记工单"
        ANSWERED = "answered", "直接答复"
        SUPPLEMENT = "supplement", "补充已有工单"
        URGE = "urge", "催办已有工单"
        EMERGENCY = "emergency", "转紧急热线"
        INVALID = "invalid", "无效来电"
        NUISANCE = "nuisance", "骚扰来电"

    source = models.CharField("来源", max_length=100)
    call_id = models.CharField("通话编号", max_length=100)
    direction = models.CharField("方向", max_length=10, default="inbound")
    number = EncryptedTextField("号码", blank=True, default="")
    number_hash = models.CharField("号码散列", max_length=64, blank=True, default="", db_index=True)
    queue = models.CharField("队列", max_length=50, blank=True, default="")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="话务员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="calls",
    )
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.QUEUED)
    disposition = models.CharField(
        "处置", max_length=12, choices=Disposition.choices, blank=True, default=""
    )
    note = models.CharField("备注", max_length=200, blank=True, default="")
    ticket = models.ForeignKey(
        Ticket,
        verbose_name="工单",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    started_at = models.DateTimeField("呼入时间")
    ringing_at = models.DateTimeField("振铃时间", null=True, blank=True)
    answered_at = models.DateTimeField("应答时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    wait_ms = models.PositiveIntegerField("等待毫秒", default=0)
    talk_ms = models.PositiveIntegerField("通话毫秒", default=0)
    outcome = models.CharField("结果", max_length=20, blank=True, default="")
    hangup_by = models.CharField("挂断方", max_length=10, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "通话"
        constraints = [models.UniqueConstraint(fields=["source", "call_id"], name="call_once")]
        indexes = [
            models.Index(fields=["agent", "status"], name="call_agent_status"),
            models.Index(fields=["number_hash", "-started_at"], name="call_number_time"),
            models.Index(fields=["-started_at"], name="call_time"),
        ]

    def __str__(self) -> str:
        begun = timezone.localtime(self.answered_at or self.started_at)
        return f"{begun:%m月%d日 %H:%M}，{self.talk_ms // 1000} 秒"


class Nuisance(models.Model):
    """A number marked as disturbing (骚扰标记), confirmed by another, listed for a time."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="nuisances", verbose_name="通话")
    number = EncryptedTextField("号码")
    number_hash = models.CharField("号码散列", max_length=64, db_index=True)
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="标记人"
    )
    at = models.DateTimeField("标记时间")
    confirmed = models.BooleanField("确认", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="确认人",
    )
    decided_at = models.DateTimeField("确认时间", null=True)
    until = models.DateTimeField("到期", null=True)
    appeal = models.CharField("申诉", max_length=200, blank=True, default="")
    lifted_at = models.DateTimeField("移出时间", null=True)
    note = models.TextField("处理记录", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "骚扰号码"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["call"], name="nuisance_once_a_call"),
        ]
        indexes = [models.Index(fields=["confirmed", "at"], name="nuisance_waiting")]


class CallEvent(models.Model):
    """One neutral event as it came (通话事件); append-only, stored once."""

    source = models.CharField("来源", max_length=100)
    event_id = models.CharField("事件编号", max_length=100)
    call_id = models.CharField("通话编号", max_length=100)
    type = models.CharField("类型", max_length=100)
    seq = models.PositiveIntegerField("序号", default=0)
    occurred_at = models.DateTimeField("发生时间")
    data = EncryptedTextField("内容", default="{}")
    received_at = models.DateTimeField("接收时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "通话事件"
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="call_event_once")
        ]
        indexes = [models.Index(fields=["source", "call_id"], name="call_event_call")]
