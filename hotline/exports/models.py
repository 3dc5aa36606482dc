"""One row a large export: what was asked for, how far it is, where the file lies."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models


class Export(models.Model):
    """A list of tickets that somebody takes away and that is too long for one answer (后台导出)."""

    class Source(models.TextChoices):
        WORK = "work", "工作列表"
        TICKETS = "tickets", "全部工单"

    class State(models.TextChoices):
        WAITING = "waiting", "等待导出"
        WRITING = "writing", "正在导出"
        READY = "ready", "可下载"
        FAILED = "failed", "未完成"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", verbose_name="人员"
    )
    source = models.CharField("列表", max_length=8, choices=Source.choices)
    asked = models.TextField("条件", blank=True, default="")
    kind = models.CharField("格式", max_length=4)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField("工单", default=0)
    written = models.PositiveIntegerField("已写", default=0)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    key = models.CharField("文件", max_length=43, unique=True)
    size = models.PositiveBigIntegerField("字节", default=0)
    scope = models.TextField("写入时的权限", blank=True, default="")
    ip = models.GenericIPAddressField("地址", null=True, blank=True)
    at = models.DateTimeField("时间")
    touched_at = models.DateTimeField("进展时间")
    expires_at = models.DateTimeField("保留至", null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台导出"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["waiting", "writing"]),
                name="one_export_at_a_time",
            )
        ]

    @property
    def is_running(self) -> bool:
        """Tell whether it is still to be written."""
        return self.state in {self.State.WAITING, self.State.WRITING}

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.written // self.total if self.total else 0

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(settings.EXPORT_DIR) / f"{self.key}.{self.kind}"

    def is_kept(self, now: datetime) -> bool:
        """Tell whether the file can still be fetched."""
        return bool(self.expires_at and now < self.expires_at) and self.path.exists()
