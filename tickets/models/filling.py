"""What a special form asked of a demand, as it was answered."""

import json

from django.db import models

from accounts.fields import EncryptedTextField
from tickets.models.intake import Ticket


class Filling(models.Model):
    """A special form as it was filled in (专项登记): it stays as asked when the form changes."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, related_name="filling", verbose_name="工单"
    )
    form = models.CharField("表单", max_length=20)
    name = models.CharField("名称", max_length=40)
    said = EncryptedTextField("内容", default="[]")

    class Meta:
        verbose_name = verbose_name_plural = "专项登记"
        indexes = [models.Index(fields=["form", "-ticket"], name="filling_form")]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The questions that were answered, each with its answer."""
        return [(label, words) for label, words in json.loads(self.said)]
