"""The form before the contact of a citizen is shown."""

from django import forms

from accounts.models import User
from hotline.web.forms import DomainForm
from tickets import actions
from tickets.actions.remarks import Contact
from tickets.models import Ticket


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
