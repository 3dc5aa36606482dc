"""What forms share: refusals of the domain shown beside the field they speak of."""

import re
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from tickets.errors import Invalid, NotAllowed, Refusal, WrongState

BETWEEN_WORDS = re.compile(r"[、，,;；\n]+")
LONGEST_WORD = 30


class DomainForm(forms.Form):
    """A form whose data an action takes; the action's objections come back to the fields."""

    refusal: Refusal | None = None

    @property
    def status(self) -> int:
        """The HTTP status that fits: 403 not yours, 409 too late, 400 wrong, 200 in order."""
        if isinstance(self.refusal, NotAllowed):
            return 403
        if isinstance(self.refusal, WrongState):
            return 409
        return 400 if self.errors else 200

    def object_with(self, refusal: Invalid) -> None:
        """Show what the action objected to (不合规内容), at the field or above the form."""
        for name, sentences in refusal.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    def attempt(self, action: Callable[[], object]) -> bool:
        """Do ACTION with what was filled in (提交); its refusal is shown in the form.

        A stale page (Stale) is not caught: it deserves a page of its own.
        """
        try:
            action()
        except Invalid as refusal:
            self.object_with(refusal)
        except (NotAllowed, WrongState) as refusal:
            self.refusal = refusal
            self.add_error(None, str(refusal))
        return not self.errors


def amended(form: forms.Form, **fields: str) -> QueryDict:
    """Give what was posted, all values of every field, with some changed (改写提交内容)."""
    data = cast("QueryDict", form.data).copy()
    for name, value in fields.items():
        data[name] = value
    return data


def long_text(label: str, *, rows: int = 5, required: bool = True, **more: Any) -> forms.CharField:
    """Make a field for words that are kept exactly as written (原文)."""
    attrs = {"rows": rows, **more.pop("attrs", {})}
    said = {"required": f"请填写{label}。", **more.pop("error_messages", {})}
    return forms.CharField(
        label=label,
        strip=False,
        required=required,
        widget=forms.Textarea(attrs=attrs),
        error_messages=said,
        **more,
    )


def segments(label: str, choices: Any, *, required: bool = True, **more: Any) -> forms.ChoiceField:
    """Make a question with a few answers side by side (分段选择)."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": f"请选择：{label}。"},
        **more,
    )


def moment(label: str, *, required: bool = True, **more: Any) -> forms.DateTimeField:
    """Make a field for a time of the past (时间)."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    said = {"required": f"请填写{label}。", "invalid": f"{label}请按“年-月-日 时:分”填写。"}
    return forms.DateTimeField(
        label=label, required=required, widget=widget, error_messages=said, **more
    )


class WordsField(forms.CharField):
    """Words with 、 between them."""

    def clean(self, value: Any) -> list[str]:
        """Give the words (词语), each once."""
        words = [word.strip() for word in BETWEEN_WORDS.split(super().clean(value) or "")]
        too_long = [word for word in words if len(word) > LONGEST_WORD]
        if too_long:
            raise forms.ValidationError(f"“{too_long[0][:10]}…”太长，每个词不超过 30 字。")
        return list(dict.fromkeys(word for word in words if word))

    def prepare_value(self, value: Any) -> Any:
        """Show words as people type them."""
        return "、".join(value) if isinstance(value, list) else value


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let a field of FORM offer these rows (可选范围)."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows
