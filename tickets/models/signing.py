"""Who in a unit signs a reply before it leaves."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Department

MOST_LEVELS = 3


class SignChain(models.Model):
    """How replies of a unit are signed (审签设置): none, one or more levels in order.

    Without a chain a unit has one level, its auditor; a chain without levels has none.
    """

    department = models.OneToOneField(
        Department, models.CASCADE, related_name="sign_chain", verbose_name="承办单位"
    )

    class Meta:
        verbose_name = verbose_name_plural = "答复审签设置"
        ordering = ["department__path"]

    def __str__(self) -> str:
        return str(self.department)


class SignLevel(models.Model):
    """One level of a chain (审签层级); where nobody is named any auditor of the unit signs."""

    chain = models.ForeignKey(
        SignChain, models.CASCADE, related_name="levels", verbose_name="审签设置"
    )
    position = models.PositiveSmallIntegerField(
        "顺序", validators=[MinValueValidator(1), MaxValueValidator(MOST_LEVELS)]
    )
    title = models.CharField("层级", max_length=20, help_text="例如：科室负责人、分管领导")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审签人",
        help_text="须有本单位或上级的“单位审核”岗位；留空表示任何一位单位审核",
    )

    class Meta:
        verbose_name = verbose_name_plural = "审签层级"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="sign_level_once")
        ]

    def __str__(self) -> str:
        return self.title
