"""The entrance: signing in, out, and back to where one was."""

import pytest
from django.test import Client

from accounts import actions
from accounts.models import Role, User


@pytest.fixture
def wang(db: None) -> User:
    return actions.create_user(
        "wang", name="王工", password="right-12345", posts=[(Role.DISPATCHER, None)]
    )


def test_a_page_asks_for_signing_in_and_leads_back(client: Client, wang: User) -> None:
    asked = client.get("/home/?list=mine")
    address = asked["Location"]

    page = client.get(address)
    signed = client.post(
        address, {"username": "wang", "password": "right-12345", "next": "/home/?list=mine"}
    )

    assert asked.status_code == 302
    assert "登录后回到刚才的页面" in page.content.decode()
    assert signed["Location"] == "/home/?list=mine"


def test_a_wrong_password_says_what_to_do_and_keeps_the_name(client: Client, wang: User) -> None:
    page = client.post("/sign-in/", {"username": "wang", "password": "wrong"})

    text = page.content.decode()
    assert "用户名或密码不对" in text
    assert 'value="wang"' in text


def test_signing_in_never_leads_to_another_site(client: Client, wang: User) -> None:
    signed = client.post(
        "/sign-in/",
        {"username": "wang", "password": "right-12345", "next": "https://elsewhere.example/"},
    )

    assert "elsewhere" not in signed["Location"]


def test_signing_out_ends_the_session(client: Client, wang: User) -> None:
    client.force_login(wang)

    client.post("/sign-out/")

    assert client.get("/home/").status_code == 302
    assert client.get("/home/")["Location"].startswith("/sign-in/")


def test_a_fragment_of_a_lost_session_reloads_its_page(client: Client, db: None) -> None:
    answer = client.get("/home/rail/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer["HX-Refresh"] == "true"


def test_an_editor_begins_with_the_articles(client: Client, editor: User) -> None:
    client.force_login(editor)

    assert client.get("/home/")["Location"] == "/editing/"
