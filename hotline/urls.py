"""Which address leads to which audience."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from hotline.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hotline.web.citizen.urls")),
    path("", include("hotline.web.entrance.urls")),
    path("healthz", healthz),
    path("admin/", admin.site.urls),
    path("api/v1/", include("hotline.web.api.urls")),
]
