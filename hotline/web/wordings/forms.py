"""The form of a reply template."""

from typing import Any

from django import forms

from accounts.models import Department, User
from city.models import Category
from hotline.web.forms import DomainForm, long_text
from hotline.web.selects import LongSelect, UnitSelect
from tickets import actions
from tickets.actions.wordings import SLOTS
from tickets.models import ReplyTemplate

HELP = "套用时自动填写的空：" + " ".join(f"{{{slot}}}" for slot in SLOTS)


class TemplateForm(DomainForm):
    """What a template says, and where it is offered (答复模板)."""

    name = forms.CharField(
        label="名称", max_length=40, error_messages={"required": "请填写模板名称。"}
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(active=True, level__lte=2),
        label="事项分类",
        required=False,
        empty_label="任何事项",
        widget=LongSelect,
    )
    department = forms.ModelChoiceField(
        Department.objects.filter(active=True),
        label="适用单位",
        required=False,
        empty_label="所有单位",
        to_field_name="code",
        widget=UnitSelect,
        help_text="也用于它的下级单位",
    )
    text = long_text("内容", rows=10, help_text=HELP)
    active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, data: Any, *, row: ReplyTemplate | None, user: User) -> None:
        super().__init__(data)
        self.row, self.user = row, user
        own = [unit for unit in user.departments if unit.kind != Department.Kind.CENTER]
        self.initial["department"] = own[0].code if own else None
        if row:
            said = {name: getattr(row, name) for name in ("name", "text", "active")}
            unit = row.department.code if row.department else None
            self.initial.update(said | {"category": row.category_id, "department": unit})

    def keep(self) -> bool:
        """Keep it (保存答复模板)."""
        return self.is_valid() and self.attempt(
            lambda: actions.save_template(self.row, by=self.user, **self.cleaned_data)
        )
