"""Nothing typed is lost: drafts of staff are on the server, each person's own, until handed in."""

import json
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from hotline.drafts.models import Draft
from hotline.tasks import sweep_drafts
from tests.web.conftest import SignIn

KEY = "desk:1"
SAID = {"text": "望河花园路灯不亮", "place": "望河花园"}


def save(browser: Client, said: dict[str, str] = SAID, key: str = KEY) -> int:
    return browser.post("/drafts/", {"key": key, "said": json.dumps(said)}).status_code


def test_after_signing_in_again_the_same_words_are_there(agent: User, sign_in: SignIn) -> None:
    browser = sign_in(agent)
    assert save(browser, {"text": "望河"}) == save(browser) == 204
    browser.logout()

    assert save(browser, {"text": "没有登录"}) == 302
    again = sign_in(agent).get("/drafts/", {"key": [KEY, "other"]}).json()

    assert again == {KEY: SAID}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT said FROM {Draft._meta.db_table}")
        assert "text" not in str(cursor.fetchone())


def test_a_draft_is_nobody_else_s_and_goes_when_it_is_handed_in(
    agent: User, stranger: User, sign_in: SignIn
) -> None:
    browser, other = sign_in(agent), sign_in(stranger)
    save(browser)

    assert other.get("/drafts/", {"key": KEY}).json() == {}
    save(other, {})
    assert Draft.objects.count() == 1
    save(browser, {})
    assert not Draft.objects.exists()


def test_what_is_no_draft_is_refused(agent: User, sign_in: SignIn) -> None:
    browser = sign_in(agent)

    assert save(browser, {"text": "字" * 60_001}) == 413
    assert browser.post("/drafts/", {"key": KEY, "said": "[1]"}).status_code == 400
    assert browser.post("/drafts/", {"key": "", "said": "{}"}).status_code == 400
    assert not Draft.objects.exists()


def test_old_drafts_are_swept(agent: User, sign_in: SignIn) -> None:
    save(sign_in(agent))
    save(sign_in(agent), key="old")
    Draft.objects.filter(key="old").update(saved_at=timezone.now() - timedelta(days=8))

    assert sweep_drafts() == 1
    assert Draft.objects.get().key == KEY
