"""Writes the rules of dispatch (派单规则), and notes when one of them fails."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from city.actions import mark_changed
from tickets import policy
from tickets.errors import Invalid, NotAllowed
from tickets.models import Rule


def _allow(by: User) -> None:
    if not policy.may_write_duties(by):
        raise NotAllowed("只有督办员和管理员可以维护派单规则。")


@transaction.atomic
def save_rule(rule: Rule, *, by: User) -> Rule:
    """Write a rule (保存规则), a new one behind all others; a former error is forgotten."""
    _allow(by)
    if not (rule.department or rule.urgency or rule.flag or rule.hold):
        raise Invalid(department="请至少写一项结果：派往、紧急程度、标记或转人工。")
    if Rule.objects.filter(name=rule.name).exclude(pk=rule.pk).exists():
        raise Invalid(name="已有同名规则。")
    if rule._state.adding:
        rule.position = (Rule.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    rule.error, rule.failed_at, rule.changed_by = "", None, by
    rule.save()
    mark_changed()
    return rule


@transaction.atomic
def order_rules(ids: Sequence[int], *, by: User) -> None:
    """Put the rules in this order (调整顺序); the first that names a unit wins."""
    _allow(by)
    for position, pk in enumerate(ids, 1):
        Rule.objects.filter(pk=pk).update(position=position)
    mark_changed()


@transaction.atomic
def delete_rule(rule: Rule, *, by: User) -> None:
    """Delete a rule (删除规则); what it said of past tickets stays in their evidence."""
    _allow(by)
    rule.delete()
    mark_changed()


def note_rule_error(rule_id: int, error: str) -> None:
    """Note that a rule failed (规则出错), for the alarm on the board; the first error stays."""
    fresh = Rule.objects.filter(pk=rule_id, error="")
    fresh.update(error=error[:300], failed_at=timezone.now())
