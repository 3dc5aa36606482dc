"""The unit's forms before a reply, and who reads what was written there."""

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from hotline.calls import actions as calls
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


def test_a_call_of_one_s_own_to_the_citizen_proves_the_contact_and_nobody_else_s_does(
    signed: Ticket, handler: User, agent: User, sign_in: SignIn
) -> None:
    User.objects.filter(pk=handler.pk).update(agent_no="8801")
    begun = timezone.now()
    mine, others = (
        calls.receive(
            [
                event(name, 1, "call.started", begun, direction="outbound", to=signed.phone),
                event(name, 2, "call.answered", begun, agent=number),
                event(name, 3, "call.agent_released", begun, talk_ms=84_000),
                event(name, 4, "call.ended", begun, outcome="answered"),
            ]
        )[0]
        for name, number in (("own", "8801"), ("other", agent.agent_no))
    )
    browser, here = sign_in(handler), f"/tickets/{signed.number}/"

    form = browser.get(f"{here}contact/").content.decode()
    said = {"outcome": "reached", "means": "sms", "person": "李梅"}
    wrong = browser.post(f"{here}contact/", said | {"call": others.pk})
    browser.post(f"{here}contact/", said | {"call": mine.pk})

    row = ContactAttempt.objects.get()
    assert "84 秒" in form
    assert wrong.status_code == 400
    assert (row.call_id, row.means, row.spoken_at) == (mine.pk, "phone", mine.answered_at)
    assert (row.phone, row.proven) == (signed.phone, True)
    assert "有通话记录" in browser.get(here).content.decode()


def event(call: str, seq: int, kind: str, at: datetime, **data: object) -> dict[str, object]:
    """Say what a telephone system says."""
    told = {"event_id": f"{call}-{seq}", "type": kind, "occurred_at": at.isoformat()}
    return told | {"source": "pbx", "call_id": call, "seq": seq, "data": data}


def test_the_page_shows_each_contact_with_its_proof_and_the_number_masked(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    browser, here = sign_in(handler), f"/tickets/{signed.number}/"
    said = {"outcome": "reached", "means": "phone", "person": "李梅"}
    said |= {"contact_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}

    browser.post(f"{here}contact/", said)
    bare = browser.get(here).content.decode()
    proof = SimpleUploadedFile("通话.jpg", photo(), "image/jpeg")
    browser.post(f"{here}contact/", said | {"proofs": [proof]})
    page = browser.get(here).content.decode()

    listed = page.partition("<h2>联系诉求人</h2>")[2].partition("</section>")[0]
    assert "无凭证" in bare
    assert signed.attachments.get().key in listed
    assert f"{signed.phone[:3]}****{signed.phone[-4:]}" in listed
    assert signed.phone not in page


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


def test_the_reply_form_asks_what_is_needed_first_and_folds_the_rest(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    page = sign_in(handler).get(f"/tickets/{signed.number}/reply/").content.decode()

    form = page.partition('action="/tickets/')[2].partition("</form>")[0]
    open_part, _, folded = form.partition('<details class="rest"')

    for name in ("text", "result", "attachments", "contacted", "contact_at", "proofs"):
        assert f'name="{name}"' in open_part
    for name in ("facts", "internal"):
        assert f'name="{name}"' in folded
    order = [open_part.index(f'name="{name}"') for name in ("text", "result", "contacted")]
    assert order == sorted(order)


def test_once_the_contact_is_recorded_the_reply_asks_only_for_words_and_result(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    actions.contact(signed, spoken=actions.Spoken(timezone.now()), by=handler)

    page = sign_in(handler).get(f"/tickets/{signed.number}/reply/").content.decode()

    assert 'class="group contacting"' not in page
    assert 'name="contact_note"' in page.partition('<details class="rest"')[2]


def test_without_javascript_a_template_goes_into_the_words_and_no_file_is_lost(
    signed: Ticket, auditor: User, handler: User, sign_in: SignIn
) -> None:
    row = actions.save_template(
        None, name="路灯", text="您好：{核查经过}", department=signed.lead, by=auditor
    )
    browser, here = sign_in(handler), f"/tickets/{signed.number}/"
    sent = SimpleUploadedFile("现场.jpg", photo(), "image/jpeg")
    broken = SimpleUploadedFile("坏的.jpg", b"no picture", "image/jpeg")
    typed = {"template": row.pk, "text": "先写的话", "internal": "内部", "result": "solved"}

    put = browser.post(f"{here}wording/", typed | {"attachments": sent, "proofs": broken})
    page = put.content.decode()
    key = page.partition('name="attachments_kept"')[2].partition('value="')[2].partition('"')[0]
    said = {"text": ANSWER, "result": "solved", "attachments_kept": key} | spoken()
    browser.post(f"{here}reply/", said)

    assert "先写的话\n\n您好：{核查经过}" in page
    assert "内部" in page
    assert "坏的.jpg" in page
    assert "现场.jpg" in page
    assert [file.name for file in signed.attachments.all()] == ["现场.jpg"]
