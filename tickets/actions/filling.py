"""Keeps what special forms ask, checked by the rows that say how."""

import json
from collections.abc import Mapping

from accounts.actions import log_access
from accounts.models import User
from city import questions
from city.models import SpecialForm
from city.selectors import special_form
from tickets.errors import Invalid
from tickets.models import Filling, Ticket

NAME = "{}-{}"
"""How a field is named in forms and refusals: the form's code and the question's name."""


def checked(code: str, told: Mapping[str, str]) -> Filling:
    """Check a special form (专项表单校验); raises Invalid naming every field that is wrong."""
    form = special_form(code)
    if form is None:
        raise Invalid(special="没有这种专项表单。")
    said, wrong = list[tuple[str, str]](), dict[str, str]()
    for question in form.asked:
        try:
            answer = question.check(str(told.get(question.name, "")))
        except questions.Wrong as objection:
            wrong[NAME.format(code, question.name)] = str(objection)
            continue
        if answer:
            said.append((question.label, answer))
    if wrong:
        raise Invalid(**wrong)
    return Filling(form=form.code, name=form.name, said=json.dumps(said, ensure_ascii=False))


def note_export(form: SpecialForm, *, by: User, ip: str | None) -> None:
    """Note who took the answers to a special form away (导出留痕)."""
    log_access(by, "export", form, fields=("filling",), reason=f"导出{form.name}登记", ip=ip)


def fill(ticket: Ticket, filling: Filling) -> None:
    """Keep it with its ticket (专项登记)."""
    filling.ticket = ticket
    filling.save(force_insert=True)
