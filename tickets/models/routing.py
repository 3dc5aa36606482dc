"""Who is responsible for what, and why a ticket went where it went."""

from django.db import models

from accounts.models import Department
from city.models import Category, Region
from tickets.models.intake import Ticket


class DutyItem(models.Model):
    """One row of the duty list (派单目录): matter and region → responsible unit."""

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="duties", verbose_name="事项分类"
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="区划",
        help_text="留空表示全市",
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="duties", verbose_name="主办单位"
    )
    assisting = models.ManyToManyField(
        Department, blank=True, related_name="+", verbose_name="协办单位"
    )
    basis = models.CharField("依据", max_length=200, blank=True, default="")
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "派单目录"
        ordering = ["category__code", "id"]
        indexes = [models.Index(fields=["category", "region"], name="duty_matter_region")]

    def __str__(self) -> str:
        return f"{self.category} → {self.department}"


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
