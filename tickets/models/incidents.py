"""One matter that many told of."""

from django.conf import settings
from django.db import models

from tickets.models.intake import Ticket

NAME_LENGTH = 60


class Incident(models.Model):
    """One matter of many callers (同一事件); each keeps the own ticket and follow-up."""

    name = models.CharField("名称", max_length=NAME_LENGTH)
    lead = models.ForeignKey(
        Ticket,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="主件",
    )
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设立人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "同一事件"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
