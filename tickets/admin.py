"""Pages where an administrator keeps what the units' work rests on; writes go through actions."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from accounts.models import Role
from tickets import actions, policy
from tickets.models import SignChain, SignLevel
from tickets.models.signing import MOST_LEVELS

if TYPE_CHECKING:
    _Chains = admin.ModelAdmin[SignChain]
    _Levels = admin.TabularInline[SignLevel, SignChain]
    _LevelSet = BaseInlineFormSet[SignLevel, SignChain, forms.ModelForm[SignLevel]]
else:
    _Chains, _Levels, _LevelSet = admin.ModelAdmin, admin.TabularInline, BaseInlineFormSet


class LevelSet(_LevelSet):
    """The levels of a chain; who signs must be an auditor of the unit."""

    def clean(self) -> None:
        """Refuse somebody who could not sign."""
        super().clean()
        unit = getattr(self.instance, "department", None)
        if unit is None:
            return
        for row in self.cleaned_data:
            signer = None if row.get("DELETE") else row.get("signer")
            if signer and not policy.acts_for(signer, unit, Role.AUDITOR):
                raise ValidationError(f"{signer}没有{unit}的单位审核岗位。")


class LevelInline(_Levels):
    """审签层级"""

    model = SignLevel
    formset = LevelSet
    extra = 1
    max_num = MOST_LEVELS
    autocomplete_fields = ("signer",)


@admin.register(SignChain)
class SignChainAdmin(_Chains):
    """答复审签设置: a unit without one has its auditor sign alone."""

    list_display = ("department",)
    autocomplete_fields = ("department",)
    inlines = (LevelInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make the chain by the action; its levels follow."""
        if not change:
            actions.set_sign_chain(obj.department, [])
            obj.pk = SignChain.objects.get(department=obj.department).pk

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Set the levels by the action."""
        rows = [row for row in formset.cleaned_data if row and not row.get("DELETE")]
        rows.sort(key=lambda row: row["position"])
        levels = [(row["title"], row["signer"]) for row in rows]
        actions.set_sign_chain(form.instance.department, levels)
        formset.new_objects = formset.changed_objects = formset.deleted_objects = []

    def delete_model(self, request: HttpRequest, obj: SignChain) -> None:
        """Go back to one signature by the action."""
        actions.drop_sign_chain(obj.department)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A chain stays with its unit."""
        return ("department",) if obj else ()
