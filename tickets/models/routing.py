"""Why a ticket went where it went, and the classifiers that said so."""

from django.conf import settings
from django.db import models

from city.models import Category
from tickets.models.intake import Ticket


class RoutingModel(models.Model):
    """One trained classifier (分类模型版本), how well it did, and whether it is in force."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", "候选"
        LIVE = "live", "现用"
        FORMER = "former", "曾用"
        REFUSED = "refused", "未采用"

    version = models.CharField("版本", max_length=40, unique=True)
    trained_at = models.DateTimeField("训练时间")
    samples = models.PositiveIntegerField("样本数")
    metrics = models.JSONField("指标", default=dict)
    thresholds = models.JSONField("门槛", default=dict)
    backtest = models.JSONField("回测", default=dict)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.CANDIDATE)
    promoted_at = models.DateTimeField("启用时间", null=True)
    until = models.DateTimeField("停用时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    note = models.CharField("说明", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "分类模型"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="live"), name="one_live_model"
            )
        ]

    def __str__(self) -> str:
        return self.version


class Routing(models.Model):
    """The evidence as it stood when the ticket was matched (匹配依据); only ever added."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="routings", verbose_name="工单")
    categories = models.JSONField("分类建议", default=list)
    units = models.JSONField("单位建议", default=list)
    decision = models.JSONField("结论", default=dict)
    model_version = models.CharField("模型版本", max_length=40, blank=True, default="")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "匹配依据"
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="routing_at")]


class Confirmation(models.Model):
    """What was suggested at the door beside what the agent made of it (受理确认); only ever added.

    Codes of outcome, kind and matter; empty where nothing was suggested or chosen.
    """

    ticket = models.ForeignKey(
        Ticket, models.CASCADE, null=True, related_name="confirmations", verbose_name="工单"
    )
    suggested_outcome = models.CharField("建议分流", max_length=10)
    outcome = models.CharField("实际分流", max_length=10)
    suggested_kind = models.CharField("建议类型", max_length=10, blank=True, default="")
    kind = models.CharField("实际类型", max_length=10, blank=True, default="")
    suggested_matter = models.CharField("建议事项", max_length=20, blank=True, default="")
    matter = models.CharField("实际事项", max_length=20, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="话务员"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "受理确认"
        indexes = [models.Index(fields=["at"], name="confirmation_at")]
        constraints = [models.UniqueConstraint(fields=["ticket"], name="one_confirmation")]


class Pause(models.Model):
    """A matter that is not dispatched without a person (自动派单暂停): too many went wrong."""

    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name="事项分类"
    )
    sent = models.PositiveIntegerField("自动派出")
    wrong = models.PositiveIntegerField("其中派错")
    wished = models.FloatField("期望准确率")
    at = models.DateTimeField("暂停时间")
    lifted_at = models.DateTimeField("恢复时间", null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="恢复人"
    )
    note = models.CharField("恢复理由", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "自动派单暂停"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.matter

    @property
    def matter(self) -> str:
        """Name what is paused (暂停的事项)."""
        return self.category.name if self.category else "全部事项"

    @property
    def precision(self) -> float:
        """The share that went right, in percent (实际准确率)."""
        return 100 * (self.sent - self.wrong) / self.sent
