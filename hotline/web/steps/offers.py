"""Which forms a person is offered on a ticket."""

from accounts.models import User
from hotline.web.reply_steps import (
    EndorseForm,
    ReleaseForm,
    ReplyForm,
    ReviewForm,
    SendReplyBackForm,
)
from hotline.web.step_form import StepForm
from hotline.web.steps.asking import (
    CallBackForm,
    CloseForm,
    EndSupervisionForm,
    EscalateForm,
    ExplainForm,
    InstructForm,
    ReopenForm,
    SuperviseForm,
    SupplementForm,
    UrgeForm,
    WithdrawForm,
)
from hotline.web.steps.beside import (
    AdviseForm,
    CallInForm,
    RecallForm,
    ReceiveForm,
    SendUpForm,
    SubDispatchForm,
    TakeOverForm,
    WaiveForm,
)
from hotline.web.steps.gathering import (
    DeclineForm,
    GatherForm,
    InvalidateForm,
    MergeForm,
    PartForm,
    SplitForm,
    UnmergeForm,
    UnsplitForm,
)
from hotline.web.steps.handling import ContactForm, HandOverForm, RecordForm
from hotline.web.steps.inquiring import (
    AskForm,
    InformForm,
    ProposeWithdrawalForm,
    RelayForm,
    RespondForm,
)
from hotline.web.steps.longer import (
    DecideExtensionForm,
    ExtendForm,
    NoteProgressForm,
    PromiseForm,
    ResumeForm,
    SuspendForm,
)
from hotline.web.steps.sending import (
    DecideReturnForm,
    DesignateForm,
    DispatchForm,
    RedirectForm,
    ScreenForm,
    SendBackForm,
    SignForm,
    TakeBackForm,
)
from tickets import policy
from tickets.models import Ticket

FORMS: dict[str, type[StepForm]] = {
    form.verb: form
    for form in (
        ScreenForm,
        DispatchForm,
        TakeBackForm,
        RedirectForm,
        SignForm,
        SendBackForm,
        DecideReturnForm,
        DesignateForm,
        ReplyForm,
        ContactForm,
        RecordForm,
        HandOverForm,
        EndorseForm,
        NoteProgressForm,
        DecideExtensionForm,
        SuspendForm,
        ExtendForm,
        PromiseForm,
        ResumeForm,
        ReleaseForm,
        SendReplyBackForm,
        ReviewForm,
        CallInForm,
        ReceiveForm,
        AdviseForm,
        RecallForm,
        WaiveForm,
        SubDispatchForm,
        SendUpForm,
        TakeOverForm,
        CallBackForm,
        ReopenForm,
        CloseForm,
        AskForm,
        InformForm,
        RelayForm,
        RespondForm,
        ProposeWithdrawalForm,
        SupplementForm,
        UrgeForm,
        InstructForm,
        SuperviseForm,
        EscalateForm,
        ExplainForm,
        EndSupervisionForm,
        DeclineForm,
        InvalidateForm,
        MergeForm,
        UnmergeForm,
        SplitForm,
        UnsplitForm,
        GatherForm,
        PartForm,
        WithdrawForm,
    )
}


def offered(ticket: Ticket, user: User, *verbs: str) -> list[StepForm]:
    """The forms of the steps that the user may do now (下一步): all, or those named in order."""
    allowed = [step.verb for step in policy.allowed_steps(user, ticket) if step.verb in FORMS]
    chosen = [verb for verb in verbs if verb in allowed] if verbs else allowed
    return [FORMS[verb](None, ticket=ticket, user=user) for verb in chosen]
