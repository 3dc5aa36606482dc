"""What every page carries, and what is shown when something is not there."""

import pytest
from django.test import Client
from pytest_django import Settings


def test_only_our_own_scripts_may_run(client: Client, db: None) -> None:
    answer = client.get("/")

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert b"<script>" not in answer.content
    assert b" style=" not in answer.content
    assert b" onclick=" not in answer.content


def test_a_missing_page_says_so_in_plain_words(
    client: Client, db: None, settings: Settings
) -> None:
    settings.DEBUG = False

    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_a_submission_without_the_protecting_cookie_is_explained(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/", {"text": "路灯坏了"})

    assert answer.status_code == 403
    assert "请返回上一页刷新后再提交" in answer.content.decode()


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "500.html"])
def test_pages_of_errors_need_nothing_to_be_drawn(name: str) -> None:
    from django.template.loader import render_to_string

    assert "回到首页" in render_to_string(name)
