"""Forms of the knowledge editors."""

from collections.abc import Callable
from typing import Any

from django import forms

from accounts.models import Department, User
from city import selectors as city
from hotline.web.forms import WordsField, long_text, offer
from knowledge import policy
from knowledge.actions import Content
from knowledge.errors import Invalid, NotAllowed, WrongState
from knowledge.models import Article, ArticleVersion
from knowledge.workflow import Audience, Kind, Status

DAY = {"type": "date"}
STATES = [("", "全部"), *Status.choices, ("soon", "30 天内到期"), ("past", "已过期")]


def attempt(form: forms.Form, action: Callable[[], object]) -> bool:
    """Do ACTION with what was filled in (提交); its refusal is shown at the fields.

    A stale page (Stale) is not caught: what changed is shown beside what was typed.
    """
    try:
        action()
    except Invalid as refusal:
        for name, sentences in refusal.fields.items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
    except (NotAllowed, WrongState) as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


class ArticleForm(forms.Form):
    """All that one version says, and which version it was written on (知识编辑)."""

    title = forms.CharField(
        label="标题",
        help_text="不超过 128 字，不能与其他知识同名。",
        error_messages={"required": "请填写标题。"},
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label="责任单位",
        empty_label="请选择",
        error_messages={"required": "请选择责任单位。"},
    )
    question = forms.CharField(
        label="标准问法", required=False, help_text="市民会怎么问，例如：身份证丢了怎么补办"
    )
    short_answer = long_text(
        "简短答复",
        rows=3,
        help_text="话务员照着读给来电人，不超过 200 字。",
    )
    text = long_text(
        "正文",
        rows=16,
        help_text="一段一行；条款以“第一条”“一、”“1.”开头，检索时逐条命中。",
    )
    basis = forms.CharField(label="政策依据", required=False, help_text="文号、条款或原文链接")
    kind = forms.ChoiceField(label="材料性质", choices=Kind.choices, initial=Kind.FAQ)
    category = forms.ModelChoiceField(
        city.categories().none(), label="事项分类", required=False, empty_label="未分类"
    )
    audience = forms.ChoiceField(
        label="公开范围", choices=Audience.choices, initial=Audience.PUBLIC
    )
    keywords = WordsField(label="关键词", required=False, help_text="用“、”隔开，每个不超过 20 字")
    valid_from = forms.DateField(
        label="生效日期", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label="有效期至",
        required=False,
        help_text="当日仍有效；留空为长期有效",
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_no = forms.IntegerField(widget=forms.HiddenInput, required=False)

    main = ("title", "question", "short_answer", "text", "basis")
    aside = (
        "department",
        "kind",
        "category",
        "audience",
        "keywords",
        "valid_from",
        "valid_until",
    )

    def __init__(self, data: Any = None, *, user: User, article: Article | None = None) -> None:
        super().__init__(data, initial=_initial(article) if article else None)
        offer(self, "category", city.categories())
        offer(self, "department", policy.units_for(user))
        if article:
            del self.fields["department"]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The words."""
        return [self[name] for name in self.main]

    @property
    def aside_fields(self) -> list[forms.BoundField]:
        """What is said about the words."""
        return [self[name] for name in self.aside if name in self.fields]

    def content(self) -> Content:
        """Give what was typed to the action (内容)."""
        given = dict(self.cleaned_data)
        for name in ("department", "seen", "seen_no"):
            given.pop(name, None)
        return Content(**given)

    def seen_now(self, article: Article) -> None:
        """Go on from the article as it is now, keeping what was typed (核对后再提交)."""
        no = article.latest_version.no if article.latest_version else 1
        fresh = {"seen": str(article.version), "seen_no": str(no)}
        self.data = {**dict(self.data.items()), **fresh}


def _initial(article: Article) -> dict[str, Any]:
    version = article.latest_version
    said = {
        name: getattr(version, name) for name in ArticleForm.base_fields if hasattr(version, name)
    }
    return said | {
        "seen": article.version,
        "seen_no": version.no if version else 1,
    }


class StepForm(forms.Form):
    """A step on the article as it was seen, with a reason where one is due."""

    note = forms.CharField(label="理由", required=False, max_length=500)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class FilterForm(forms.Form):
    """What narrows the list of articles (筛选)."""

    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=STATES,
    )
    unit = forms.ModelChoiceField(
        Department.objects.none(), label="单位", required=False, empty_label="全部单位"
    )
    text = forms.CharField(label="查找", required=False, max_length=100)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        offer(self, "unit", policy.units_for(user))

    def wanted(self) -> dict[str, Any]:
        """Give what was chosen to the selector; what makes no sense narrows nothing."""
        self.is_valid()
        state = self.cleaned_data.get("state", "")
        by_age = state in {"soon", "past"}
        return {
            "status": "" if by_age else state,
            "expiry": state if by_age else "",
            "department": self.cleaned_data.get("unit"),
            "text": self.cleaned_data.get("text", ""),
        }


def wording_of(content: Content) -> ArticleVersion:
    """Make a version that is only looked at (预览)."""
    return ArticleVersion(**vars(content))
