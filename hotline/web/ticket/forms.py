"""Forms of the ticket's page that are no steps."""

from django import forms

from accounts.models import User
from hotline.web.forms import DomainForm
from tickets import actions
from tickets.actions.remarks import Contact
from tickets.models import Source, Ticket
from tickets.workflow import Kind, Status


class RevealForm(DomainForm):
    """Why somebody wants to see the contact (查看联系方式)."""

    reason = forms.CharField(
        label="查看理由",
        max_length=200,
        help_text="查看会被记录",
        error_messages={"required": "请写明查看联系方式的理由，查看会被记录。"},
    )

    def reveal(self, ticket: Ticket, *, by: User, ip: str | None) -> Contact | None:
        """Show it where the form is in order; None otherwise."""
        found: list[Contact] = []
        if self.is_valid():
            reason = self.cleaned_data["reason"]
            self.attempt(lambda: found.append(actions.reveal(ticket, by=by, reason=reason, ip=ip)))
        return found[0] if found else None


class FindForm(forms.Form):
    """What a list of tickets is narrowed by; an empty field narrows nothing."""

    q = forms.CharField(label="查找", required=False, max_length=200)
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部状态"), *Status.choices]
    )
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", "全部类型"), *Kind.choices]
    )
    source = forms.ChoiceField(
        label="来源", required=False, choices=[("", "全部来源"), *Source.choices]
    )
    due = forms.ChoiceField(
        label="时限",
        required=False,
        choices=[("", "全部时限"), ("overdue", "已超期"), ("near", "临期"), ("open", "在办")],
    )
    unit = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    on = forms.DateField(
        label="受理日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
