"""Files that belong to a ticket: the citizen's, and what proves the unit's work."""

from django.conf import settings
from django.db import models

from tickets.models.intake import Ticket


class Attachment(models.Model):
    """A file (附件): kept when it is sent, a ticket's once the form that brought it is accepted."""

    class Stage(models.TextChoices):
        DEMAND = "demand", "诉求材料"
        CONTACT = "contact", "联系证据"
        HANDLING = "handling", "办理材料"

    key = models.CharField("编号", max_length=32, unique=True)
    ticket = models.ForeignKey(
        Ticket,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="工单",
    )
    stage = models.CharField("用途", max_length=8, choices=Stage.choices, default=Stage.DEMAND)
    contact = models.ForeignKey(
        "tickets.ContactAttempt",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="files",
        verbose_name="证明的联系",
    )
    name = models.CharField("文件名", max_length=100)
    media_type = models.CharField("类型", max_length=80)
    size = models.PositiveIntegerField("字节")
    digest = models.CharField("摘要", max_length=64, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="上传人",
    )
    at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["id"]
        indexes = [
            models.Index("at", name="attachment_waiting", condition=models.Q(ticket=None)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_photo(self) -> bool:
        """Tell whether a browser shows it as a picture."""
        return self.media_type.startswith("image/")
