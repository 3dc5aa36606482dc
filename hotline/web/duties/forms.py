"""Forms of the duty list."""

from typing import Any

from django import forms

from hotline.web.forms import DomainForm, WordsField, offer
from hotline.web.steps import units, units_beside
from tickets.actions import DutyContent
from tickets.models import DutyItem
from tickets.routing import duty_list

MOST_BYTES = 5 * 1024 * 1024


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}。", "invalid": "请填写日期。"},
    )


class DutyForm(DomainForm):
    """All that one version of a row says (目录条目)."""

    category = forms.ModelChoiceField(
        duty_list.matters().none(),
        label="事项分类",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择事项分类。"},
    )
    region = forms.ModelChoiceField(
        duty_list.regions().none(),
        label="区划",
        required=False,
        empty_label="全市",
        to_field_name="code",
    )
    keywords = WordsField(
        label="须含词语", required=False, help_text="诉求含其中任一词语时才适用，用“、”隔开"
    )
    excluded = WordsField(label="不含词语", required=False, help_text="诉求含其中任一词语时不适用")
    department = units("主办单位")
    assisting = units_beside(size=5)
    with_territory = forms.BooleanField(
        label="双派：同时派给诉求所在地的街道（镇）或区政府", required=False
    )
    basis = forms.CharField(
        label="依据", required=False, max_length=200, help_text="职责清单条款、法规名称和条号"
    )
    valid_from = day("生效日期")
    valid_to = day("失效日期", required=False, help_text="当日起不再适用；留空为长期")

    main = ("category", "region", "keywords", "excluded", "basis", "valid_from", "valid_to")
    aside = ("department", "assisting", "with_territory")

    def __init__(self, data: Any = None, *, item: DutyItem | None = None) -> None:
        super().__init__(data, initial=_initial(item) if item else None)
        offer(self, "category", duty_list.matters())
        offer(self, "region", duty_list.regions())

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """What it is about."""
        return [self[name] for name in self.main]

    @property
    def aside_fields(self) -> list[forms.BoundField]:
        """Who does it."""
        return [self[name] for name in self.aside]

    def content(self) -> DutyContent:
        """Give what was typed to the action (内容)."""
        return DutyContent(**self.cleaned_data)


def _initial(item: DutyItem) -> dict[str, Any]:
    names = ("category", "region", "keywords", "excluded", "with_territory", "basis")
    return {name: getattr(item, name) for name in (*names, "valid_from", "valid_to")} | {
        "department": item.department.code,
        "assisting": list(item.assisting.values_list("code", flat=True)),
    }


class StepForm(DomainForm):
    """A step on a row, with a reason where one is due."""

    note = forms.CharField(label="理由", required=False, max_length=200)


class FilterForm(forms.Form):
    """What narrows the list (筛选)."""

    state = forms.ChoiceField(choices=DutyItem.State.choices, required=False)
    text = forms.CharField(required=False, max_length=50)

    def wanted(self) -> dict[str, str]:
        """Give what was chosen; what makes no sense narrows nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("state", "text")}


class FileForm(forms.Form):
    """The Excel file to take in."""

    file = forms.FileField(
        label="Excel 文件", error_messages={"required": "请选择文件。", "empty": "文件是空的。"}
    )

    def clean_file(self) -> Any:
        """Refuse what is too large to be a duty list."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 5 MB，请拆分后分批导入。")
        return file
