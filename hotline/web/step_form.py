"""What the forms of all steps share: they remember which version of the ticket was looked at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms

from accounts.models import User
from hotline.web.forms import DomainForm, amended, long_text
from tickets import actions
from tickets.models import Ticket
from tickets.workflow import STEPS, Step

if TYPE_CHECKING:
    from hotline.web.uploads import Files


class StepForm(DomainForm):
    """One step on one ticket; remembers which version of the ticket was looked at."""

    verb = ""
    template_name = "components/fields.html"
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: "Files | None" = None,
        *,
        ticket: Ticket,
        user: User,
    ) -> None:
        super().__init__(data, files, auto_id=f"id_{self.verb}_%s")
        self.ticket, self.user = ticket, user
        self.initial["version"] = ticket.version

    @property
    def step(self) -> Step:
        """The row of the table that this form is for."""
        return STEPS[self.verb]

    @property
    def has_questions(self) -> bool:
        """Tell whether there is anything to fill in."""
        return bool(self.visible_fields())

    def act(self) -> bool:
        """Do the step (办理这一步); raises Stale where the ticket moved on."""
        return self.is_valid() and self.attempt(self._hand_in)

    def _hand_in(self) -> object:
        return getattr(actions, self.verb)(self.ticket, by=self.user, **self.cleaned_data)

    def renewed(self) -> "StepForm":
        """The same words over the ticket as it is now (重新提交)."""
        self.ticket.refresh_from_db()
        data = amended(self, version=str(self.ticket.version))
        return type(self)(data, ticket=self.ticket, user=self.user)


class NoteForm(StepForm):
    """A step that wants a reason."""

    note = long_text("意见", rows=3)


class MaybeNoteForm(StepForm):
    """A step that may have a remark."""

    note = long_text("意见", rows=2, required=False)
