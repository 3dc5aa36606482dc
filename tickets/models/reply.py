"""What a unit answers, version by version."""

from django.conf import settings
from django.db import models

from accounts.models import Department
from tickets.models.intake import Ticket


class Reply(models.Model):
    """One version of a unit's reply (答复); a rewrite is a new version.

    Three texts: `text` for the citizen, `internal` for staff only, `public_text` for anybody, once
    the citizen, the unit and the hotline agreed; where it is empty `text` is what is published.
    """

    class Result(models.TextChoices):
        SOLVED = "solved", "实际解决"
        PARTLY = "partly", "部分解决"
        EXPLAINED = "explained", "解释说明"
        UNSOLVED = "unsolved", "未解决"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="replies", verbose_name="工单")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name="承办单位"
    )
    version = models.PositiveSmallIntegerField("版本")
    text = models.TextField("答复诉求人")
    internal = models.TextField("内部办理情况", blank=True, default="")
    public_text = models.TextField("公开答复", blank=True, default="")
    may_publish = models.BooleanField("单位同意公开", default=False)
    published_at = models.DateTimeField("热线同意公开时间", null=True, blank=True)
    facts = models.TextField("事实认定", blank=True, default="")
    contacted = models.BooleanField("已联系诉求人", default=False)
    contact_note = models.CharField("联系情况", max_length=200, blank=True, default="")
    result = models.CharField("办理结果", max_length=10, choices=Result.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="承办人",
    )
    at = models.DateTimeField("时间")
    accepted_at = models.DateTimeField("审核通过时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "version"], name="reply_once_a_version")
        ]
