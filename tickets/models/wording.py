"""Replies that units keep ready for their matters, with slots for what differs."""

import re

from django.conf import settings
from django.db import models

from accounts.models import Department
from city.models import Category

SLOT = re.compile(r"\{([\u4e00-\u9fff]{2,10})\}")


def open_slots(text: str) -> list[str]:
    """List the slots that nobody has filled in (未填写的空), each once."""
    return list(dict.fromkeys(SLOT.findall(text)))


class ReplyTemplate(models.Model):
    """A reply kept ready (答复模板), for one unit and those below or for all, one matter or any."""

    name = models.CharField("名称", max_length=40)
    text = models.TextField("内容", help_text="花括号里是空，套用时自动填写")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项分类"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用单位"
    )
    active = models.BooleanField("启用", default=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="修改人"
    )
    at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "答复模板"
        ordering = ["category__code", "name", "id"]

    def __str__(self) -> str:
        return self.name
