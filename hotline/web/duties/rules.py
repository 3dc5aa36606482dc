"""The rules of dispatch: their order, their editor, and the trial on last month's tickets."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hotline.web.duties.views import for_readers, for_writers
from hotline.web.forms import DomainForm, WordsField, offer
from hotline.web.pages import sent
from hotline.web.requests import StaffRequest
from hotline.web.steps import units
from tickets import actions, policy
from tickets.models import Rule, Source
from tickets.routing import duty_list
from tickets.routing.rules import problem_of
from tickets.routing.signs import LABELS
from tickets.routing.trial import trial
from tickets.workflow import Urgency

SHIFTS = {"up": -1, "down": 1}
CLOCK = {"type": "time"}


class RuleForm(DomainForm):
    """A rule as people read it: when all of this holds, do that (派单规则)."""

    name = forms.CharField(
        label="名称", max_length=60, error_messages={"required": "请给规则起个名字。"}
    )
    category = forms.ModelChoiceField(
        duty_list.matters().none(), label="事项分类", required=False, empty_label="不限"
    )
    words = WordsField(label="含任一词语", required=False, help_text="用“、”隔开")
    excluded = WordsField(label="不含词语", required=False)
    region = forms.ModelChoiceField(
        duty_list.regions().none(), label="区划", required=False, empty_label="不限"
    )
    place = forms.CharField(label="地点含", required=False, max_length=60)
    sources = forms.MultipleChoiceField(
        label="来源渠道",
        choices=Source.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    signs = forms.MultipleChoiceField(
        label="人群与特殊情形（须全部符合）",
        choices=list(LABELS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    hour_from = forms.TimeField(
        label="时段自", required=False, widget=forms.TimeInput(CLOCK, format="%H:%M")
    )
    hour_to = forms.TimeField(
        label="时段至",
        required=False,
        widget=forms.TimeInput(CLOCK, format="%H:%M"),
        help_text="可跨零点，如 22:00 至 06:00",
    )
    department = units("派往", required=False)
    urgency = forms.ChoiceField(
        label="紧急程度", required=False, choices=[("", "不改"), *Urgency.choices]
    )
    flag = forms.CharField(label="标记", required=False, max_length=20)
    hold = forms.BooleanField(label="转人工：不自动派单", required=False)
    active = forms.BooleanField(label="启用", required=False, initial=True)

    when = (
        *("name", "category", "words", "excluded", "region", "place"),
        *("sources", "signs", "hour_from", "hour_to"),
    )
    then = ("department", "urgency", "flag", "hold", "active")

    def __init__(self, data: Any = None, *, rule: Rule | None) -> None:
        super().__init__(data, initial=_initial(rule) if rule else None)
        offer(self, "category", duty_list.matters())
        offer(self, "region", duty_list.regions())

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of a frame of the day, and for a condition at all."""
        data = self.cleaned_data
        if bool(data.get("hour_from")) != bool(data.get("hour_to")):
            self.add_error("hour_to", "时段要写起止两个时间。")
        conditions = [name for name in self.when[1:] if data.get(name)]
        if not conditions and not self.errors:
            self.add_error(None, "请至少写一个条件，否则会命中所有工单。")
        return data

    @property
    def when_fields(self) -> list[forms.BoundField]:
        """The conditions."""
        return [self[name] for name in self.when]

    @property
    def then_fields(self) -> list[forms.BoundField]:
        """What follows."""
        return [self[name] for name in self.then]

    def onto(self, rule: Rule) -> Rule:
        """Write what was typed onto a rule, which is not saved by this."""
        for name, value in self.cleaned_data.items():
            setattr(rule, name, value)
        return rule


def _initial(rule: Rule) -> dict[str, Any]:
    given = {name: getattr(rule, name) for name in (*RuleForm.when, *RuleForm.then)}
    return given | {"department": rule.department.code if rule.department else None}


def conditions(rule: Rule) -> list[str]:
    """Say what a rule asks, as people read it (规则条件)."""
    hours = rule.hour_from and rule.hour_to and f"时段 {rule.hour_from:%H:%M}–{rule.hour_to:%H:%M}"
    said = [
        rule.category and f"事项为“{rule.category.name}”",
        rule.words and f"含“{'”或“'.join(rule.words)}”",
        rule.excluded and f"不含“{'、'.join(rule.excluded)}”",
        rule.region and f"位于{rule.region.name}",
        rule.place and f"地点含“{rule.place}”",
        rule.sources and f"来自{'、'.join(Source(name).label for name in rule.sources)}",
        hours,
        *(LABELS.get(sign, sign) for sign in rule.signs),
    ]
    return [str(words) for words in said if words]


def effects(rule: Rule) -> list[str]:
    """Say what follows from a rule (规则结果)."""
    said = [
        rule.department and f"派往{rule.department.name}",
        rule.urgency and f"定为{Urgency(rule.urgency).label}",
        rule.flag and f"标记“{rule.flag}”",
        rule.hold and "转人工",
    ]
    return [str(words) for words in said if words]


@require_GET
@for_readers
def listing(request: StaffRequest) -> HttpResponse:
    """List the rules in their order, with their errors (派单规则)."""
    rows = list(Rule.objects.select_related("category", "region", "department"))
    context = {
        "rules": [
            (rule, conditions(rule), effects(rule), rule.error or problem_of(rule)) for rule in rows
        ],
        "writes": policy.may_write_duties(request.user),
    }
    return render(request, "duties/rules.html", context)


@for_writers
def write(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Try a rule on last month's tickets, then save it (编辑规则)."""
    rule = get_object_or_404(Rule, pk=pk) if pk else Rule()
    form = RuleForm(sent(request), rule=rule if pk else None)
    context: dict[str, Any] = {"form": form, "rule": rule if pk else None}
    if form.is_valid():
        form.onto(rule)
        if "save" not in request.POST:
            context["trial"] = trial(rule, timezone.now())
        elif form.attempt(lambda: actions.save_rule(rule, by=request.user)):
            messages.success(request, f"规则《{rule.name}》已保存，数秒内在各处生效。")
            return redirect("duties:rules")
    return render(request, "duties/rule.html", context, status=form.status)


@require_POST
@for_writers
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete a rule (删除规则)."""
    rule = get_object_or_404(Rule, pk=pk)
    actions.delete_rule(rule, by=request.user)
    messages.success(request, f"规则《{rule.name}》已删除。")
    return redirect("duties:rules")


@require_POST
@for_writers
def shift(request: StaffRequest, pk: int, way: str) -> HttpResponse:
    """Move a rule up or down (调整顺序)."""
    ids = list(Rule.objects.values_list("pk", flat=True))
    if way not in SHIFTS or pk not in ids:
        raise Http404
    at = ids.index(pk)
    ids.insert(max(0, at + SHIFTS[way]), ids.pop(at))
    actions.order_rules(ids, by=request.user)
    return redirect("duties:rules")
