"""Special forms inside other forms (专项登记): folded, optional, without JavaScript.

The form of which something was filled in is the one that is handed in.
"""

from dataclasses import dataclass

from django import forms

from city import selectors as city
from city.models import SpecialForm
from city.questions import LINE, LONG, Question
from tickets import actions
from tickets.actions.filling import NAME
from tickets.errors import Invalid
from tickets.models import Filling

KINDS = {"date": "date", "phone": "tel"}
DIGITS = {"amount": "decimal", "count": "numeric"}


@dataclass(frozen=True)
class Section:
    """One special form as a page shows it."""

    form: SpecialForm
    fields: list[forms.BoundField]

    @property
    def is_open(self) -> bool:
        """Tell whether something was filled in, or is wrong."""
        return any(field.errors or field.value() for field in self.fields)


def ask(form: forms.Form) -> None:
    """Add the questions of all special forms to FORM (加入专项字段)."""
    for special in city.special_forms():
        for question in special.asked:
            form.fields[NAME.format(special.code, question.name)] = _field(question)


def _field(question: Question) -> forms.CharField:
    must = "必填" if question.required else ""
    most = LONG if question.type == "long" else LINE
    return forms.CharField(
        label=question.label,
        help_text=must,
        required=False,
        max_length=most,
        widget=_widget(question),
    )


def _widget(question: Question) -> forms.Widget:
    kept = {"data-keep": "", "autocomplete": "off"}
    if question.options:
        choices = [("", "不选"), *((word, word) for word in question.options)]
        return forms.Select(attrs={"data-keep": ""}, choices=choices)
    if question.type == "long":
        return forms.Textarea(attrs={"rows": 2})
    mode = {"inputmode": DIGITS[question.type]} if question.type in DIGITS else {}
    return forms.TextInput(attrs=kept | mode | {"type": KINDS.get(question.type, "text")})


def sections(form: forms.Form) -> list[Section]:
    """Give the special forms as FORM holds them (专项表单)."""
    return [
        Section(special, [form[NAME.format(special.code, each.name)] for each in special.asked])
        for special in city.special_forms()
    ]


def filling_of(form: forms.Form) -> Filling | None:
    """Take the special form that was filled in (专项登记); raises Invalid."""
    told = _answers(form)
    filled = [code for code, answers in told.items() if any(answers.values())]
    if len(filled) > 1:
        raise Invalid(special="一件诉求只填一种专项信息，请清空另一种。")
    return actions.checked(filled[0], told[filled[0]]) if filled else None


def _answers(form: forms.Form) -> dict[str, dict[str, str]]:
    return {
        special.code: {
            question.name: form.cleaned_data.get(NAME.format(special.code, question.name), "")
            for question in special.asked
        }
        for special in city.special_forms()
    }
