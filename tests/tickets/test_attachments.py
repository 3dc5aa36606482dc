"""Files of a ticket: known by content, without their past, handed in by who sent them."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from accounts.models import User
from tests.factories import Units
from tests.tickets.steps import TEXT, accepted
from tickets import actions, policy
from tickets.errors import Invalid
from tickets.files import MOST_BYTES, MOST_FILES, checked
from tickets.models import Attachment, Entry, Source, Ticket
from tickets.workflow import Party

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF"
MAKER, ORIENTATION, ON_ITS_SIDE = 0x010F, 0x0112, 6


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """Take a photo whose camera noted its maker and how it was held."""
    image, exif, taken = Image.new("RGB", size, "green"), Image.Exif(), io.BytesIO()
    exif[MAKER], exif[ORIENTATION] = "某某相机", ON_ITS_SIDE
    image.save(taken, kind, exif=exif)
    return taken.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright_and_forgets_its_camera(kind: str) -> None:
    kept = checked("现场.jpg", photo(kind))

    image = Image.open(io.BytesIO(kept.content))
    assert image.size == (20, 40)
    assert dict(image.getexif()) == {}
    assert "某某相机".encode() not in kept.content
    assert kept.media_type == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.jpg", b"", "空文件"),
        ("大.pdf", PDF + b"0" * MOST_BYTES, "超过 20 MB"),
        ("坏.jpg", photo()[:200], "不是可以打开的照片"),
        ("假.png", b"<html><script>alert(1)</script></html>", "不是可以打开的照片"),
        ("假.pdf", b"MZ\x90\x00" + b"\0" * 300, "内容与文件类型不符"),
        ("页.html", b"<html></html>", "不能上传"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不能上传"),
        ("无名", b"abc", "不能上传"),
        ("空白.docx", b"\0", "内容与文件类型不符"),
    ],
)
def test_what_cannot_be_kept_is_said_in_plain_words(name: str, content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        checked(name, content)

    assert name in str(refused.value)


def test_a_name_is_only_a_name() -> None:
    assert checked("..\\..\\etc/合同.pdf", PDF).name == "合同.pdf"
    assert len(checked("长" * 300 + ".pdf", PDF).name) == 100


def kept(by: User | Party = Party.CITIZEN, content: bytes = PDF) -> str:
    return actions.keep_file("材料.pdf", content, by=by).key


@pytest.mark.django_db
def test_what_a_citizen_sent_comes_with_the_demand(units: Units) -> None:
    key = kept()

    ticket = actions.accept(text=TEXT, source=Source.WEB, by=Party.CITIZEN, attachments=[key, key])

    file = ticket.attachments.get()
    assert (file.stage, file.size) == ("demand", len(PDF))
    assert actions.path_of(file.digest).read_bytes() == PDF


@pytest.mark.django_db
def test_nobody_hands_in_what_another_sent_nor_twice(units: Units, agent: User) -> None:
    theirs, ticket = kept(agent), accepted()
    own = kept()
    actions.supplement(ticket, text="补一张", by=Party.CITIZEN, attachments=[own])

    for key in (theirs, own, "forged"):
        with pytest.raises(Invalid, match="已过期"):
            actions.accept(text=TEXT, source=Source.WEB, by=Party.CITIZEN, attachments=[key])

    assert Ticket.objects.count() == 1
    assert Entry.objects.get(step="supplement").extra == {"attachments": 1}


@pytest.mark.django_db
def test_too_many_at_once_are_refused_and_nothing_is_half_done(units: Units) -> None:
    keys = [kept(content=PDF + bytes([n])) for n in range(MOST_FILES + 1)]

    with pytest.raises(Invalid, match="最多上传 9 个"):
        actions.accept(text=TEXT, source=Source.WEB, by=Party.CITIZEN, attachments=keys)

    assert not Ticket.objects.exists()
    assert Attachment.objects.filter(ticket=None).count() == len(keys)


@pytest.mark.django_db
def test_the_unit_of_a_confidential_ticket_does_not_see_what_the_citizen_sent(
    units: Units, dispatcher: User, signer: User
) -> None:
    ticket = actions.accept(
        text=TEXT, source=Source.WEB, by=Party.CITIZEN, confidential=True, attachments=[kept()]
    )
    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    assert policy.files_of(dispatcher, ticket).count() == 1
    assert policy.files_of(signer, ticket).count() == 0


@pytest.mark.django_db
def test_what_was_never_handed_in_goes_after_a_day_and_nothing_else(units: Units) -> None:
    ticket = actions.accept(text=TEXT, source=Source.WEB, by=Party.CITIZEN, attachments=[kept()])
    same, other = kept(), kept(content=PDF + b"x")
    digest = Attachment.objects.get(key=other).digest

    early = actions.sweep_files(timezone.now() + timedelta(hours=23))
    late = actions.sweep_files(timezone.now() + timedelta(hours=25))

    assert (early, late) == (0, 2)
    assert not Attachment.objects.filter(key__in=[same, other]).exists()
    assert not actions.path_of(digest).exists()
    assert actions.path_of(ticket.attachments.get().digest).exists()
