"""Addresses of the reviewer."""

from django.urls import path

from hotline.web.review import views

app_name = "review"
urlpatterns = [path("", views.queue, name="queue")]
