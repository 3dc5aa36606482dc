"""What the citizen said of the result: by phone, or online."""

from django.conf import settings
from django.db import models

from tickets.models.intake import Ticket

QUESTIONS = ("contacted", "solved", "satisfied")


class Contacted(models.TextChoices):
    """Whether the unit got in touch (是否联系)."""

    YES = "yes", "已联系"
    NO = "no", "未联系"


class Solved(models.TextChoices):
    """Whether the matter is solved (是否解决)."""

    YES = "yes", "已解决"
    PARTLY = "partly", "基本解决"
    NO = "no", "未解决"


class Satisfied(models.TextChoices):
    """How satisfied the citizen is (是否满意)."""

    YES = "yes", "满意"
    MOSTLY = "mostly", "基本满意"
    NO = "no", "不满意"


class Answers(models.Model):
    """The three questions (三问): contacted, solved, satisfied."""

    contacted = models.CharField(
        "是否联系", max_length=8, choices=Contacted.choices, blank=True, default=""
    )
    solved = models.CharField(
        "是否解决", max_length=8, choices=Solved.choices, blank=True, default=""
    )
    satisfied = models.CharField(
        "是否满意", max_length=8, choices=Satisfied.choices, blank=True, default=""
    )
    reasons = models.JSONField("不满意原因", default=list, blank=True)
    text = models.TextField("诉求人意见", blank=True, default="")
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True


class CallbackAttempt(Answers):
    """One try to reach the citizen (回访), with the answers if somebody answered."""

    class Outcome(models.TextChoices):
        REACHED = "reached", "接通"
        NO_ANSWER = "no_answer", "无人接听"
        REFUSED = "refused", "拒绝回访"
        WRONG_NUMBER = "wrong_number", "号码有误"

    ticket = models.ForeignKey(
        Ticket, models.CASCADE, related_name="callbacks", verbose_name="工单"
    )
    outcome = models.CharField("接通情况", max_length=12, choices=Outcome.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="回访员"
    )

    class Meta:
        verbose_name = verbose_name_plural = "回访记录"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["at"],
                include=["ticket", *QUESTIONS],
                name="callback_reached",
                condition=models.Q(outcome="reached"),
            )
        ]


class Rating(Answers):
    """The citizen's own rating online (评价)."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="ratings", verbose_name="工单")

    class Meta:
        verbose_name = verbose_name_plural = "网上评价"
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], include=["ticket", *QUESTIONS], name="rating_said")]
