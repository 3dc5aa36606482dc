"""The token of the reference data: new with every change, once for many that are held together."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from city import actions
from city.memo import revision, steady
from hotline.web.steadiness import one_state

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
        assert revision() == before
        actions.mark_changed()
        assert revision() == before

    assert revision() != before


def test_a_page_that_only_shows_asks_once_and_one_that_writes_sees_each_change(
    rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.mark_changed()

    def look(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{revision()} {revision()}")

    for method, asked in (("get", 1), ("post", 2)):
        with django_assert_num_queries(asked):
            one_state(look)(getattr(rf, method)("/"))
