"""Lists of hundreds of options, and lists of units that letters narrow."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from accounts.models import Department
from city.memo import Memo


class LongSelect(forms.Select):
    """A list of hundreds of options: a template for each of them took most of a page's time."""

    template_name = "components/options.html"

    def get_context(self, *args: Any) -> dict[str, Any]:
        """Write all options in one go."""
        context = super().get_context(*args)
        groups = context["widget"]["optgroups"]
        options = (option for _, group, _ in groups for option in group)
        context["widget"]["options"] = format_html_join("\n", OPTION, map(_parts, options))
        return context


OPTION = '<option value="{}"{}{}>{}</option>'
SELECTED = mark_safe(" selected")  # a constant


def _parts(option: dict[str, Any]) -> tuple[Any, ...]:
    words = format_html(' data-words="{}"', option["words"]) if "words" in option else ""
    chosen = SELECTED if option["selected"] else ""
    return option["value"], chosen, words, option["label"]


class UnitSelect(LongSelect):
    """A list of units that can be narrowed by name, pinyin or initials (拼音检索).

    A key of the page leads to where the letters are typed.
    """

    template_name = "components/unit_select.html"

    def get_context(self, *args: Any) -> dict[str, Any]:
        """Give the keys to the field that narrows."""
        context = super().get_context(*args)
        widget = context["widget"]
        keys = [name for name in widget["attrs"] if name.startswith("data-key")]
        widget["keys"] = {name: widget["attrs"].pop(name) for name in keys}
        return context

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Give each option the letters that find it."""
        option = super().create_option(*args, **kwargs)
        unit = getattr(option["value"], "instance", None)
        if isinstance(unit, Department):
            option["words"] = f"{unit.name} {unit.pinyin} {unit.initials}".lower()
        return option


class UnitsSelect(UnitSelect, forms.SelectMultiple):
    """Several units of the list: Enter takes the one that the letters find, or leaves it out."""


class TemplateSelect(LongSelect):
    """Replies kept ready, with the button that puts one into the form (套用模板)."""

    template_name = "components/template_select.html"
    address = ""

    def get_context(self, *args: Any) -> dict[str, Any]:
        """Tell where the words come from."""
        context = super().get_context(*args)
        context["widget"]["address"] = self.address
        return context


if TYPE_CHECKING:
    _Rows = ModelChoiceIterator[Any]
    _One = forms.ModelChoiceField[Any]
    _Several = forms.ModelMultipleChoiceField[Any]
else:
    _Rows, _One, _Several = (
        ModelChoiceIterator,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
    )


class KeptRows(_Rows):
    """The options of a field over reference data, read once for each state of that data."""

    field: "KeptField | KeptFields"

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        yield from (self.choice(row) for row in self.field.rows.get())


class KeptField(_One):
    """One row of reference data; what comes back is looked up as ever."""

    iterator = KeptRows

    def __init__(self, rows: Memo[list[Any]], queryset: Any, **more: Any) -> None:
        self.rows = rows
        super().__init__(queryset, **more)


class KeptFields(_Several):
    """Several rows of reference data."""

    iterator = KeptRows

    def __init__(self, rows: Memo[list[Any]], queryset: Any, **more: Any) -> None:
        self.rows = rows
        super().__init__(queryset, **more)
