"""Errors as RFC 9457 problem details, with field errors under `errors`."""

from collections.abc import Mapping
from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from tickets import errors

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "请求内容有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的请求方法",
    409: "与先前的请求冲突",
    415: "不支持的内容类型",
    429: "请求过于频繁",
    503: "服务暂不可用",
}


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an error of the domain or of the framework into a problem; None leaves it a 500."""
    if isinstance(error, errors.Invalid):
        return problem(429 if isinstance(error, errors.TooMany) else 400, errors=error.fields)
    if isinstance(error, errors.KeyReused):
        return problem(409, str(error))
    if isinstance(error, exceptions.ValidationError):
        return problem(400, errors=_fields(error.detail))
    if isinstance(error, exceptions.ParseError):
        return problem(400, "请求内容不是有效的 JSON（UTF-8 编码），请核对后再提交。")
    response = exception_handler(error, context)
    if response is None:
        return None
    detail = str(getattr(error, "detail", "")) or TITLES.get(response.status_code, "")
    answer = problem(response.status_code, detail)
    answer.headers = response.headers
    answer["Content-Type"] = CONTENT_TYPE
    return answer


def problem(
    code: int, detail: str = "", *, errors: Mapping[str, list[str]] | None = None
) -> Response:
    """Build the problem document for an HTTP status, with field errors where there are any."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(code, "出错了"),
        "status": code,
    }
    if errors:
        body["errors"] = errors
        detail = detail or "；".join(text for texts in errors.values() for text in texts)
    body["detail"] = detail or body["title"]
    return Response(body, status=code, content_type=CONTENT_TYPE)


def _fields(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        return {"non_field_errors": [str(text) for text in detail]}
    return {
        name: [str(text) for text in (texts if isinstance(texts, list) else [texts])]
        for name, texts in detail.items()
    }
