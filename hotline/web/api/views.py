"""The JSON API: requests in, their progress out, the assist panel as data."""

from time import perf_counter
from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import TokenAuthentication
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from city import selectors as city
from hotline.assist import assist
from hotline.web.api import serializers as shapes
from hotline.web.api.problems import problem
from hotline.web.api.throttling import IntakePerAddress
from tickets import actions, errors, selectors
from tickets.models import Source, Ticket
from tickets.numbers import query_code
from tickets.workflow import STEPS, Party

KEY_HEADER = "Idempotency-Key"


@extend_schema(
    request=shapes.RequestIn,
    responses={201: shapes.RequestOut},
    parameters=[OpenApiParameter(KEY_HEADER, str, OpenApiParameter.HEADER)],
)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([IntakePerAddress])
def requests(request: Request) -> Response:
    """Accept a citizen's request (受理诉求); the same key with the same body answers the same."""
    form = shapes.RequestIn(data=request.data)
    form.is_valid(raise_exception=True)
    ticket = actions.accept(
        **_intake(form.validated_data),
        source=Source.API,
        by=Party.CITIZEN,
        idempotency_key=request.headers.get(KEY_HEADER, ""),
    )
    return Response(_receipt(ticket), status=201)


def _intake(data: dict[str, Any]) -> dict[str, Any]:
    """Fit the body to the action; raises errors.Invalid for a region that does not exist."""
    code = data.pop("region", "")
    if code:
        data["region"] = city.region_by_code(code)
        if data["region"] is None:
            raise errors.Invalid(region=f"没有代码为 {code} 的区划，请核对或留空。")
    return data


def _receipt(ticket: Ticket) -> dict[str, Any]:
    """Say what acceptance said, also to a repeat that comes when the ticket has moved on."""
    status = STEPS["accept"].targets[0]
    return {
        "number": ticket.number,
        "query_code": query_code(ticket.number),
        "status": status,
        "status_label": status.label,
        "submitted_at": ticket.accepted_at,
    }


@extend_schema(
    responses=shapes.ProgressOut,
    parameters=[OpenApiParameter("code", str, required=True)],
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
def progress(request: Request, number: str) -> Response:
    """Show where a request stands (查进度); an unknown number and a wrong code answer alike."""
    ticket = selectors.find_by_query_code(number, request.query_params.get("code", ""))
    if ticket is None:
        return problem(404, "没有找到这件诉求，请核对工单编号和查询码。")
    return Response(shapes.ProgressOut(selectors.progress(ticket)).data)


@extend_schema(request=shapes.AssistIn, responses=shapes.AssistOut)
@api_view(["POST"])
@authentication_classes([TokenAuthentication])
@permission_classes([IsAuthenticated])
def assist_panel(request: Request) -> Response:
    """Suggest answers, similar tickets, categories and units for a text (坐席辅助)."""
    began = perf_counter()
    form = shapes.AssistIn(data=request.data)
    form.is_valid(raise_exception=True)
    found = assist(user=cast("User", request.user), **form.validated_data)
    return Response(found.as_data() | {"took_ms": round((perf_counter() - began) * 1000)})
