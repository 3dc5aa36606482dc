"""One step for many chosen tickets (批量办理): each by itself, with a report of what failed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from accounts.models import User
from tickets import policy
from tickets.errors import Refusal
from tickets.models import Ticket

MOST = 100


@dataclass(frozen=True)
class Choice:
    """A ticket as it stood on the page."""

    number: str
    version: int


class ChosenField(forms.MultipleChoiceField):
    """The rows that were ticked, each as "number:version"."""

    def __init__(self) -> None:
        super().__init__(error_messages={"required": "请先勾选工单。"})

    def valid_value(self, value: str) -> bool:
        """Accept what names a ticket and a version; whose it is is asked later."""
        number, _, version = value.partition(":")
        return number.isascii() and number.isalnum() and version.isascii() and version.isdecimal()

    def clean(self, value: Sequence[str]) -> list[Choice]:
        """Give the choices; raises ValidationError with too many or none."""
        chosen = list(dict.fromkeys(super().clean(value)))
        if len(chosen) > MOST:
            raise forms.ValidationError(f"一次最多办理 {MOST} 件，请分批。")
        pairs = (words.partition(":") for words in chosen)
        return [Choice(number, int(version)) for number, _, version in pairs]


@dataclass
class Report:
    """What was done, and what was not with the reason."""

    done: list[Ticket] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, request: HttpRequest, deed: str) -> None:
        """Say on the next page what became of all (办理结果)."""
        if self.done:
            messages.success(request, f"{deed} {len(self.done)} 件。")
        for number, why in self.refused:
            messages.error(request, f"{number} 未办理：{why}")


def each(chosen: Sequence[Choice], user: User, do: Callable[[Ticket, int], object]) -> Report:
    """Do a step for each chosen ticket in a transaction of its own (逐件办理).

    `do` gets the ticket and the version that was looked at; what it refuses is reported.
    """
    rows = policy.visible_to(user).filter(number__in=[choice.number for choice in chosen])
    found, report = {row.number: row for row in rows}, Report()
    for choice in chosen:
        ticket = found.get(choice.number)
        if ticket is None:
            report.refused.append((choice.number, "没有这件工单，或已不在您的权限内。"))
            continue
        try:
            do(ticket, choice.version)
        except Refusal as refusal:
            report.refused.append((choice.number, str(refusal)))
        else:
            report.done.append(ticket)
    return report
