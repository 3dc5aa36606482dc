"""The JSON API as other systems call it."""

import json
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from accounts.models import User
from city.models import Parameter
from city.selectors import number
from tests.factories import Units
from tickets import actions
from tickets.models import Ticket

URL = "/api/v1/requests/"
BODY = {"text": "柳林社区路灯不亮，晚上很黑，请修一下。", "phone": "13812345678", "name": "李梅"}


def send(client: Client, body: Any, **headers: str) -> Any:
    return client.post(URL, json.dumps(body), content_type="application/json", headers=headers)


def test_a_request_gets_its_number_and_code(client: Client, units: Units) -> None:
    answer = send(client, BODY)

    assert answer.status_code == 201
    assert set(answer.json()) == {"number", "query_code", "status", "status_label", "submitted_at"}
    assert answer.json()["status_label"] == "待预审"


def test_the_progress_is_shown_to_who_has_the_code(
    client: Client, units: Units, dispatcher: User
) -> None:
    receipt = send(client, BODY).json()
    actions.dispatch(Ticket.objects.get(), to=units.housing, by=dispatcher)

    answer = client.get(f"{URL}{receipt['number']}/", {"code": receipt["query_code"]})

    seen = answer.json()
    assert seen["department"] == units.housing.name
    assert [s["label"] for s in seen["timeline"]] == ["诉求已受理", "已派往承办单位"]
    assert set(seen) == {
        *("number", "status", "status_label", "department", "due_on", "timeline", "reply"),
    }


@pytest.mark.parametrize("code", ["", "AAAAAAAA"])
def test_a_wrong_code_and_an_unknown_number_answer_alike(
    client: Client, units: Units, code: str
) -> None:
    number = send(client, BODY).json()["number"]

    wrong = client.get(f"{URL}{number}/", {"code": code})
    unknown = client.get(f"{URL}{'9' * 21}/", {"code": "AAAAAAAA"})

    assert wrong.status_code == unknown.status_code == 404
    assert wrong.json() == unknown.json()
    assert wrong.headers["Content-Type"] == "application/problem+json"


def test_a_repeat_under_the_same_key_answers_the_same(client: Client, units: Units) -> None:
    first = send(client, BODY, **{"Idempotency-Key": "k1"})
    again = send(client, BODY, **{"Idempotency-Key": "k1"})

    assert (again.status_code, again.json()) == (201, first.json())
    assert Ticket.objects.count() == 1


def test_another_body_under_the_same_key_is_a_conflict(client: Client, units: Units) -> None:
    send(client, BODY, **{"Idempotency-Key": "k1"})

    answer = send(client, BODY | {"text": "另一件事"}, **{"Idempotency-Key": "k1"})

    assert answer.status_code == 409
    assert answer.json()["status"] == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "长" * 10_001}, "text"),
        ({"text": None}, "text"),
        ({"text": "路灯\x00坏了"}, "text"),
        ({"phone": "12"}, "phone"),
        ({"kind": "gossip"}, "kind"),
        ({"region": "123456"}, "region"),
        ({"confidential": "perhaps"}, "confidential"),
    ],
)
def test_what_is_wrong_is_said_field_by_field(
    client: Client, units: Units, change: dict[str, Any], field: str
) -> None:
    answer = send(client, BODY | change)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"', '{"text": "坏"}'.encode("gbk")])
def test_a_body_that_cannot_be_read_is_a_clear_error(
    client: Client, units: Units, body: bytes
) -> None:
    answer = client.post(URL, body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_emoji_and_script_are_kept_as_they_are(client: Client, units: Units) -> None:
    text = "<script>alert(1)</script>😡😡路灯坏了"

    send(client, {"text": text})

    assert Ticket.objects.get().text == text


def test_a_repeat_is_answered_alike_when_the_ticket_has_moved_on(
    client: Client, units: Units, dispatcher: User
) -> None:
    first = send(client, BODY, **{"idempotency-key": "k1"})
    actions.dispatch(Ticket.objects.get(), to=units.housing, by=dispatcher)

    again = send(client, BODY, **{"idempotency-key": "k1"})

    assert (again.status_code, again.json()) == (201, first.json())


def test_a_phone_is_limited_by_the_day_and_told_so(client: Client, units: Units) -> None:
    most = number(Parameter.Name.PER_PHONE_A_DAY)
    for n in range(most):
        send(client, BODY | {"text": f"第{n}件事情"})

    answer = send(client, BODY | {"text": "还有一件"})

    assert answer.status_code == answer.json()["status"] == 429
    assert "明天" in answer.json()["errors"]["phone"][0]


def test_the_schema_is_valid_openapi(client: Client, db: None) -> None:
    answer = client.get("/api/v1/schema/", headers={"accept": "application/json"})

    validate_schema(answer.json())  # type: ignore[no-untyped-call]  # it has no types


def test_the_schema_names_what_the_contract_names(client: Client, db: None) -> None:
    schema = client.get("/api/v1/schema/", headers={"accept": "application/json"})

    assert schema.status_code == 200
    for part in ("/api/v1/requests/", "Idempotency-Key", "query_code"):
        assert part in schema.content.decode()


@pytest.fixture
def few(settings: Any) -> None:
    settings.INTAKE_PER_IP = "2/min"


def test_an_address_is_limited_only_where_the_deployment_says_so(
    client: Client, units: Units, few: None
) -> None:
    codes = [send(client, {"text": f"第{n}件事情"}).status_code for n in range(3)]

    assert codes == [201, 201, 429]
