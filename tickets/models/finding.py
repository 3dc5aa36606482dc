"""What people keep of their searches."""

from django.conf import settings
from django.db import models

QUERY_LENGTH = 500


class SavedSearch(models.Model):
    """A search that a person gave a name (常用搜索): the question of the page's address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_searches",
        verbose_name="人员",
    )
    name = models.CharField("名称", max_length=30)
    query = models.CharField("条件", max_length=QUERY_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "常用搜索"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_search_name_once")
        ]

    def __str__(self) -> str:
        return self.name
