"""One message, several matters: a ticket each, linked, followed up one by one, joined again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from outbox.bus import drain_all
from tests.factories import Units
from tests.tickets.steps import NOTE, accepted
from tickets import actions, errors, policy, selectors
from tickets.actions import Matter
from tickets.assessment.board import board
from tickets.models import Source, Ticket
from tickets.workflow import STEPS, Party, Status

BOTH = "望河花园楼道灯坏了；另外我的社保卡补办了一个月还没拿到。"
LAMP, CARD = "望河花园楼道灯坏了。", "社保卡补办了一个月还没拿到。"


@pytest.fixture
def whole(units: Units) -> Ticket:
    kept = actions.keep_file("灯.pdf", b"%PDF-1.4\n%%EOF\n", by=Party.CITIZEN)
    return actions.accept(
        text=BOTH,
        source=Source.WEB,
        by=Party.CITIZEN,
        phone="13812345678",
        name="王小明",
        accepted_at=timezone.now() - timedelta(hours=2),
        attachments=[kept.key],
    )


@pytest.fixture
def parts(whole: Ticket, reviewer: User) -> list[Ticket]:
    actions.split(whole, parts=[Matter(LAMP), Matter(""), Matter(CARD)], by=reviewer)
    return selectors.parts_of(whole)


def test_each_matter_gets_a_ticket_and_the_message_stays_as_it_was(
    whole: Ticket, parts: list[Ticket], reviewer: User
) -> None:
    assert (whole.status, whole.text) == (Status.SPLIT, BOTH)
    assert [part.text for part in parts] == [LAMP, CARD]
    for part in parts:
        assert (part.name, part.phone, part.wants_callback) == ("王小明", "13812345678", True)
        assert part.accepted_at == whole.accepted_at
        assert selectors.original_words(part) == BOTH
        assert part.attachments.get().digest == whole.attachments.get().digest
    assert {row.pk for row in selectors.linked_to(parts[0], reviewer)} == {whole.pk, parts[1].pk}


def test_the_parts_are_matched_by_themselves_and_counted_for_what_they_are(
    parts: list[Ticket], supervisor: User
) -> None:
    drain_all()

    assert board(supervisor, timezone.now()).today == len(parts)
    for part in parts:
        part.refresh_from_db()
        assert part.routing
        assert part.status != Status.PENDING_REVIEW


def test_a_unit_sees_its_part_with_the_whole_words_but_not_the_other_part(
    parts: list[Ticket], units: Units, dispatcher: User, handler: User
) -> None:
    actions.dispatch(parts[0], to=units.housing, by=dispatcher)

    assert list(policy.visible_to(handler)) == [parts[0]]
    assert selectors.linked_to(parts[0], handler) == []


def test_the_parts_are_joined_again_while_none_is_under_way(
    whole: Ticket, parts: list[Ticket], dispatcher: User
) -> None:
    actions.unsplit(whole, note="其实是一件事", by=dispatcher)

    assert (whole.status, whole.closed_at) == (Status.PENDING_DISPATCH, None)
    assert selectors.parts_of(whole) == []
    assert set(whole.parts.values_list("status", flat=True)) == {Status.INVALID}


def test_a_part_that_was_dispatched_keeps_the_others_apart(
    whole: Ticket, parts: list[Ticket], units: Units, dispatcher: User
) -> None:
    assert policy.may(dispatcher, STEPS["unsplit"], whole)
    actions.dispatch(parts[0], to=units.housing, by=dispatcher)

    with pytest.raises(errors.WrongState, match="派出"):
        actions.unsplit(whole, note=NOTE, by=dispatcher)

    assert not policy.may(dispatcher, STEPS["unsplit"], whole)
    assert {part.status for part in selectors.parts_of(whole)} & {Status.PENDING_SIGN}


def test_one_matter_is_no_split_and_a_stranger_splits_nothing(
    whole: Ticket, reviewer: User, stranger: User
) -> None:
    with pytest.raises(errors.Invalid, match="两件事"):
        actions.split(whole, parts=[Matter(LAMP), Matter("  ")], by=reviewer)
    with pytest.raises(errors.Invalid, match="每件最多"):
        actions.split(whole, parts=[Matter(LAMP), Matter("灯" * 10_001)], by=reviewer)
    with pytest.raises(errors.NotAllowed):
        actions.split(whole, parts=[Matter(LAMP), Matter(CARD)], by=stranger)

    assert Ticket.objects.get() == whole


def test_each_part_is_withdrawn_by_itself(whole: Ticket, parts: list[Ticket]) -> None:
    actions.withdraw(parts[0], reason="灯已修好", by=Party.CITIZEN)

    assert [part.status for part in selectors.parts_of(whole)] == [
        Status.WITHDRAWN,
        Status.PENDING_REVIEW,
    ]
    assert accepted().split_from is None
