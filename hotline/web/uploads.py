"""Files in forms: what was sent waits under its key, so that a form that comes back loses none."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from hotline.web.forms import amended
from tickets import actions
from tickets.errors import Invalid
from tickets.files import ACCEPTED, MOST_BYTES, MOST_FILES, WANTED
from tickets.models import Attachment
from tickets.workflow import Party

if TYPE_CHECKING:
    Sent = tuple[list[UploadedFile[Any]], list[str]]
    Files = MultiValueDict[str, UploadedFile[Any]]


class Bounded(FileUploadHandler):
    """Reads no more of a file than tells that it is too big, and of all files a bounded whole."""

    all = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count anew."""
        super().new_file(*args, **kwargs)
        self.read = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand the chunk on, or drop it."""
        self.read += len(raw_data)
        self.all += len(raw_data)
        fits = self.read <= MOST_BYTES + len(raw_data) and self.all <= MOST_BYTES * MOST_FILES
        return raw_data if fits else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def files_of(request: HttpRequest) -> "Files | None":
    """Give the files that were sent; None where nothing was."""
    return request.FILES if request.method == "POST" else None


class FilesInput(forms.FileInput):
    """Several files, and the keys of those that were sent before (附件)."""

    template_name = "components/files_input.html"
    needs_multipart_form = True
    allow_multiple_selected = True
    camera = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> "Sent":
        """Give new files and the keys of earlier ones."""
        kept = data.getlist(_kept(name)) if isinstance(data, QueryDict) else []
        return (files.getlist(name) if isinstance(files, MultiValueDict) else []), kept

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Show by name what was sent already."""
        context = super().get_context(name, None, attrs)
        keys = value[1] if value else []
        context["widget"] |= {
            "camera": self.camera,
            "kept_name": _kept(name),
            "kept": Attachment.objects.filter(key__in=keys, ticket=None) if keys else [],
        }
        return context


def _kept(name: str) -> str:
    return f"{name}_kept"


class FilesField(forms.Field):
    """Photos and papers; its value is a list of keys once `keep` has seen it."""

    widget = FilesInput

    def __init__(self, label: str, *, help_text: str = "", camera: bool = False) -> None:
        self.camera = camera
        super().__init__(
            label=label, required=False, help_text=help_text or f"{WANTED}，最多 {MOST_FILES} 个。"
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the chooser offer what may be sent; on a phone the camera too, where asked."""
        cast("FilesInput", widget).camera = self.camera
        return {"multiple": True, "accept": ACCEPTED}


def keep(form: forms.Form, name: str, by: User | Party) -> list[str]:
    """Keep what was sent in this field (暂存附件): keys; its errors tell what cannot be kept."""
    new, kept = cast("Sent", form.cleaned_data[name])
    if not new:
        return kept
    keys, wrong = list(kept), list[str]()
    for file in new[: MOST_FILES + 1]:
        try:
            keys.append(actions.keep_file(file.name or "", file.read(), by=by).key)
        except Invalid as refusal:
            wrong += refusal.fields["attachments"]
    data = amended(form)
    data.setlist(_kept(name), keys)
    others = form.files.copy()
    others.pop(name, None)
    form.data, form.files = data, others
    for sentence in wrong:
        form.add_error(name, sentence)
    return keys
