"""Which address leads to which audience."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from hotline.health import healthz

handler400 = "hotline.web.lost.bad_request"
handler404 = "hotline.web.lost.not_found"
handler500 = "hotline.web.lost.fault"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hotline.web.citizen.urls")),
    path("", include("hotline.web.entrance.urls")),
    path("duties/", include("hotline.web.duties.urls")),
    path("drafts/", include("hotline.web.drafts.urls")),
    path("editing/", include("hotline.web.editing.urls")),
    path("exports/", include("hotline.web.exports.urls")),
    path("notices/", include("hotline.web.notices.urls")),
    path("healthz", healthz),
    path("tickets/", include("hotline.web.ticket.urls")),
    path("desk/", include("hotline.web.desk.urls")),
    path("search/", include("hotline.web.finding.urls")),
    path("dispatch/", include("hotline.web.dispatch.urls")),
    path("department/", RedirectView.as_view(pattern_name="work:list", query_string=True)),
    path("worklist/", include("hotline.web.work.urls")),
    path("review/", include("hotline.web.review.urls")),
    path("templates/", include("hotline.web.wordings.urls")),
    path("callbacks/", include("hotline.web.callbacks.urls")),
    path("supervision/", include("hotline.web.supervision.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("hotline.web.api.urls")),
]
