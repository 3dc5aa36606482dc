"""One row a person and form, encrypted: a caller's words are in it."""

import json

from django.conf import settings
from django.db import models

from accounts.fields import EncryptedTextField


class Draft(models.Model):
    """What somebody typed into a form (草稿), until it is handed in or too old."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name="人员"
    )
    key = models.CharField("表单", max_length=120)
    said = EncryptedTextField("内容")
    saved_at = models.DateTimeField("保存时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "草稿"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once")]

    @property
    def fields(self) -> dict[str, str]:
        """What was typed, field by field."""
        told: dict[str, str] = json.loads(self.said)
        return told
