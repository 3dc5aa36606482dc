"""What is answered where nothing else is: unknown addresses, bad requests, faults; in plain words.

Programs get problem documents under `/api/`, people a page.
"""

import json
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

API = "/api/"
PROBLEM = "application/problem+json"
TITLES = {
    HTTPStatus.BAD_REQUEST: "请求内容有误",
    HTTPStatus.NOT_FOUND: "没有这个地址",
    HTTPStatus.INTERNAL_SERVER_ERROR: "系统出了点问题，我们已经记录下来",
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read or is too large (请求有误)."""
    return _answer(request, HTTPStatus.BAD_REQUEST)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere (没有这个页面)."""
    return _answer(request, HTTPStatus.NOT_FOUND)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours (系统错误)."""
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if not request.path.startswith(API):
        return _page(request, f"{status}.html", status)
    title = TITLES[status]
    body = {"type": "about:blank", "title": title, "status": int(status), "detail": title}
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=PROBLEM, status=status)


def _page(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    """Draw a page that asks nothing of the database; who has a session is of the staff."""
    context = {"staff": settings.SESSION_COOKIE_NAME in request.COOKIES}
    return HttpResponse(render_to_string(template, context), status=status)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without its protecting mark (页面停留太久)."""
    return _page(request, "403_csrf.html", HTTPStatus.FORBIDDEN)
