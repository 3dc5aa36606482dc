"""What a supervisor decides about the matching: which version is in force, what is lifted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import User
from hotline.web.forms import DomainForm
from tickets import actions
from tickets.models import HotTopic, Incident, Pause, RoutingModel, Ticket
from tickets.routing import store
from tickets.topics.hot import tickets_of

DECISIONS = {
    "promote": "已启用这一版。待派工单的建议正在更新。",
    "return_to": "已退回这一版。待派工单的建议正在更新。",
    "refuse": "已记录：不采用这一版。",
}


class _Note(DomainForm):
    note = forms.CharField(label="理由", max_length=200, required=False)

    @property
    def said(self) -> str:
        """All objections in one line (未能办理的原因)."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class DecideForm(_Note):
    """Put a version in force, go back to one, or refuse it (模型版本)."""

    def __init__(self, data: Mapping[str, Any], *, model: RoutingModel, verb: str) -> None:
        super().__init__(data)
        self.model, self.verb = model, verb

    def clean(self) -> None:
        """Refuse what cannot be read any more."""
        if self.verb != "refuse" and not store.has(self.model.version):
            raise forms.ValidationError("这一版的模型文件已清理，不能再启用。")

    def act(self, by: User) -> bool:
        """Do it (决定)."""
        return self.is_valid() and self.attempt(
            lambda: getattr(actions, self.verb)(self.model, by=by, note=self.cleaned_data["note"])
        )


class LiftForm(_Note):
    """Let the platform dispatch a matter by itself again (恢复自动派单)."""

    def act(self, pause: Pause, by: User) -> bool:
        """Do it (恢复)."""
        return self.is_valid() and self.attempt(
            lambda: actions.lift(pause, by=by, note=self.cleaned_data["note"])
        )


GATHERED_AT_ONCE = 300


class GatherForm(_Note):
    """Set the tickets of a topic as one incident (设为同一事件)."""

    incident: Incident

    def gather(self, topic: HotTopic, by: User) -> bool:
        """Do it, for the earliest first (设立); what came later joins when asked again."""
        rows = tickets_of(topic.topic, by).filter(incident=None).order_by("accepted_at")
        first = tickets_of(topic.topic, by).exclude(incident=None).order_by("accepted_at")[:1]
        tickets = [*first, *rows[:GATHERED_AT_ONCE]]
        return self.is_valid() and self.attempt(lambda: self._gather(tickets, topic, by))

    def _gather(self, tickets: Sequence[Ticket], topic: HotTopic, by: User) -> None:
        self.incident = actions.gather_all(tickets, name=topic.name, by=by)


class NumberForm(forms.Form):
    """Ask why a ticket went where it went (为什么这样派)."""

    number = forms.CharField(label="工单编号", max_length=21, strip=True)
