"""Why a ticket went where it went, and the classifiers that said so."""

from django.db import models

from tickets.models.intake import Ticket


class RoutingModel(models.Model):
    """One trained classifier (分类模型版本) and how well it does."""

    version = models.CharField("版本", max_length=40, unique=True)
    trained_at = models.DateTimeField("训练时间")
    samples = models.PositiveIntegerField("样本数")
    metrics = models.JSONField("指标", default=dict)
    thresholds = models.JSONField("门槛", default=dict)
    live = models.BooleanField("启用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "分类模型"
        ordering = ["-id"]


class Routing(models.Model):
    """The evidence as it stood when the ticket was matched (匹配依据)."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, related_name="routing", verbose_name="工单"
    )
    categories = models.JSONField("分类建议", default=list)
    units = models.JSONField("单位建议", default=list)
    decision = models.JSONField("结论", default=dict)
    model_version = models.CharField("模型版本", max_length=40, blank=True, default="")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "匹配依据"
