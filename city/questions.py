"""Questions of special forms (专项表单): how each is asked, what counts as an answer. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

LINE, LONG, MOST = 200, 2_000, 10**9
YES_NO = ("是", "否")
PHONE = re.compile(r"[0-9+\-（）() 转]{5,30}")


class Wrong(ValueError):
    """An answer that does not fit its question; the text is Chinese."""


@dataclass(frozen=True)
class Question:
    """One question: `type` is text, long, number types, date, phone, choice or yes_no."""

    name: str
    label: str
    type: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """What one may choose from; nothing where one writes."""
        return YES_NO if self.type == "yes_no" else self.choices

    def check(self, said: str) -> str:
        """Give the answer as it is kept; raises Wrong."""
        words = said.strip()
        if not words:
            if self.required:
                raise Wrong(f"请填写{self.label}。")
            return ""
        return READ[self.type](self, words)


def _text(question: Question, words: str) -> str:
    most = LONG if question.type == "long" else LINE
    if len(words) > most:
        raise Wrong(f"{question.label}最多 {most} 字。")
    return words


def _number(question: Question, words: str) -> str:
    """Read an amount or a count: never below nothing, a count whole."""
    try:
        value = Decimal(words.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise Wrong(f"{question.label}请填数字。") from None
    whole = question.type == "count"
    if not value.is_finite() or not 0 <= value <= MOST or (whole and value != int(value)):
        raise Wrong(f"{question.label}的数字不对。")
    return str(int(value)) if whole else f"{value:.2f}"


def _date(question: Question, words: str) -> str:
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        raise Wrong(f"{question.label}请按年-月-日填写，如 2026-11-02。") from None


def _phone(question: Question, words: str) -> str:
    if not PHONE.fullmatch(words):
        raise Wrong(f"{question.label}不像电话号码。")
    return words


def _choice(question: Question, words: str) -> str:
    if words not in question.options:
        raise Wrong(f"{question.label}请从选项中选择。")
    return words


READ = {
    "text": _text,
    "long": _text,
    "amount": _number,
    "count": _number,
    "date": _date,
    "phone": _phone,
    "choice": _choice,
    "yes_no": _choice,
}


def read(rows: Iterable[Mapping[str, Any]]) -> list[Question]:
    """Read the questions of a form (专项表单字段); raises Wrong naming what is amiss."""
    found = [_question(row) for row in rows]
    names = [question.name for question in found]
    if len(set(names)) != len(names):
        raise Wrong("字段代码不能重复。")
    return found


def _question(row: Mapping[str, Any]) -> Question:
    name, label, kind = (str(row.get(key, "")) for key in ("name", "label", "type"))
    question = Question(
        name, label, kind or "text", bool(row.get("required")), tuple(row.get("choices", ()))
    )
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not label:
        raise Wrong("每个字段要有 name（小写字母）和 label。")
    if question.type not in READ or (question.type == "choice" and not question.choices):
        raise Wrong(f"“{label}”的 type 或 choices 不对。")
    return question
