"""One step for many chosen tickets (批量办理): each by itself, with a report of what failed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict

from accounts.models import User
from hotline.web.step_form import StepForm
from hotline.web.steps import FORMS
from tickets import policy
from tickets.errors import Refusal
from tickets.models import Ticket
from tickets.workflow import STEPS

MOST = 100
ASKED_OF_MANY = frozenset({"version", "turn", "note", "to", "assisting", "may_publish"})
ONE_BY_ONE = frozenset("unmerge unsplit part recall waive take_over".split())
"""They undo what joined several tickets, or are about one unit of several."""
TOGETHER = [
    verb
    for verb, form in FORMS.items()
    if ASKED_OF_MANY.issuperset(form.base_fields) and verb not in ONE_BY_ONE
]
"""The steps that ask for no more than a remark and units: they can be done for many at once."""


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


def possible(ticket: Ticket, user: User) -> list[str]:
    """Name the steps for many that USER may do on this ticket (可批量办理)."""
    return [verb for verb in TOGETHER if policy.may(user, STEPS[verb], ticket)]


class Together:
    """One step for many tickets (批量办理), asked about once and done by each one's own form."""

    def __init__(
        self, verb: str, chosen: Sequence[Choice], user: User, answers: QueryDict | None
    ) -> None:
        self.verb, self.chosen, self.user, self.answers = verb, chosen, user, answers
        self.label = STEPS[verb].label

    @cached_property
    def tickets(self) -> list[Ticket]:
        """The chosen ones that the user may see, in the order of the list."""
        rows = policy.visible_to(self.user).filter(number__in=[each.number for each in self.chosen])
        return list(rows.select_related("lead").order_by("due_at", "id"))

    @cached_property
    def form(self) -> StepForm | None:
        """The questions, as the first ticket asks them; None where no ticket is left."""
        first = self.tickets[0] if self.tickets else None
        return FORMS[self.verb](self.answers, ticket=first, user=self.user) if first else None

    @property
    def ready(self) -> bool:
        """Tell whether all has been answered that it wants to know."""
        return self.form is None or not self.form.has_questions or self.form.is_valid()

    def do(self) -> Report:
        """Do it for each in a transaction of its own (逐件办理); call it when `ready`."""
        return each(self.chosen, self.user, self._do)

    def _do(self, ticket: Ticket, version: int) -> None:
        data = QueryDict(mutable=True) if self.answers is None else self.answers.copy()
        data["version"] = str(version)
        data.pop("turn", None)  # the one of the ticket that was asked about
        form = FORMS[self.verb](data, ticket=ticket, user=self.user)
        if not form.act():
            raise Refusal(" ".join(str(line) for lines in form.errors.values() for line in lines))
