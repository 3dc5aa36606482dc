"""Addresses of call-backs."""

from django.urls import path

from hotline.web.callbacks import views

app_name = "callbacks"
urlpatterns = [path("", views.queue, name="queue")]
