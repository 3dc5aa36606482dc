"""Who is responsible for what (派单目录) and what is always so (规则), each as rows people edit."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from city.models import Category, Region
from tickets.workflow import Urgency


def new_key() -> str:
    """Make a name for a row that nobody named."""
    return secrets.token_hex(4).upper()


class DutyItem(models.Model):
    """One version of one row of the duty list (派单目录): matter, region, words → unit.

    Rows of one `key` are versions of each other; at most one is published, at most one is open.
    """

    class State(models.TextChoices):
        """Where a version stands on its way into force."""

        DRAFT = "draft", "草稿"
        IN_REVIEW = "in_review", "待审核"
        PUBLISHED = "published", "已发布"
        REPLACED = "replaced", "已被替换"
        WITHDRAWN = "withdrawn", "已停用"

    key = models.CharField("条目编号", max_length=40, default=new_key)
    version = models.PositiveIntegerField("版本", default=1)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="duties", verbose_name="事项分类"
    )
    keywords = models.JSONField("须含词语", default=list, blank=True)
    excluded = models.JSONField("不含词语", default=list, blank=True)
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
    with_territory = models.BooleanField("双派", default=False)
    basis = models.CharField("依据", max_length=200, blank=True, default="")
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="起草人",
    )
    written_at = models.DateTimeField("起草时间", auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="审核人",
    )
    reviewed_at = models.DateTimeField("审核时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "派单目录"
        ordering = ["category__code", "key", "-version"]
        indexes = [models.Index(fields=["category", "region"], name="duty_matter_region")]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="duty_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="published"), name="duty_published_once"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=["draft", "in_review"]), name="duty_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.department}"

    @property
    def where(self) -> str:
        """Name the region that the row speaks of."""
        return self.region.name if self.region else "全市"


@dataclass(frozen=True)
class DutyStep:
    """One step of a row of the duty list: from where to where, and what it asks."""

    label: str
    source: str
    target: str
    needs_note: bool = False
    of_another: bool = False
    """Only by somebody else than who wrote the version (四眼)."""


DUTY_STEPS = {
    "submit": DutyStep("提交审核", DutyItem.State.DRAFT, DutyItem.State.IN_REVIEW),
    "publish": DutyStep(
        "审核发布", DutyItem.State.IN_REVIEW, DutyItem.State.PUBLISHED, of_another=True
    ),
    "send_back": DutyStep(
        "退回修改", DutyItem.State.IN_REVIEW, DutyItem.State.DRAFT, needs_note=True
    ),
    "withdraw": DutyStep(
        "停用", DutyItem.State.PUBLISHED, DutyItem.State.WITHDRAWN, needs_note=True
    ),
}


class Rule(models.Model):
    """What always holds (派单规则): readable conditions → unit, urgency, flag, or a person."""

    position = models.PositiveIntegerField("顺序", default=0)
    name = models.CharField("名称", max_length=60, unique=True)
    active = models.BooleanField("启用", default=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项分类"
    )
    words = models.JSONField("含任一词语", default=list, blank=True)
    excluded = models.JSONField("不含词语", default=list, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区划"
    )
    place = models.CharField("地点含", max_length=60, blank=True, default="")
    sources = models.JSONField("来源渠道", default=list, blank=True)
    hour_from = models.TimeField("时段自", null=True, blank=True)
    hour_to = models.TimeField("时段至", null=True, blank=True)
    signs = models.JSONField("人群与特殊情形", default=list, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="派往"
    )
    urgency = models.CharField(
        "紧急程度", max_length=10, choices=Urgency.choices, blank=True, default=""
    )
    flag = models.CharField("标记", max_length=20, blank=True, default="")
    hold = models.BooleanField("转人工", default=False)
    error = models.CharField("错误", max_length=300, blank=True, default="")
    failed_at = models.DateTimeField("出错时间", null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="修改人",
    )
    changed_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "派单规则"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name
