"""Who had the ticket, and every step it took."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from accounts.fields import EncryptedTextField
from accounts.models import AppendOnlyRow, Department
from tickets.models.intake import Ticket
from tickets.workflow import Part, TurnState


class Entry(AppendOnlyRow):
    """One step in a ticket's history (流转记录); only ever added.

    Each is sealed with the one before it (哈希链), and the ticket holds the last seal. What was
    said stands encrypted in EntryNote; of it the chain holds a digest only.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="entries", verbose_name="工单")
    step = models.CharField("步骤", max_length=20)
    from_status = models.CharField("原状态", max_length=20, blank=True, default="")
    to_status = models.CharField("新状态", max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="经办人",
    )
    party = models.CharField("经办方", max_length=10, blank=True, default="")
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="单位",
    )
    at = models.DateTimeField("时间")
    note_digest = models.CharField("意见摘要", max_length=64, blank=True, default="")
    extra = models.JSONField("详情", default=dict, blank=True)
    version = models.PositiveIntegerField("版本")
    took_s = models.PositiveIntegerField("用时秒", default=0)
    seal = models.CharField("链上摘要", max_length=64, default="")

    sealed: ClassVar = (
        *("step", "from_status", "to_status", "by_id", "party", "department_id"),
        *("note_digest", "extra", "version", "took_s"),
    )

    class Meta:
        verbose_name = verbose_name_plural = "流转记录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "version"], name="entry_once_a_version")
        ]
        indexes = [
            models.Index(fields=["step", "at"], name="entry_step_time"),
            models.Index(
                fields=["by", "step", "at"],
                name="entry_by_step",
                condition=models.Q(by__isnull=False),
            ),
        ]

    @property
    def note(self) -> str:
        """What was said at this step (意见); "" where nothing was, or its words are gone."""
        return self.words.text if self.note_digest and hasattr(self, "words") else ""

    def reckon(self, number: str, before: str) -> str:
        """Give the seal (链上摘要) of this step of ticket NUMBER after the seal BEFORE.

        SHA-256 in 64 hex digits over the columns of `sealed`, the time in UTC, and both arguments.
        """
        said: list[Any] = [getattr(self, name) for name in self.sealed]
        said += [self.at.astimezone(UTC).isoformat(), number, before]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class EntryNote(models.Model):
    """The words of a step (意见原文), which may name people: encrypted, beside the chain."""

    entry = models.OneToOneField(
        Entry, models.CASCADE, primary_key=True, related_name="words", verbose_name="流转记录"
    )
    text = EncryptedTextField("意见")
    salt = models.CharField("盐", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "意见原文"

    def digest(self) -> str:
        """Give what the chain holds of the words (意见摘要): salted, none can be guessed."""
        return hashlib.sha256(f"{self.salt}{self.text}".encode()).hexdigest()


class Assignment(models.Model):
    """One unit's turn at a ticket (承办); a void one gives no access any more.

    Of what a unit hands down (下派) the turn has that unit's own turn as its parent.
    """

    Part, State = Part, TurnState

    ticket = models.ForeignKey(
        Ticket, models.CASCADE, related_name="assignments", verbose_name="工单"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="assignments", verbose_name="承办单位"
    )
    part = models.CharField("主办协办", max_length=10, choices=Part.choices, default=Part.LEAD)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级承办",
    )
    dispatched_at = models.DateTimeField("派单时间")
    sign_due_at = models.DateTimeField("签收期限")
    due_at = models.DateTimeField("办理期限")
    counted_from = models.DateTimeField("办理计时起点", null=True, blank=True)
    limit_amount = models.PositiveSmallIntegerField("办理时长", null=True, blank=True)
    limit_unit = models.CharField("时长单位", max_length=12, blank=True, default="")
    limit_preset = models.CharField("时限方案", max_length=20, blank=True, default="")
    contact_due_at = models.DateTimeField("先行联系期限", null=True, blank=True)
    contact_late = models.BooleanField("先行联系超时", default=False)
    first_contact_at = models.DateTimeField("先行联系时间", null=True, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    auto_signed = models.BooleanField("超时签收", default=False)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="承办人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "承办"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(part="lead", voided_at=None),
                name="one_live_lead",
            ),
            models.UniqueConstraint(
                fields=["ticket", "department"],
                condition=models.Q(voided_at=None),
                name="one_live_turn_a_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(part="sub", parent__isnull=False)
                | (~models.Q(part="sub") & models.Q(parent=None)),
                name="only_what_is_handed_down_has_a_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "voided_at", "ticket"], name="assignment_unit"),
            models.Index(
                fields=["department", "part", "state", "ticket"],
                name="assignment_beside",
                condition=models.Q(voided_at=None),
            ),
            models.Index(fields=["part", "dispatched_at"], name="assignment_part_time"),
            models.Index(
                fields=["dispatched_at"],
                include=["ticket", "signed_at", "sign_due_at"],
                name="assignment_led",
                condition=models.Q(part="lead", voided_at=None),
            ),
            models.Index(
                fields=["sign_due_at"],
                name="assignment_unsigned",
                condition=models.Q(state="pending", voided_at=None),
            ),
            models.Index(
                fields=["contact_due_at"],
                name="assignment_contact",
                condition=models.Q(
                    first_contact_at=None, contact_late=False, replied_at=None, voided_at=None
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}（{self.get_part_display()}）"

    @property
    def is_open(self) -> bool:
        """Tell whether the unit still owes its word (未反馈)."""
        return self.state in {TurnState.PENDING, TurnState.HANDLING, TurnState.RETURNING}

    @property
    def limit_at(self) -> datetime:
        """Until when the unit must take it in, or have its say (本单位时限)."""
        return self.sign_due_at if self.state == TurnState.PENDING else self.due_at

    @property
    def is_late(self) -> bool:
        """Tell whether the unit's word came after its limit (超期反馈)."""
        return self.replied_at is not None and self.replied_at > self.due_at


class Opinion(models.Model):
    """What a unit beside the lead found (反馈意见), for the lead or the unit above it."""

    turn = models.ForeignKey(
        Assignment, models.CASCADE, related_name="opinions", verbose_name="承办"
    )
    text = models.TextField("意见")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="承办人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "反馈意见"
        ordering = ["id"]
