"""A citizen tells the hotline what happened, with nothing but plain HTML."""

import re

import pytest
from django.test import Client

from tests.factories import Town
from tickets.models import Ticket
from tickets.numbers import query_code

WORDS = "望河花园 3 号楼的路灯坏了三天，晚上很黑，老人摔倒过。请尽快修好。"


@pytest.fixture
def filled(client: Client, town: Town) -> dict[str, str]:
    """The form as a browser without JavaScript would send it."""
    page = client.get("/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    return {
        "text": WORDS,
        "place": "望河花园",
        "phone": "138 1234 5678",
        "wants_callback": "on",
        "token": token[1],
    }


def test_telling_gives_a_number_and_a_query_code(client: Client, filled: dict[str, str]) -> None:
    answer = client.post("/", filled, follow=True)

    ticket = Ticket.objects.get()
    text = answer.content.decode()
    assert ticket.text == WORDS
    assert ticket.phone == "13812345678"
    assert ticket.number in text
    assert query_code(ticket.number) in text
    assert "<svg" in text


def test_the_same_form_sent_twice_makes_one_ticket(client: Client, filled: dict[str, str]) -> None:
    first = client.post("/", filled, follow=True)
    second = client.post("/", filled, follow=True)

    number = Ticket.objects.get().number
    assert number in first.content.decode()
    assert number in second.content.decode()


def test_going_back_and_changing_the_words_asks_before_making_another(
    client: Client, filled: dict[str, str]
) -> None:
    client.post("/", filled)

    asked = client.post("/", filled | {"text": "另一件事：井盖丢了。"})
    text = asked.content.decode()
    token = re.search(r'name="token" value="([^"]+)"', text)
    assert token
    again = client.post("/", filled | {"text": "另一件事：井盖丢了。", "token": token[1]})

    assert asked.status_code == 400
    assert "刚才的内容已经提交过了" in text
    assert "另一件事：井盖丢了。" in text
    assert again.status_code == 302
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", "", "请写明您要反映的事情。"),
        ("text", " \n ", "请写明您要反映的事情。"),
        ("text", "长" * 10_001, "内容最多 10000 字"),
        ("phone", "138", "手机号码应为 11 位数字"),
        ("region", "999999", "选择"),
        ("kind", "forged", "forged"),
    ],
)
def test_bad_input_is_explained_and_what_was_typed_stays(
    client: Client, filled: dict[str, str], field: str, value: str, said: str
) -> None:
    answer = client.post("/", filled | {"name": "王女士"} | {field: value})

    text = answer.content.decode()
    assert answer.status_code == 400
    assert said in text
    assert 'value="王女士"' in text
    assert not Ticket.objects.exists()


def test_script_in_the_words_is_shown_as_words(client: Client, filled: dict[str, str]) -> None:
    answer = client.post("/", filled | {"text": "<script>alert(1)</script>"}, follow=True)

    text = answer.content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_too_many_demands_of_one_number_are_refused_in_plain_words(
    client: Client, filled: dict[str, str]
) -> None:
    for at in range(10):
        client.post("/", filled | {"text": f"第 {at} 件事", "token": f"t{at}"})

    answer = client.post("/", filled | {"token": "t-last"})

    assert answer.status_code == 400
    assert "今天已提交 10 件诉求" in answer.content.decode()


def test_a_forged_receipt_shows_nothing(client: Client, filled: dict[str, str]) -> None:
    client.post("/", filled)

    assert client.get("/received/forged:1:abc/").status_code == 404


def test_large_type_stays_switched_on(client: Client, town: Town) -> None:
    switched = client.post("/elder/", {"next": "/progress/"})

    assert switched["Location"] == "/progress/"
    assert 'class="elder"' in client.get("/").content.decode()
    client.post("/elder/")
    assert 'class="elder"' not in client.get("/").content.decode()
