"""Addresses of the dispatcher."""

from django.urls import path

from hotline.web.dispatch import views

app_name = "dispatch"
urlpatterns = [path("", views.queue, name="queue")]
