"""Files in the browser: sent with a form, kept when it comes back, opened by who may."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from hotline.web.citizen.tokens import token_of
from outbox import bus
from tests.tickets.test_attachments import PDF, photo
from tests.web.conftest import SignIn, spoken
from tickets import actions
from tickets.files import MOST_BYTES
from tickets.models import Attachment, Reply, Ticket

TEXT = "望河花园的路灯坏了三天，晚上看不清路。"


def paper(name: str = "合同.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("现场.jpg", photo())


def told(**fields: Any) -> Any:
    return Client().post("/", {"text": TEXT, **fields})


@pytest.mark.django_db
def test_a_citizen_sends_photos_and_sees_them_again() -> None:
    told(attachments=[picture(), paper()])

    ticket = Ticket.objects.get()
    address = f"/progress/{token_of(ticket)}/"
    page = Client().get(address).content.decode()
    for file in ticket.attachments.all():
        assert f"{address}files/{file.key}/" in page
        assert Client().get(f"{address}files/{file.key}/").status_code == 200
    assert Client().get(f"{address}files/forged/").status_code == 404


@pytest.mark.django_db
def test_a_form_that_comes_back_has_lost_no_file() -> None:
    page = told(phone="123", attachments=[picture()]).content.decode()
    key = Attachment.objects.get().key

    told(attachments_kept=[key])

    assert f'value="{key}"' in page
    assert "现场.jpg" in page
    assert Ticket.objects.get().attachments.get().key == key


@pytest.mark.django_db
def test_one_bad_file_is_named_and_the_good_one_waits() -> None:
    answer = told(attachments=[picture(), paper("坏.pdf", b"MZ" * 99)])

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "“坏.pdf”的内容与文件类型不符" in page
    assert Attachment.objects.get().name == "现场.jpg"
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_a_huge_file_is_read_no_further_than_to_refuse_it() -> None:
    page = told(attachments=[paper("录像.mp4", b"0" * (MOST_BYTES + 3_000_000))]).content.decode()

    assert "“录像.mp4”超过 20 MB" in page


@pytest.mark.django_db
def test_a_file_is_shown_and_never_run(signed: Ticket, handler: User, sign_in: SignIn) -> None:
    browser = sign_in(handler)
    browser.post(
        f"/tickets/{signed.number}/reply/",
        {
            "text": "您好，路灯已于今日修复，感谢您的监督。",
            "result": "solved",
            "attachments": [picture(), paper()],
            "proofs": [paper("通话.pdf", PDF + b" ")],
        }
        | spoken(),
    )

    page = browser.get(f"/tickets/{signed.number}/").content.decode()
    files = {file.name: file for file in signed.attachments.all()}
    answer = browser.get(f"/tickets/{signed.number}/files/{files['合同.pdf'].key}/")
    assert Reply.objects.count() == 1
    assert [files[name].stage for name in ("现场.jpg", "合同.pdf", "通话.pdf")] == [
        "handling",
        "handling",
        "contact",
    ]
    assert "附件 3 个" in page
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/pdf"


@pytest.mark.django_db
def test_a_stranger_opens_nothing(
    signed: Ticket, handler: User, stranger: User, sign_in: SignIn
) -> None:
    sign_in(handler).post(
        f"/tickets/{signed.number}/supplement/", {"text": "照片", "attachments": [picture()]}
    )
    file = Attachment.objects.get()

    for browser, status in ((sign_in(stranger), 404), (Client(), 302)):
        assert browser.get(f"/tickets/{signed.number}/files/{file.key}/").status_code == status
    citizen = f"/progress/{token_of(signed)}/files/{file.key}/"
    assert Client().get(citizen).status_code == 404


@pytest.mark.django_db
def test_a_late_form_keeps_its_files_for_the_second_try(
    signed: Ticket, handler: User, auditor: User, sign_in: SignIn
) -> None:
    browser = sign_in(handler)
    said = {"text": "您好，路灯已于今日修复，感谢您的监督。", "result": "solved"} | spoken()

    page = browser.post(
        f"/tickets/{signed.number}/reply/",
        said | {"version": signed.version - 1, "attachments": [picture()]},
    )

    key = Attachment.objects.get().key
    assert page.status_code == 409
    assert f'value="{key}"' in page.content.decode()


@pytest.mark.django_db
def test_who_dispatches_and_who_reviews_sees_the_photos(
    signed: Ticket,
    handler: User,
    auditor: User,
    dispatcher: User,
    reviewer: User,
    sign_in: SignIn,
) -> None:
    told(attachments=[picture()])
    waiting = Ticket.objects.exclude(pk=signed.pk).get()
    bus.drain_all()
    key = actions.keep_file("修好了.jpg", photo(), by=handler).key
    actions.reply(signed, text=TEXT, result="solved", contacted=True, attachments=[key], by=handler)
    actions.release(signed, by=auditor)

    dispatching = sign_in(dispatcher).get(f"/dispatch/?number={waiting.number}").content.decode()
    reviewing = sign_in(reviewer).get(f"/review/?number={signed.number}").content.decode()

    assert f"/tickets/{waiting.number}/files/{waiting.attachments.get().key}/" in dispatching
    assert f"/tickets/{signed.number}/files/{key}/" in reviewing
