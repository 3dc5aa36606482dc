"""What stops or lengthens a ticket's clock: standstills, promises, extensions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from tickets.models.intake import Ticket


class ClockStop(models.Model):
    """A time in which a ticket's clocks stood still (停表), open while it lasts."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="stops", verbose_name="工单")
    state = models.CharField("停表状态", max_length=20)
    before = models.CharField("此前状态", max_length=20)
    begun_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "停表"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at=None), name="one_clock_stop_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("begun_at")),
                name="clock_stop_ends_after_it_begins",
            ),
        ]


class Asking(models.Model):
    """What a unit asks for its ticket, with what the citizen was told, and the decision."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="申请单位"
    )
    reason = models.TextField("理由")
    told = models.TextField("告知诉求人情况")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    at = models.DateTimeField("申请时间")
    accepted = models.BooleanField("同意", null=True)
    decision = models.TextField("审批意见", blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="审批人",
    )
    decided_at = models.DateTimeField("审批时间", null=True)

    class Meta:
        abstract = True


class Promise(Asking):
    """A day by which a unit promises to be done with what takes long (承诺办理)."""

    class Code(models.TextChoices):
        PROJECT = "project", "需立项"
        LEGACY = "legacy", "历史遗留"
        COURT = "court", "司法程序中"
        WORKS = "works", "跨年度工程"
        POLICY = "policy", "政策限制"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="promises", verbose_name="工单")
    code = models.CharField("原因", max_length=8, choices=Code.choices)
    promised_on = models.DateField("承诺日期")
    noted_at = models.DateTimeField("最近填报进展", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "承诺办理"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(accepted=None), name="one_promise_waits"
            )
        ]
        indexes = [
            models.Index(
                fields=["noted_at"],
                name="promise_noted",
                condition=Q(accepted=True, ended_at=None),
            )
        ]


class Extension(Asking):
    """More working days for a unit (延期)."""

    ticket = models.ForeignKey(
        Ticket, models.CASCADE, related_name="extensions", verbose_name="工单"
    )
    days = models.PositiveSmallIntegerField("工作日")

    class Meta:
        verbose_name = verbose_name_plural = "延期"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(accepted=None), name="one_extension_waits"
            )
        ]
        indexes = [models.Index(fields=["decided_at"], name="extension_time")]


class Card(models.Model):
    """A warning that a clock runs out or ran out (提醒、黄牌、红牌), once a clock and level."""

    class Level(models.TextChoices):
        REMINDER = "reminder", "提醒"
        YELLOW = "yellow", "黄牌"
        RED = "red", "红牌"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="cards", verbose_name="工单")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name="承办单位"
    )
    level = models.CharField("级别", max_length=8, choices=Level.choices)
    clock = models.CharField("环节", max_length=16)
    due_at = models.DateTimeField("期限")
    at = models.DateTimeField("亮牌时间")

    class Meta:
        verbose_name = verbose_name_plural = "红黄牌"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "clock", "due_at", "level"], name="card_once")
        ]
        indexes = [models.Index(fields=["at", "level"], name="card_time")]


class LimitChange(models.Model):
    """Other limits for the tickets that are open (时限改用), tried first, then applied."""

    class State(models.TextChoices):
        COUNTING = "counting", "正在试算"
        COUNTED = "counted", "已试算"
        APPLYING = "applying", "正在改用"
        DONE = "done", "已改用"

    preset = models.CharField("时限方案", max_length=20, blank=True, default="")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.COUNTING)
    reached = models.PositiveBigIntegerField("已算到", default=0)
    total = models.PositiveIntegerField("在办工单", default=0)
    seen = models.PositiveIntegerField("已算", default=0)
    changed = models.PositiveIntegerField("期限改变", default=0)
    overdue = models.PositiveIntegerField("其中将超期", default=0)
    beside = models.PositiveIntegerField("协办下派期限改变", default=0)
    beside_overdue = models.PositiveIntegerField("其中协办下派将超期", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "时限改用"
        ordering = ["-id"]

    @property
    def is_running(self) -> bool:
        """Tell whether tickets are still being reckoned."""
        return self.state in {self.State.COUNTING, self.State.APPLYING}

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.seen // self.total if self.total else 100
