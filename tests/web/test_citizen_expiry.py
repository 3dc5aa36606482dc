"""An address that opened a ticket closes after a day."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from hotline.web.citizen.tokens import token_of
from tickets.models import Ticket


@pytest.mark.parametrize("address", ["/received/{}/", "/progress/{}/"])
def test_an_old_address_asks_for_number_and_code_again(
    address: str, client: Client, accepted: Ticket
) -> None:
    token = token_of(accepted)

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        answer = client.get(address.format(token))

    assert answer["Location"] == "/progress/"


def test_what_is_sent_to_an_old_address_is_not_done(client: Client, accepted: Ticket) -> None:
    token = token_of(accepted)

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        answer = client.post(f"/progress/{token}/urge/", follow=True)

    accepted.refresh_from_db()
    assert "页面已过期" in answer.content.decode()
    assert accepted.urge_count == 0
