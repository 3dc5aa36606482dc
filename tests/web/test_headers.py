"""What every page carries, and what is shown when something is not there."""

import json

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from accounts.models import User
from hotline.web import lost
from tests.web.conftest import SignIn


def test_only_our_own_scripts_may_run(client: Client, db: None) -> None:
    answer = client.get("/")

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert b"<script>" not in answer.content
    assert b" style=" not in answer.content
    assert b" onclick=" not in answer.content


def test_pages_are_never_kept_and_files_of_the_design_are(
    client: Client, signer: User, sign_in: SignIn
) -> None:
    browser = sign_in(signer)

    assert client.get("/")["Cache-Control"] == "no-store"
    assert browser.get("/worklist/")["Cache-Control"] == "no-store"
    assert client.get("/nowhere/")["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/hotline/base.css").get("Cache-Control", "")


def test_a_missing_page_says_so_in_plain_words(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_no_deployment_shows_its_insides_on_a_fault() -> None:
    assert not settings.DEBUG


def test_a_program_gets_a_problem_document_where_there_is_nothing(client: Client, db: None) -> None:
    answer = client.get("/api/v1/nowhere/")

    assert answer.status_code == answer.json()["status"] == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_forged_host_is_refused_in_plain_words(client: Client, db: None) -> None:
    answer = client.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "请返回上一页" in answer.content.decode()


def test_a_fault_is_told_to_people_and_programs_alike(client: Client, db: None) -> None:
    page, program = (lost.fault(RequestFactory().get(url)) for url in ("/", "/api/v1/assist/"))

    assert page.status_code == program.status_code == 500
    assert "已经记录下来" in page.content.decode()
    assert "已经记录下来" in json.loads(program.content)["title"]


def test_a_submission_without_the_protecting_cookie_is_explained(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/", {"text": "路灯坏了"})

    assert answer.status_code == 403
    assert "请返回上一页刷新后再提交" in answer.content.decode()


def test_who_is_signed_in_is_led_back_to_the_work_from_a_missing_page(
    signer: User, sign_in: SignIn, client: Client
) -> None:
    assert "回到我的工作台" in sign_in(signer).get("/nowhere/").content.decode()
    assert "回到首页" in client.get("/nowhere/").content.decode()


@pytest.mark.parametrize("name", ["400.html", "404.html", "403.html", "403_csrf.html", "500.html"])
def test_pages_of_errors_need_nothing_to_be_drawn(name: str) -> None:
    from django.template.loader import render_to_string

    assert "回到首页" in render_to_string(name)


def test_the_administrator_s_tables_lead_back_to_the_work(admin: User, sign_in: SignIn) -> None:
    page = sign_in(admin).get("/admin/").content.decode()

    assert "12345 热线系统管理" in page
    assert 'href="/home/"' in page
    assert "Django" not in page
