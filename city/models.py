"""What, where and when: categories, regions, places, the calendar, limits, words; no people."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from city.located import Located
from city.numbers import Number
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
    """One stretch of a working day (办公时段), such as 9:00 to 12:00; summer may have its own.

    A region that has stretches of its own in force on a day works by those alone.
    """

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="区划",
        help_text="留空表示全市；只在某区县、街道适用的填该区划，该区划当日即只按自己的时段",
    )
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

    def clean(self) -> None:
        """Refuse a stretch that runs into another of its region: that time would count twice."""
        if None in (self.starts, self.ends):
            return
        others = WorkFrame.objects.filter(
            region=self.region, starts__lt=self.ends, ends__gt=self.starts
        )
        if self.valid_from:
            others = others.exclude(valid_to__lte=self.valid_from)
        if self.valid_to:
            others = others.exclude(valid_from__gte=self.valid_to)
        if other := others.exclude(pk=self.pk).first():
            raise ValidationError({"starts": f"与已有时段 {other} 重叠。"})


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

    Name = Number

    name = models.CharField("参数", max_length=24, choices=Number.choices)
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
