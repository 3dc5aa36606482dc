"""Who acts: users, roles, the tree of units, and who saw what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.roles import Role
from city.models import Region

__all__ = [
    "AccessLog",
    "Anchor",
    "AppendOnlyRow",
    "Department",
    "Membership",
    "Role",
    "SignInAttempt",
    "StandIn",
    "User",
]


class Department(models.Model):
    """A unit (承办单位) in the tree: the hotline, districts, bureaus, streets, companies."""

    class Kind(models.TextChoices):
        CENTER = "center", "热线中心"
        CITY_OFFICE = "city_office", "市级机关"
        DISTRICT = "district", "区县政府"
        STREET = "street", "街道办（镇）"
        COMMUNITY = "community", "社区（村）"
        BUREAU = "bureau", "职能部门"
        COMPANY = "company", "公共服务企业"
        VERTICAL = "vertical", "垂直管理机构"

    code = models.CharField("单位编码", max_length=20, unique=True)
    name = models.CharField("单位名称", max_length=80)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("单位性质", max_length=12, choices=Kind.choices)
    dept_type = models.CharField("责任部门类型", max_length=12, blank=True, db_index=True)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="departments",
        verbose_name="所在区划",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级单位",
    )
    path = models.CharField("路径", max_length=80, blank=True, db_index=True, editable=False)
    level = models.PositiveSmallIntegerField("层级", default=1, editable=False)
    active = models.BooleanField("启用", default=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forerunners",
        verbose_name="继任单位",
        help_text="停用的单位并入或改组为哪个单位；此后按旧单位派单的目录、规则和往例都指向它。",
    )
    citywide = models.BooleanField("服务全市", default=False)
    duty_phone = models.CharField("值班电话", max_length=30, blank=True)
    pinyin = models.CharField("拼音", max_length=300, blank=True, editable=False)
    initials = models.CharField("拼音首字母", max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["path"]

    def __str__(self) -> str:
        return self.short_name or self.name

    def clean(self) -> None:
        """Refuse a parent that lies below."""
        if self.path and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": "上级单位不能是本单位或其下级。"})
        if self.successor and self.active:
            raise ValidationError({"successor": "启用中的单位不能有继任单位，请先停用。"})
        if self.successor and self._succeeds_itself():
            raise ValidationError({"successor": "继任单位不能是本单位，也不能绕回本单位。"})

    def _succeeds_itself(self) -> bool:
        heir, seen = self.successor, {self.pk}
        while heir is not None and heir.pk not in seen:
            seen.add(heir.pk)
            heir = heir.successor
        return heir is not None


class User(AbstractUser):
    """A member of staff (工作人员)."""

    name = models.CharField("姓名", max_length=30, blank=True)
    agent_no = models.CharField("工号", max_length=12, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人员"

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def posts(self) -> "list[Membership]":
        """The posts of an active user now, read once an instance."""
        if not self.is_active:
            return []
        now = held_at(timezone.now())
        return list(self.memberships.filter(now).select_related("department"))

    @property
    def roles(self) -> frozenset[Role]:
        """All roles, whatever the unit."""
        return frozenset(Role(post.role) for post in self.posts)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the user acts in any of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def departments(self) -> list[Department]:
        """The units that the user belongs to, each once."""
        return self.departments_as(*Role)

    def departments_as(self, *roles: Role) -> list[Department]:
        """The active units where the user acts in any of the roles."""
        found = {post.department_id: post.department for post in self.posts if post.role in roles}
        return [unit for unit in found.values() if unit is not None and unit.active]

    @property
    def department_paths(self) -> list[str]:
        """The paths of the user's units, for questions about a subtree."""
        return [unit.path for unit in self.departments]


def held_at(moment: datetime, prefix: str = "") -> Q:
    """Say which posts are held at a moment: for good, or for a time that is not over."""
    begun = Q(**{f"{prefix}begins_at": None}) | Q(**{f"{prefix}begins_at__lte": moment})
    return begun & (Q(**{f"{prefix}ends_at": None}) | Q(**{f"{prefix}ends_at__gt": moment}))


class Membership(models.Model):
    """A post (任职): one user in one role, in one unit or for the whole hotline.

    One held for a time is a deputy's (代理) or that of a duty roster (值班).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name="人员"
    )
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="单位",
    )
    begins_at = models.DateTimeField("开始", null=True, blank=True)
    ends_at = models.DateTimeField("结束", null=True, blank=True)
    reason = models.CharField("事由", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "department"],
                condition=Q(begins_at=None),
                name="a_post_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(department=None, begins_at=None),
                name="a_post_without_unit_once",
            ),
            models.CheckConstraint(
                condition=Q(begins_at=None, ends_at=None) | Q(ends_at__gt=F("begins_at")),
                name="a_post_for_a_time_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class StandIn(Membership):
    """A post held for a time (代理、值班), as administrators enter it."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "代理和值班"

    def clean(self) -> None:
        """Want a beginning and an end; who administers is always known."""
        if self.begins_at is None or self.ends_at is None or self.ends_at <= self.begins_at:
            raise ValidationError({"ends_at": "请填写开始和结束时间，结束应晚于开始。"})
        if self.role == Role.ADMIN:
            raise ValidationError({"role": "管理员不能代理。"})


class SignInAttempt(models.Model):
    """One try to sign in (登录记录), kept for the lock and for the log that the law wants."""

    username = models.CharField("用户名", max_length=150)
    ok = models.BooleanField("成功")
    at = models.DateTimeField("时间", default=timezone.now)
    ip = models.GenericIPAddressField("地址", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        indexes = [models.Index(fields=["username", "at"], name="attempts_of_a_name")]


Row = TypeVar("Row", bound=models.Model)


class AppendOnly(TypeError):
    """Raised when somebody tries to rewrite what must stay as written."""


class AppendOnlyQuerySet(models.QuerySet[Row, Row]):
    """Rows that are only ever added."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("只增不改的记录不能修改")

    def delete(self) -> NoReturn:
        raise AppendOnly("只增不改的记录不能删除")


class AppendOnlyRow(models.Model):
    """A row that stays as it was written (只增不改)."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(
        self,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Insert the row; refuse to change one."""
        if not self._state.adding:
            raise AppendOnly("只增不改的记录不能修改")
        self.save_base(force_insert=force_insert, using=using)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("只增不改的记录不能删除")


class AccessLog(AppendOnlyRow):
    """Who saw whose personal data, and why (查阅记录); rows are only ever added."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="accesses", verbose_name="人员"
    )
    action = models.CharField("操作", max_length=30)
    subject_type = models.CharField("对象类型", max_length=30)
    subject_id = models.CharField("对象编号", max_length=40)
    fields = models.JSONField("查阅字段", default=list, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    ip = models.GenericIPAddressField("地址", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "查阅记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="accesses_of_a_subject")
        ]


class Anchor(AppendOnlyRow):
    """The seal of a day over all that a ledger holds up to a row (日锚), chained day by day."""

    ledger = models.CharField("台账", max_length=20)
    on = models.DateField("日期")
    until = models.BigIntegerField("截至行号")
    rows = models.PositiveIntegerField("新增行数")
    seal = models.CharField("摘要", max_length=64)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "日锚"
        ordering = ["-on", "ledger"]
        constraints = [models.UniqueConstraint(fields=["ledger", "on"], name="anchor_once_a_day")]
