"""What people keep of their searches."""

from django.conf import settings
from django.db import models

QUERY_LENGTH = 500


class SavedSearch(models.Model):
    """A search or a narrowed list (常用搜索、常用视图) that a person gave a name.

    It is the question of the page's address.
    """

    class Page(models.TextChoices):
        SEARCH = "search", "搜索"
        WORK = "work", "工作列表"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_searches",
        verbose_name="人员",
    )
    page = models.CharField("页面", max_length=10, choices=Page.choices, default=Page.SEARCH)
    name = models.CharField("名称", max_length=30)
    query = models.CharField("条件", max_length=QUERY_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "常用搜索"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_search_name_once")
        ]

    def __str__(self) -> str:
        return self.name
