"""Pages where an administrator keeps the reference data; every write goes through an action."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import JSONField, Model, QuerySet
from django.http import HttpRequest

from city import actions
from city.models import (
    CalendarDay,
    Category,
    DeptType,
    Parameter,
    Place,
    Region,
    SpecialForm,
    Synonym,
    TimeLimit,
    Word,
    WorkFrame,
)

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Model]
else:
    _Admin = admin.ModelAdmin


class WordsField(forms.CharField):
    """A list of words that is typed with 、 between them."""

    def __init__(self, **options: Any) -> None:
        options = {name: options[name] for name in ("label", "required", "help_text")}
        super().__init__(**options, widget=forms.Textarea(attrs={"rows": 2}), empty_value="")

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read what was typed: 、, commas, semicolons or line ends part the words."""
        parts = (part.strip() for part in re.split(r"[、,，;；\n]", value or ""))
        return [part for part in parts if part]


class ReferenceAdmin(_Admin):
    """Reference data: lists are typed as words, rows are written by actions."""

    list_per_page = 50

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer words instead of JSON."""
        if isinstance(db_field, JSONField):
            return WordsField(
                label=db_field.verbose_name,
                required=not db_field.blank,
                help_text=db_field.help_text or "用“、”隔开",
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the row by its action."""
        actions.save_row(obj)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete the row by its action."""
        actions.remove_row(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        """Delete the chosen rows by their action."""
        for row in queryset:
            actions.remove_row(row)


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    """区划"""

    list_display = ("code", "name", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name", "aliases")
    autocomplete_fields = ("parent",)


@admin.register(Place)
class PlaceAdmin(ReferenceAdmin):
    """地点"""

    list_display = ("name", "kind", "region", "lat", "lng")
    list_filter = ("kind", ("lat", admin.EmptyFieldListFilter))
    list_select_related = ("region",)
    search_fields = ("name", "aliases")
    autocomplete_fields = ("region",)


@admin.register(DeptType)
class DeptTypeAdmin(ReferenceAdmin):
    """责任部门类型"""

    list_display = ("key", "name")
    search_fields = ("key", "name")


@admin.register(Category)
class CategoryAdmin(ReferenceAdmin):
    """事项分类"""

    list_display = ("code", "path_name", "dept_type", "route_level", "active")
    list_filter = ("level", "active", "route_level")
    search_fields = ("code", "path_name", "keywords")
    autocomplete_fields = ("parent", "successor")
    readonly_fields = ("level", "path_name")


@admin.register(CalendarDay)
class CalendarDayAdmin(ReferenceAdmin):
    """工作日历"""

    list_display = ("on", "is_working", "region", "name")
    list_filter = ("is_working",)
    list_select_related = ("region",)
    autocomplete_fields = ("region",)
    date_hierarchy = "on"


@admin.register(WorkFrame)
class WorkFrameAdmin(ReferenceAdmin):
    """办公时段"""

    list_display = ("starts", "ends", "region", "valid_from", "valid_to")
    list_select_related = ("region",)
    autocomplete_fields = ("region",)


@admin.register(TimeLimit)
class TimeLimitAdmin(ReferenceAdmin):
    """时限"""

    list_display = (
        "clock",
        "kind",
        "urgency",
        "amount",
        "unit",
        "preset",
        "valid_from",
        "valid_to",
    )
    list_filter = ("clock", "kind", "urgency", "preset")


@admin.register(Parameter)
class ParameterAdmin(ReferenceAdmin):
    """业务参数"""

    list_display = ("name", "amount", "valid_from")
    list_filter = ("name",)


@admin.register(SpecialForm)
class SpecialFormAdmin(ReferenceAdmin):
    """专项表单"""

    list_display = ("name", "code", "active")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer the questions as JSON."""
        return _Admin.formfield_for_dbfield(self, db_field, request, **kwargs)


@admin.register(Word)
class WordAdmin(ReferenceAdmin):
    """词库"""

    list_display = ("text", "kind", "freq")
    list_filter = ("kind",)
    search_fields = ("text",)


@admin.register(Synonym)
class SynonymAdmin(ReferenceAdmin):
    """同义词"""

    list_display = ("id", "__str__")
    search_fields = ("words",)
