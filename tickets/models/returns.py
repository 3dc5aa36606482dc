"""What units say when a ticket is not theirs, and how it is settled."""

from django.conf import settings
from django.db import models

from accounts.models import Department
from tickets.models.duties import DutyItem
from tickets.models.intake import Ticket


class Return(models.Model):
    """A unit's opinion that a ticket is not its duty (退单), and what was decided of it."""

    class Code(models.TextChoices):
        NOT_OURS = "not_ours", "不属于本单位职责"
        OTHER_REGION = "other_region", "不在本辖区"
        OTHER_LEVEL = "other_level", "属上级或垂管单位职责"
        SHARED = "shared", "职责交叉，需明确主办"
        CONFLICT = "conflict", "应当回避"
        UNCLEAR = "unclear", "要素不全，无法办理"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="returns", verbose_name="工单")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="退单单位"
    )
    code = models.CharField("退单类别", max_length=12, choices=Code.choices)
    reason = models.TextField("退单理由")
    basis = models.TextField("职责依据", blank=True, default="")
    suggested = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="建议单位",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    at = models.DateTimeField("申请时间")
    accepted = models.BooleanField("同意退单", null=True)
    decision = models.TextField("裁决理由", blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="裁决人",
    )
    decided_at = models.DateTimeField("裁决时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "退单"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(accepted=None),
                name="one_return_waits",
            )
        ]


class Dispute(models.Model):
    """Units that all say it is not theirs (争议), until one is designated; the opinions are the
    ticket's returns."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="disputes", verbose_name="工单")
    opened_at = models.DateTimeField("提交时间")
    unit = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name="指定单位"
    )
    basis = models.TextField("指定依据", blank=True, default="")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="协调人",
    )
    settled_at = models.DateTimeField("指定时间", null=True)
    duty = models.ForeignKey(
        DutyItem, models.SET_NULL, null=True, related_name="+", verbose_name="目录条目草稿"
    )

    class Meta:
        verbose_name = verbose_name_plural = "争议"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(settled_at=None),
                name="one_open_dispute",
            )
        ]
