"""Hands out a file of a ticket so that a browser shows it and never runs it."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from tickets import actions
from tickets.models import Attachment

SHOWN = ("image/", "audio/", "video/", "application/pdf")


def handed_out(file: Attachment | None) -> HttpResponse:
    """Give the file's content with headers that keep it harmless (附件下载), or 404."""
    try:
        content = actions.path_of(file.digest).read_bytes() if file else None
    except FileNotFoundError:
        content = None
    if file is None or content is None:
        raise Http404("没有这个附件。")
    response = HttpResponse(content, content_type=file.media_type)
    apart = not file.media_type.startswith(SHOWN)
    response["Content-Disposition"] = content_disposition_header(apart, file.name) or "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
