"""Replies where people judge them: the checks with their words, the versions with what changed."""

from accounts.models import User
from tests.factories import Units
from tests.web.conftest import ANSWER, SignIn
from tickets import actions
from tickets.models import Entry, Reply, Ticket

SHIFTED = "您好，路灯的事不归我们管，请自行联系电力公司。"


def test_who_writes_a_reply_sees_what_the_checks_say(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    browser = sign_in(handler)
    page = browser.get(f"/tickets/{signed.number}/").content.decode()
    address = f"/tickets/{signed.number}/examine/"

    said = browser.post(address, {"text": SHIFTED}).content.decode()

    assert f'hx-post="{address}"' in page
    assert "质检：建议退回" in said
    assert "推诿表述" in said
    assert browser.post(address, {"text": " "}).content.decode().strip() == ""


def test_a_stranger_learns_nothing_by_having_a_text_checked(
    signed: Ticket, stranger: User, sign_in: SignIn
) -> None:
    answer = sign_in(stranger).post(f"/tickets/{signed.number}/examine/", {"text": ANSWER})

    assert answer.status_code == 404


def test_the_reviewer_sees_the_words_marked_and_the_grave_defects_chosen(
    signed: Ticket, handler: User, auditor: User, reviewer: User, sign_in: SignIn
) -> None:
    actions.reply(signed, text=SHIFTED, result="explained", contacted=True, by=handler)
    actions.release(signed, by=auditor)

    page = sign_in(reviewer).get("/review/").content.decode()

    assert '<mark class="flaw" title="推诿表述">不归我们管</mark>' in page
    assert 'value="shifting" id="id_send_reply_back_defects_4" checked' in page


def test_defects_enter_the_history_and_the_story(
    released: Ticket, reviewer: User, sign_in: SignIn
) -> None:
    browser = sign_in(reviewer)

    browser.post(
        f"/tickets/{released.number}/send_reply_back/",
        {"note": "请写明依据", "defects": ["unsourced", "incomplete"]},
    )

    entry = Entry.objects.get(step="send_reply_back")
    page = browser.get(f"/tickets/{released.number}/").content.decode()
    assert entry.extra["defects"] == ["unsourced", "incomplete"]
    assert "政策引用不可溯、规范要素缺失" in page


def test_a_defect_that_is_none_is_refused(
    released: Ticket, reviewer: User, sign_in: SignIn
) -> None:
    answer = sign_in(reviewer).post(
        f"/tickets/{released.number}/send_reply_back/", {"note": "不好", "defects": ["ugly"]}
    )

    assert answer.status_code == 400
    assert not Entry.objects.filter(step="send_reply_back").exists()


def test_a_rewrite_shows_what_changed_since_the_version_before(
    released: Ticket, handler: User, reviewer: User, sign_in: SignIn
) -> None:
    actions.send_reply_back(released, note="请写明时间", by=reviewer)
    actions.reply(
        released,
        text=ANSWER.replace("今日", "十一月三日"),
        result="solved",
        contacted=True,
        by=handler,
    )

    page = sign_in(handler).get(f"/tickets/{released.number}/").content.decode()

    assert "与第 1 版的差异" in page
    assert "<del>路灯已于今日修复，</del><ins>路灯已于十一月三日修复，</ins>" in page


def test_what_the_hotline_accepted_is_not_judged_again(
    reviewed: Ticket, handler: User, units: Units, sign_in: SignIn
) -> None:
    assert Reply.objects.get().accepted_at

    page = sign_in(handler).get(f"/tickets/{reviewed.number}/").content.decode()

    assert "质检：" not in page
