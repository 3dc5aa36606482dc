"""Addresses of the dispatcher."""

from django.urls import path

from hotline.web.dispatch import views

app_name = "dispatch"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("alike/", views.dispatch_alike, name="alike"),
    path("take-back/", views.take_back, name="take-back"),
]
