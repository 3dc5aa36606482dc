"""What, where and when: categories, regions, places, the calendar, limits, words; no people."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from city.located import Located
from city.questions import Question, Wrong, read

ANY_KIND = (
    "留空表示任何类型；consult 咨询，help 求助，complaint 投诉，report 举报，"
    "advice 建议，praise 表扬，other 其他"
)
ANY_URGENCY = "留空表示任何程度；normal 一般，urgent 紧急，critical 特急"
CODE = RegexValidator(r"^\d{6,12}$", "代码由 6 至 12 位数字组成")


class Revision(models.Model):
    """One row whose token changes whenever reference data changes, so that memos know they aged."""

    token = models.CharField("版本标记", max_length=32)
    changed_at = models.DateTimeField("变更时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "基础数据版本"


class Region(models.Model):
    """An area of administration (行政区划), from the city down to the community."""

    class Level(models.TextChoices):
        CITY = "city", "市"
        DISTRICT = "district", "区县"
        STREET = "street", "街道（镇）"
        COMMUNITY = "community", "社区（村）"

    code = models.CharField("区划代码", max_length=12, unique=True, validators=[CODE])
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级区划",
    )
    path = models.CharField("路径", max_length=80, blank=True, db_index=True, editable=False)
    aliases = models.JSONField("别名", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a parent that lies below."""
        if self.path and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": "上级区划不能是本区划或其下级。"})


class Place(Located):
    """A spot that citizens name (地点): an estate, a road, a school, a market."""

    class Kind(models.TextChoices):
        ESTATE = "estate", "小区"
        ROAD = "road", "道路"
        SCHOOL = "school", "学校"
        HOSPITAL = "hospital", "医院"
        MARKET = "market", "商场市场"
        PARK = "park", "公园广场"
        COMPANY = "company", "企业单位"
        STATION = "station", "车站"
        OTHER = "other", "其他"

    name = models.CharField("名称", max_length=80, db_index=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.OTHER)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="places", verbose_name="所在区划"
    )

    class Meta:
        verbose_name = verbose_name_plural = "地点"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "region"], name="place_once_a_region")
        ]

    def __str__(self) -> str:
        return self.name


