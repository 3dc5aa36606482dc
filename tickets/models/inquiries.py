"""What the hotline or a unit asks the citizen, and what came back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.fields import EncryptedTextField
from accounts.models import Department
from tickets.models.intake import Ticket


class Inquiry(models.Model):
    """One question to the citizen (询问); at most one of a purpose waits for an answer."""

    class Purpose(models.TextChoices):
        MISSING = "missing", "补充要素"
        RELAY = "relay", "承办单位转问"
        WITHDRAWAL = "withdrawal", "请确认撤单"

    ticket = models.ForeignKey(
        Ticket, models.CASCADE, related_name="inquiries", verbose_name="工单"
    )
    purpose = models.CharField("用途", max_length=10, choices=Purpose.choices)
    question = EncryptedTextField("询问内容")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name="询问单位"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="询问人"
    )
    at = models.DateTimeField("询问时间")
    reminded_at = models.DateTimeField("提醒时间", null=True)
    answer = EncryptedTextField("诉求人意见", blank=True, default="")
    agreed = models.BooleanField("同意", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="转达人",
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "询问"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "purpose"],
                condition=Q(answered_at=None),
                name="one_question_waits",
            )
        ]
        indexes = [
            models.Index(
                fields=["purpose", "at"], name="inquiry_waiting", condition=Q(answered_at=None)
            )
        ]

    @property
    def waits(self) -> bool:
        """Tell whether the citizen has not answered yet."""
        return self.answered_at is None
