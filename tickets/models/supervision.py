"""What supervision demanded of a unit (督办), what the unit explained, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from tickets.models.intake import Supervised, Ticket


class Supervision(models.Model):
    """One supervision of a ticket (督办单), open until it ends or a higher one takes its place."""

    ticket = models.ForeignKey(
        Ticket, models.CASCADE, related_name="supervisions", verbose_name="工单"
    )
    level = models.PositiveSmallIntegerField("级别", choices=Supervised.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name="被督办单位"
    )
    opinion = models.TextField("督办意见")
    due_at = models.DateTimeField("说明期限")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="督办人"
    )
    at = models.DateTimeField("督办时间")
    leader = models.CharField("负责领导", max_length=30, blank=True, default="")
    explanation = models.TextField("书面说明", blank=True, default="")
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="说明人"
    )
    explained_at = models.DateTimeField("说明时间", null=True)
    result = models.TextField("督办结果", blank=True, default="")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="结束人"
    )
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "督办单"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at=None), name="one_supervision_at_a_time"
            )
        ]

    @property
    def is_late(self) -> bool:
        """Tell whether the unit explained itself after the limit (逾期说明)."""
        return self.explained_at is not None and self.explained_at > self.due_at
