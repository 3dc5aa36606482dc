"""Addresses of supervision."""

from django.urls import path

from hotline.web.supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.board, name="board"),
    path("intake.svg", views.intake_chart, name="intake"),
    path("deliveries/<int:pk>/retry/", views.retry, name="retry"),
]
