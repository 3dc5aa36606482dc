"""A page that only shows something asks for the state of the reference data once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from city.memo import steady

READS = frozenset({"GET", "HEAD"})


def one_state(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Show a page from one state of matters, places, calendar and limits (基础数据)."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            return get_response(request)
        with steady():
            return get_response(request)

    return respond
