"""Articles with their immutable versions, their history, and how useful they were."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Department
from city.models import Category
from knowledge.workflow import Audience, Kind, Status

TITLE_LENGTH = 128
ANSWER_LENGTH = 200
KEYWORD_LENGTH = 20
ASKED_LENGTH = 200


class Wording(models.Model):
    """What a version says about itself, and an article takes over when the version goes live."""

    title = models.CharField("标题", max_length=TITLE_LENGTH)
    question = models.CharField("标准问法", max_length=200, blank=True)
    kind = models.CharField("材料性质", max_length=10, choices=Kind.choices, default=Kind.FAQ)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name="事项分类"
    )
    audience = models.CharField(
        "公开范围", max_length=10, choices=Audience.choices, default=Audience.PUBLIC
    )
    keywords = models.JSONField("关键词", default=list, blank=True)
    valid_from = models.DateField("生效日期", default=timezone.localdate)
    valid_until = models.DateField("有效期至", null=True, blank=True, help_text="当日仍有效")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Article(Wording):
    """A piece of knowledge (知识条目): what is in force, and where its newest version stands."""

    number = models.CharField("编号", max_length=32, unique=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="articles", verbose_name="责任单位"
    )
    status = models.CharField("状态", max_length=16, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField("修改次数", default=1)
    current_version = models.ForeignKey(
        "ArticleVersion",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="在用版本",
    )
    latest_version = models.ForeignKey(
        "ArticleVersion",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="最新版本",
    )
    lookup = models.TextField("查找文字", blank=True, editable=False)
    """Title, question and keywords in one column, for finding without the index."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人"
    )
    created_at = models.DateTimeField("起草时间", default=timezone.now)
    changed_at = models.DateTimeField("变更时间", default=timezone.now)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "知识条目"
        ordering = ["-changed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["title"], name="article_title_once")]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="articles_latest_first"),
            models.Index(fields=["audience", "valid_from"], name="articles_in_force"),
        ]


class ArticleVersion(Wording):
    """One wording of an article (版本); rows are only ever added."""

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="versions", verbose_name="知识条目"
    )
    no = models.PositiveIntegerField("版本号")
    short_answer = models.CharField("简短答复", max_length=ANSWER_LENGTH)
    text = models.TextField("正文")
    basis = models.CharField("政策依据", max_length=300, blank=True)
    at = models.DateTimeField("编写时间", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编写人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "知识版本"
        ordering = ["-no"]
        constraints = [
            models.UniqueConstraint(fields=["article", "no"], name="article_version_once")
        ]


class Entry(models.Model):
    """One step in the life of an article (流转记录); rows are only ever added."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="entries")
    step = models.CharField("步骤", max_length=16)
    from_status = models.CharField("原状态", max_length=16, choices=Status.choices, blank=True)
    to_status = models.CharField("新状态", max_length=16, choices=Status.choices)
    version = models.PositiveIntegerField("修改次数")
    wording = models.ForeignKey(
        ArticleVersion, models.PROTECT, related_name="+", verbose_name="所涉版本"
    )
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="人员"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "知识流转记录"
        ordering = ["-version", "-id"]


class SearchLog(models.Model):
    """A question put to the knowledge base (检索记录), and whether it helped."""

    class Place(models.TextChoices):
        PORTAL = "portal", "公众端"
        DESK = "desk", "坐席"
        EDITING = "editing", "采编"
        STAFF = "staff", "工作人员搜索"
        """Only what found nothing at all is noted, and not who asked."""
        REPLIES = "replies", "公开答复"
        """Only what found nothing is noted: nobody opens an article there."""

    text = models.CharField("检索词", max_length=ASKED_LENGTH)
    place = models.CharField("检索处", max_length=10, choices=Place.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="人员",
    )
    hits = models.PositiveSmallIntegerField("命中条数")
    degraded = models.BooleanField("降级检索", default=False)
    opened = models.ForeignKey(
        Article, models.SET_NULL, null=True, related_name="searches", verbose_name="打开的条目"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "检索记录"
        indexes = [models.Index(fields=["hits", "-at"], name="searches_without_hits")]


class Feedback(models.Model):
    """Whether a version helped somebody (有用、没用), with a word on why."""

    version = models.ForeignKey(
        ArticleVersion, models.PROTECT, related_name="feedback", verbose_name="知识版本"
    )
    useful = models.BooleanField("有用")
    asked = models.CharField("当时所问", max_length=ASKED_LENGTH, blank=True)
    """What was looked for when this version came up, masked; empty where it was only read."""
    text = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="人员",
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "知识反馈"
        indexes = [models.Index(fields=["-at"], name="feedback_latest_first")]
