"""The unit's forms before a reply, and who reads what was written there."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import Units
from tests.tickets.test_attachments import photo
from tests.web.conftest import ANSWER, MakeTicket, SignIn, spoken
from tickets import actions
from tickets.models import ContactAttempt, Handling, Reply, Ticket
from tickets.numbers import query_code

SECRET = "已约谈物业负责人老周，费用由其垫付"
RECORD = {"grounded": "partly", "findings": "只有两盏不亮", "account": SECRET, "result": "solved"}


def test_what_a_unit_finds_and_whom_it_spoke_to_stands_on_the_page_and_in_the_reply(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    browser, here = sign_in(handler), f"/tickets/{signed.number}/"
    spoke = {
        "outcome": "reached",
        "means": "phone",
        "person": "李梅",
        "phone": "13912345678",
        "contact_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
    }

    browser.post(f"{here}record/", RECORD)
    browser.post(f"{here}contact/", spoke)

    page = browser.get(here).content.decode()
    form = browser.get(f"{here}reply/").content.decode()
    assert Handling.objects.get().account == SECRET
    assert "部分属实：只有两盏不亮" in page
    assert "登记了诉求是否属实、核查情况、办理结果、办理经过" in page
    assert "139****5678" in page
    assert "李*" in page
    assert "13912345678" not in page
    assert SECRET in form
    assert 'name="contact_at"' not in form
    assert browser.post(f"{here}reply/", {"text": ANSWER, "result": "solved"}).status_code == 302
    assert Reply.objects.get().contacted


def test_on_a_phone_the_reply_form_has_a_camera_whose_photo_comes_with_the_other_files(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    browser, here = sign_in(handler), f"/tickets/{signed.number}/reply/"

    page = browser.get(here).content.decode()
    said = {"text": ANSWER, "result": "solved"} | spoken()
    photos = [SimpleUploadedFile(f"{n}.jpg", photo(), "image/jpeg") for n in "ab"]
    browser.post(here, said | {"attachments": photos})

    assert page.count('capture="environment"') == 1
    assert page.index('name="text"') < page.index(f"examined-{signed.number}")
    assert page.index(f'id="examined-{signed.number}"') < page.index('name="internal"')
    assert [file.stage for file in signed.attachments.all()] == ["handling", "handling"]


def test_a_contact_without_time_or_person_comes_back_with_what_is_missing(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    told = {"text": ANSWER, "result": "solved", "contacted": "on", "contact_person": " "}

    answer = sign_in(handler).post(f"/tickets/{signed.number}/reply/", told)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "已联系的，请填写联系时间。" in page
    assert "已联系的，请填写联系人。" in page
    assert not ContactAttempt.objects.exists()


def test_what_is_internal_never_leaves_the_staff(
    make_ticket: MakeTicket,
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
    stranger: User,
    sign_in: SignIn,
) -> None:
    signed = make_ticket(name="李梅", public=True)
    actions.dispatch(signed, to=units.housing, by=dispatcher)
    actions.sign(signed, by=signer)
    browser = sign_in(handler)
    browser.post(f"/tickets/{signed.number}/record/", RECORD)
    said = {"text": ANSWER, "result": "solved", "internal": SECRET, "facts": "只有两盏不亮"}
    said |= {"may_publish": "on", "public_text": "路灯线路已经更换，李梅电话13812345678"}
    browser.post(f"/tickets/{signed.number}/reply/", said | spoken())
    actions.release(Ticket.objects.get(), by=auditor)
    queue = sign_in(reviewer).get("/review/").content.decode()
    sign_in(reviewer).post(f"/tickets/{signed.number}/review/", {"publish": "on"})
    citizen = Client()
    asked = {"number": signed.number, "code": query_code(signed.number)}
    way = str(citizen.post("/progress/", asked)["Location"])

    assert "李*电话138****5678" in queue
    public = citizen.get(f"/replies/{Reply.objects.get().pk}/").content.decode()
    assert "路灯线路已经更换" in public
    assert SECRET not in public
    assert "13812345678" not in public
    assert SECRET in browser.get(f"/tickets/{signed.number}/").content.decode()
    progress = citizen.get(way).content.decode()
    assert ANSWER in progress
    for word in (SECRET, "路灯线路已经更换", "只有两盏不亮", "李女士", "李*"):
        assert word not in progress
    assert sign_in(stranger).get(f"/tickets/{signed.number}/").status_code == 404
