"""A demand as it came in, and where it stands."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.fields import EncryptedTextField
from accounts.masking import mask_person
from accounts.models import Department
from city.models import Category, Region
from knowledge.models import ArticleVersion
from tickets.workflow import FINAL, UNANSWERED, Kind, Part, Status, Urgency

if TYPE_CHECKING:
    from tickets.models.routing import Routing


class Source(models.TextChoices):
    """How a demand reached the hotline (来源渠道)."""

    PHONE = "phone", "电话"
    WEB = "web", "网站"
    API = "api", "接口"
    WECHAT = "wechat", "微信"
    APP = "app", "手机应用"
    WINDOW = "window", "现场窗口"
    TRANSFER = "transfer", "转办"


class Awaits(models.TextChoices):
    """What the unit asked for and who must decide on it (待批申请)."""

    PROMISE = "promise", "承诺办理待审批"
    EXTENSION = "extension", "延期待单位审批"
    LONG_EXTENSION = "long_extension", "延期待督办审批"


class Supervised(models.IntegerChoices):
    """How high a ticket is supervised (督办级别), as the trade counts; 催办 is the first."""

    GENERAL = 2, "一般督办"
    SPECIAL = 3, "专项督办"
    BLAME = 4, "问责线索"


class Ticket(models.Model):
    """One demand (工单); only `tickets.actions` and `tickets.backfill` write it."""

    number = models.CharField("工单编号", max_length=21, unique=True)
    title = models.CharField("标题", max_length=100, blank=True)
    text = models.TextField("诉求内容")
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.OTHER)
    urgency = models.CharField(
        "紧急程度", max_length=10, choices=Urgency.choices, default=Urgency.NORMAL
    )
    status = models.CharField(
        "状态", max_length=20, choices=Status.choices, default=Status.PENDING_REVIEW
    )
    version = models.PositiveIntegerField("版本", default=1)
    source = models.CharField("来源渠道", max_length=10, choices=Source.choices)
    external_number = models.CharField("外部编号", max_length=64, blank=True, default="")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项分类"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区划"
    )
    place = models.CharField("地点", max_length=200, blank=True, default="")
    respondent = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="被反映单位",
    )
    lead = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_tickets",
        verbose_name="主办单位",
    )

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="并入工单",
    )

    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="同一来件",
    )

    incident = models.ForeignKey(
        "tickets.Incident",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name="同一事件",
    )
    places = models.JSONField("提到的地点", default=list, blank=True)

    name = EncryptedTextField("姓名", blank=True, default="")
    phone = EncryptedTextField("联系电话", blank=True, default="")
    phone_hash = models.CharField("号码指纹", max_length=64, blank=True, default="")
    anonymous = models.BooleanField("匿名", default=False)
    confidential = models.BooleanField("保密", default=False)
    public = models.BooleanField("同意公开", default=False)
    wants_callback = models.BooleanField("愿意回访", default=True)

    created_at = models.DateTimeField("提交时间")
    accepted_at = models.DateTimeField("受理时间")
    dispatched_at = models.DateTimeField("派单时间", null=True, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    moved_at = models.DateTimeField("最近流转时间")
    history_seal = models.CharField("流转末摘要", max_length=64, blank=True, default="")
    due_at = models.DateTimeField("当前期限", null=True, blank=True)
    due_kind = models.CharField("期限环节", max_length=16, blank=True, default="")
    due_provisional = models.BooleanField("期限暂定", default=False)
    handle_due_at = models.DateTimeField("办理期限", null=True, blank=True)
    handle_provisional = models.BooleanField("办理期限暂定", default=False)

    return_due_at = models.DateTimeField("退单期限", null=True, blank=True)
    card = models.CharField("红黄牌", max_length=8, blank=True, default="")
    watch_at = models.DateTimeField("下次亮牌时间", null=True, blank=True)
    yellow_at = models.DateTimeField("黄牌时间", null=True, blank=True)
    promised_on = models.DateField("承诺日期", null=True, blank=True)
    awaits = models.CharField(
        "待批申请", max_length=16, choices=Awaits.choices, blank=True, default=""
    )
    extension_count = models.PositiveSmallIntegerField("延期次数", default=0)

    dispatch_count = models.PositiveSmallIntegerField("派单次数", default=0)
    return_count = models.PositiveSmallIntegerField("退单次数", default=0)
    urge_count = models.PositiveSmallIntegerField("催办次数", default=0)
    redo_count = models.PositiveSmallIntegerField("重办次数", default=0)
    sign_offs_left = models.PositiveSmallIntegerField("尚需审签", default=0)
    next_signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="待谁审签",
    )
    supervised = models.BooleanField("督办", default=False)
    supervise_level = models.PositiveSmallIntegerField(
        "督办级别", choices=Supervised.choices, default=0
    )
    explain_due_at = models.DateTimeField("督办说明期限", null=True, blank=True)
    auto_dispatched = models.BooleanField("自动派单", default=False)

    call_id = models.PositiveBigIntegerField("通话", null=True, blank=True)
    article_version = models.ForeignKey(
        ArticleVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="引用的知识版本",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "工单"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_number"],
                condition=~Q(external_number=""),
                name="ticket_external_once",
            )
        ]
        indexes = [
            models.Index(fields=["status", "due_at", "id", "lead"], name="ticket_status_due"),
            models.Index(fields=["lead", "status", "due_at", "id"], name="ticket_lead_due"),
            models.Index(
                fields=["accepted_at", "id"],
                include=["status", "kind", "source", "lead"],
                name="ticket_taken_in",
            ),
            models.Index(fields=["phone_hash", "-accepted_at"], name="ticket_phone"),
            models.Index(fields=["category", "-accepted_at"], name="ticket_category"),
            models.Index(
                fields=["closed_at"],
                name="ticket_to_archive",
                condition=Q(status__in=[Status.CLOSED, Status.DIRECT_CLOSED]),
            ),
            models.Index(fields=["dispatched_at", "auto_dispatched"], name="ticket_dispatched"),
            models.Index(fields=["due_at"], name="ticket_due", condition=~Q(due_at=None)),
            models.Index(fields=["title"], name="ticket_title"),
            models.Index(
                fields=["watch_at"], name="ticket_watch", condition=Q(watch_at__isnull=False)
            ),
            models.Index(
                fields=["supervise_level", "due_at"],
                name="ticket_supervised",
                condition=Q(supervise_level__gt=0),
            ),
            models.Index(
                fields=["awaits", "due_at"], name="ticket_awaits", condition=~Q(awaits="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def signed_late(self) -> bool:
        """Tell whether the system signed for the lead (超时签收), of the turns as fetched."""
        return any(
            turn.auto_signed
            for turn in self.assignments.all()
            if turn.part == Part.LEAD and turn.voided_at is None
        )

    @property
    def supervision_label(self) -> str:
        """Say how high it is supervised (督办级别), or that it was."""
        return self.get_supervise_level_display() if self.supervise_level else "曾督办"

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to act."""
        return Status(self.status) not in FINAL

    @property
    def takes_in(self) -> bool:
        """Tell whether others may be merged into it: nobody has answered it yet."""
        return Status(self.status) in UNANSWERED

    @property
    def routing(self) -> "Routing | None":
        """Give the latest evidence of its matching (匹配依据), None before the first."""
        return self.routings.last()

    @property
    def heading(self) -> str:
        """Give the title, or the beginning of the words; nobody's name where it is confidential."""
        words = self.title or self.text[:40].replace("\n", " ")
        return self.hide(words) if self.confidential else words

    def hide(self, words: str) -> str:
        """Hide in WORDS who the citizen is (隐去身份)."""
        return mask_person(words, self.name)


class IssuedNumber(models.Model):
    """One serial per number given out (编号台账): its key is the serial, so nobody waits for it."""

    on = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "编号台账"


class IntakeKey(models.Model):
    """What a sender called its request (幂等键), so that a repeat finds the same ticket."""

    key = models.CharField("幂等键", max_length=200, unique=True)
    body_hash = models.CharField("内容摘要", max_length=64)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", verbose_name="工单")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "幂等键"
