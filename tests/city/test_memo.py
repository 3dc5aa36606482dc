"""The token of the reference data: new with every change, once for many that are held together."""

import pytest

from city import actions
from city.memo import revision, steady

pytestmark = pytest.mark.django_db


def test_many_changes_held_together_give_one_new_token() -> None:
    actions.mark_changed()
    before = revision()

    with actions.one_change():
        actions.mark_changed()
        actions.mark_changed()
        assert revision() == before

    assert revision() != before


def test_a_batch_sees_one_state_of_the_data() -> None:
    actions.mark_changed()
    before = revision()

    with steady():
        actions.mark_changed()
        assert revision() == before

    assert revision() != before
