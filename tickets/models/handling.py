"""What a unit finds out and does before it answers, and how it spoke to the citizen."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models

from accounts.fields import EncryptedTextField
from accounts.masking import mask_name
from accounts.models import Department
from tickets.models.intake import Ticket
from tickets.models.reply import Reply

HIMSELF = "诉求人本人"


class Means(models.TextChoices):
    """How a citizen is spoken to or answered (联系方式)."""

    PHONE = "phone", "电话"
    SMS = "sms", "短信"
    MEETING = "meeting", "面谈"
    LETTER = "letter", "书面"
    ONLINE = "online", "网络"


class Handling(models.Model):
    """What a unit has established and done so far (办理记录), one row a unit and ticket.

    The handler adds to it while the ticket is with the unit; the fields are the union of the forms
    of 泰安 and 上海.
    """

    class Grounded(models.TextChoices):
        YES = "yes", "属实"
        PARTLY = "partly", "部分属实"
        NO = "no", "不属实"

    ticket = models.ForeignKey(
        Ticket, models.CASCADE, related_name="handlings", verbose_name="工单"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="承办单位"
    )
    grounded = models.CharField(
        "诉求是否属实", max_length=8, choices=Grounded.choices, blank=True, default=""
    )
    findings = models.TextField("核查情况", blank=True, default="")
    beyond_duty = models.BooleanField("超出职责的诉求", default=False)
    beyond_note = models.CharField("超出职责的说明", max_length=200, blank=True, default="")
    visited_at = models.DateTimeField("现场查看时间", null=True, blank=True)
    responsibility = models.CharField("责任判断", max_length=200, blank=True, default="")
    result = models.CharField(
        "办理结果", max_length=10, choices=Reply.Result.choices, blank=True, default=""
    )
    unsolved_reason = models.CharField("未解决原因", max_length=200, blank=True, default="")
    reply_by = models.CharField(
        "答复方式", max_length=8, choices=Means.choices, blank=True, default=""
    )
    account = models.TextField("办理经过", blank=True, default="")
    may_publish = models.BooleanField("建议公开", default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="承办人"
    )
    at = models.DateTimeField("最近记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "department"], name="handling_once_a_unit")
        ]

    @classmethod
    def labels(cls, names: Iterable[str]) -> list[str]:
        """Name fields as the form does (栏目名)."""
        known = {field.name: str(field.verbose_name) for field in cls._meta.concrete_fields}
        return [known[name] for name in names]


class ContactAttempt(models.Model):
    """One try of a unit to speak to the citizen (联系记录); an empty phone is the ticket's own.

    What proves it are files of the ticket (`files`, so many as `proofs`), or the call itself, which
    the telephony knows under `call_id`.
    """

    class Outcome(models.TextChoices):
        REACHED = "reached", "已联系上"
        NO_ANSWER = "no_answer", "无人接听"
        REFUSED = "refused", "拒绝沟通"
        WRONG_NUMBER = "wrong_number", "号码有误"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="contacts", verbose_name="工单")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="承办单位"
    )
    spoken_at = models.DateTimeField("联系时间")
    person = EncryptedTextField("联系人")
    phone = EncryptedTextField("联系号码", blank=True, default="")
    means = models.CharField("联系方式", max_length=8, choices=Means.choices, default=Means.PHONE)
    outcome = models.CharField("联系结果", max_length=12, choices=Outcome.choices)
    said = EncryptedTextField("沟通情况", blank=True, default="")
    proofs = models.PositiveSmallIntegerField("证据件数", default=0)
    call_id = models.BigIntegerField("通话", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="承办人"
    )
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "联系记录"
        ordering = ["id"]

    @property
    def proven(self) -> bool:
        """Tell whether more than words speaks for it (有凭证)."""
        return bool(self.proofs or self.call_id)

    @property
    def whom(self) -> str:
        """Name who was spoken to (联系人), masked where it is a name."""
        return self.person if self.person == HIMSELF else mask_name(self.person)
