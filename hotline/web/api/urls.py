"""The addresses of the JSON API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from hotline.web.api import views

app_name = "api"
urlpatterns = [
    path("requests/", views.requests, name="requests"),
    path("requests/<str:number>/", views.progress, name="progress"),
    path("assist/", views.assist_panel, name="assist"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
]