class DeptType(models.Model):
    """A kind of responsible body (责任部门类型), such as 城管局, whatever the district."""

    key = models.CharField("标识", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "责任部门类型"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A matter (事项分类) of up to three levels; duty is said on the second and inherited below."""

    class RouteLevel(models.TextChoices):
        COUNTY = "county", "属地区县部门"
        STREET = "street", "街道（镇）"
        CITY = "city", "市级部门"
        ENTERPRISE = "enterprise", "公共服务企业"
        VERTICAL = "vertical", "垂直管理机构"
        CENTER = "center", "热线中心自办"

    code = models.CharField("编码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级事项",
    )
    level = models.PositiveSmallIntegerField("级别", default=1)
    path_name = models.CharField("全名", max_length=200, blank=True)
    dept_type = models.CharField("责任部门类型", max_length=12, blank=True, db_index=True)
    route_level = models.CharField(
        "派往层级", max_length=12, choices=RouteLevel.choices, blank=True
    )
    co = models.JSONField("协办部门类型", default=list, blank=True)
    flags = models.JSONField("标记", default=list, blank=True)
    keywords = models.JSONField("关键词", default=list, blank=True)
    description = models.TextField("说明", blank=True)
    active = models.BooleanField("启用", default=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="并入事项",
        help_text="停用后由哪个事项接替：往例、模型和规则随之改指",
    )

    class Meta:
        verbose_name = verbose_name_plural = "事项分类"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.path_name or self.name

    @property
    def second(self) -> "Category":
        """The matter of the second level that it is or lies under (二级事项); a first is itself."""
        return self.parent if self.level > 2 and self.parent else self

    def clean(self) -> None:
        """Refuse a successor of what is in use, of another level, or one that was merged itself."""
        if self.successor is None:
            return
        if self.active:
            raise ValidationError({"successor": "启用中的事项不能并入别的事项，请先停用。"})
        if not self.successor.active or self.successor.level != self.level:
            raise ValidationError({"successor": "只能并入同一级别、启用中的事项。"})


class CalendarDay(models.Model):
    """A day that the city, or a region of it, declares working or free (工作日历).

    A region's day stands over the city's, and that over the national table.
    """

    on = models.DateField("日期")
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="区划",
        help_text="留空表示全市；只在某区县、街道适用的填该区划",
    )
    is_working = models.BooleanField("是否上班")
    name = models.CharField("说明", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["on"], condition=models.Q(region=None), name="one_city_day"
            ),
            models.UniqueConstraint(
                fields=["on", "region"],
                condition=models.Q(region__isnull=False),
                name="one_day_a_region",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {'上班' if self.is_working else '休息'}"


class WorkFrame(models.Model):
    """One stretch of a working day (办公时段), such as 9:00 to 12:00; summer may have its own."""

    starts = models.TimeField("开始")
    ends = models.TimeField("结束")
    valid_from = models.DateField("生效日期", null=True, blank=True)
    valid_to = models.DateField("失效日期", null=True, blank=True, help_text="当日起不再适用")

    class Meta:
        verbose_name = verbose_name_plural = "办公时段"
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="frame_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class TimeLimit(models.Model):
    """How long a step may take (时限), from a day on; the most specific row wins."""

    class Clock(models.TextChoices):
        SIGN = "sign", "签收"
        CONTACT = "contact", "先行联系"
        HANDLE = "handle", "办理"
        REVIEW = "review", "审核"
        CALLBACK = "callback", "回访"
        REDO = "redo", "重办"
        RETURN_REQUEST = "return_request", "申请退单"
        INFO = "info", "等诉求人补充"

    class Unit(models.TextChoices):
        WORKING_DAY = "working_day", "个工作日"
        WORKING_HOUR = "working_hour", "个工作小时"
        HOUR = "hour", "小时"
        MINUTE = "minute", "分钟"

    clock = models.CharField("环节", max_length=16, choices=Clock.choices)
    kind = models.CharField("诉求类型", max_length=12, blank=True, help_text=ANY_KIND)
    urgency = models.CharField("紧急程度", max_length=12, blank=True, help_text=ANY_URGENCY)
    amount = models.PositiveSmallIntegerField("时长")
    unit = models.CharField("单位", max_length=12, choices=Unit.choices)
    preset = models.CharField("方案", max_length=20, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True, help_text="当日起不再适用")

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        ordering = ["clock", "kind", "urgency", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "kind", "urgency", "valid_from"], name="one_limit_from_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_clock_display()} {self.amount}{self.get_unit_display()}"


class Parameter(models.Model):
    """A number of the trade (业务参数), from a day on; without a row the default holds."""

    class Name(models.TextChoices):
        PER_PHONE_A_DAY = "per_phone_a_day", "同一号码每天可提交（件）"
        CALLBACK_ATTEMPTS = "callback_attempts", "回访未接通最多拨打（次）"
        REDO = "redo", "不满意最多重办（次）"
        RATING_DAYS = "rating_days", "办结后可评价（天）"
        ARCHIVE_DAYS = "archive_days", "办结后归档（天）"
        DISPATCHES = "dispatches", "派单满几次仍退单的转指定办理"
        DRAFT_DAYS = "draft_days", "未提交的草稿保留（天）"
        NUISANCE_DAYS = "nuisance_days", "骚扰号码列入名单（天）"
        URGE_DAYS = "urge_days", "诉求人网上催办间隔（天）"
        ROUTING_PRECISION = "routing_precision", "自动派单期望准确率（%）"
        EXTENSIONS = "extensions", "每件工单最多延期（次）"
        EXTENSION_DAYS = "extension_days", "每次延期最多（工作日）"
        EXTENSION_UNIT_DAYS = "extension_unit_days", "单位自行审批的延期（工作日以内）"
        PROMISE_MONTHS = "promise_months", "承诺办理最长（月）"
        PROGRESS_DAYS = "progress_days", "承诺办理填报进展的间隔（天）"
        CALENDAR_DAYS = "calendar_days", "工作日历提前几天提示补录（天）"
        REMIND_SHARE = "remind_share", "办理时限过去多少提醒（%）"
        YELLOW_DAYS = "yellow_days", "剩余几个工作日亮黄牌"
        YELLOW_SHARE = "yellow_share", "短时限剩余多少亮黄牌（%）"
        EXPORT_ROWS = "export_rows", "一次最多导出工单（件）"
        REPEAT_DAYS = "repeat_days", "同一号码提示可能重复（天）"
        INCIDENT_DAYS = "incident_days", "同一地点同一事项提示同一事件（天）"
        TOPIC_DAYS = "topic_days", "同一话题的工单相隔不超过（天）"
        TOPIC_PEOPLE = "topic_people", "热点：24 小时至少几人反映"
        TOPIC_SPREADS = "topic_spreads", "热点：超出平时几倍波动（σ）"
        TOPIC_MANY = "topic_many", "热点：24 小时满几人即报"
        ASSIST_AHEAD = "assist_ahead", "协办比主办提前（个工作日）"
        SUB_SHARE = "sub_share", "下派单位可用上级剩余时间（%）"
        BACKTEST_DAYS = "backtest_days", "匹配模型回测的天数"
        ROUTING_UNSURE = "routing_unsure", "低于此把握建议人工派单（%）"
        ROUTING_FIRM = "routing_firm", "派单目录条目相当于往例（件）"
        ROUTING_LOOSE = "routing_loose", "按属地推断的单位相当于往例（件）"
        ROUTING_WORDS = "routing_words", "文字指向的单位相当于往例（件）"
        ROUTING_UNSEEN = "routing_unseen", "相似工单之外另计去向不明（件）"
        ROUTING_CASE = "routing_case", "三级事项至少的把握（%）"
        ROUTING_PART = "routing_part", "一件多事：分段事项的把握（%）"
        PROMOTE_GAIN = "promote_gain", "新模型自动启用须提高（千分之）"
        REWRITE_DAYS = "rewrite_days", "答复退回重写至少留给单位（个工作日）"
        NOTICE_DAYS = "notice_days", "通知保留（天）"
        AUTO_SIGN = "auto_sign", "签收超时由系统代签（1 代签，0 只亮牌）"
        PROMOTE_LOSS = "promote_loss", "新模型自动启用时单位最多下降（千分之）"
        NEAR_METRES = "near_metres", "多远算附近的工单（米）"

    name = models.CharField("参数", max_length=24, choices=Name.choices)
    amount = models.PositiveSmallIntegerField("数值")
    valid_from = models.DateField("生效日期")

    class Meta:
        verbose_name = verbose_name_plural = "业务参数"
        ordering = ["name", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="one_amount_from_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()}：{self.amount}"


class SpecialForm(models.Model):
    """What is asked beyond the words for one sort of demands (专项表单)."""

    code = models.SlugField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=40)
    questions = models.JSONField(
        "字段",
        default=list,
        help_text="每个字段：name、label、type（text、long、amount、count、date、phone、choice、yes_no）、"
        "required、choices",
    )
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "专项表单"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> list[Question]:
        """The questions, read."""
        return read(self.questions)

    def clean(self) -> None:
        """Refuse questions that nobody can answer."""
        try:
            read(self.questions)
        except (Wrong, AttributeError, TypeError) as wrong:
            raise ValidationError({"questions": str(wrong)}) from wrong


class Word(models.Model):
    """A word that the cutter must keep whole (词库)."""

    class Kind(models.TextChoices):
        UNIT = "unit", "单位"
        PLACE = "place", "地点"
        TERM = "term", "业务词"
        HAZARD = "hazard", "险情词"

    text = models.CharField("词", max_length=60, unique=True)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices, default=Kind.TERM)
    freq = models.PositiveIntegerField("词频", default=0, help_text="0 表示按词长自动")

    class Meta:
        verbose_name = verbose_name_plural = "词库"
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class Synonym(models.Model):
    """Words that mean the same thing (同义词), the first being the one to show."""

    words = models.JSONField("同义词组", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "同义词"

    def __str__(self) -> str:
        return " = ".join(self.words)
