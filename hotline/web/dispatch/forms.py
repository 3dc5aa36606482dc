"""What the dispatcher does to several tickets at once."""

from collections.abc import Iterable

from django import forms

from accounts.models import User
from hotline.web.bulk import ChosenField, Report, each
from hotline.web.evidence import Evidence
from hotline.web.step_form import StepForm
from hotline.web.steps import units, units_beside
from tickets import actions


def fill_in(steps: Iterable[StepForm], evidence: Evidence) -> None:
    """Fill in what is suggested (预填建议): the first unit, and the parts of several matters."""
    best = evidence.units[0] if evidence.units else {}
    words = {f"text_{n}": part["text"] for n, part in enumerate(evidence.parts, 1)}
    matters = {f"category_{n}": part["code"] for n, part in enumerate(evidence.parts, 1)}
    units = {"to": best.get("code"), "assisting": [u["code"] for u in best.get("assisting", ())]}
    filled = {"dispatch": units, "split": words | matters}
    for form in steps:
        form.initial.update(filled.get(form.verb, {}))


class AlikeForm(forms.Form):
    """Send alike tickets where the one beside them is suggested to go (同类同派)."""

    to = units("主办单位")
    assisting = units_beside()
    chosen = ChosenField()

    def dispatch(self, by: User) -> Report:
        """Dispatch each (批量派单); call it on a valid form."""
        data = self.cleaned_data
        where = {"to": data["to"], "assisting": list(data["assisting"])}
        return each(
            data["chosen"],
            by,
            lambda ticket, version: actions.dispatch(ticket, by=by, version=version, **where),
        )


class TakeBackForm(forms.Form):
    """Undo several dispatches of the last minute (批量撤回)."""

    chosen = ChosenField()

    def take_back(self, by: User) -> Report:
        """Take each back; call it on a valid form."""
        return each(
            self.cleaned_data["chosen"],
            by,
            lambda ticket, version: actions.take_back(ticket, by=by, version=version),
        )
