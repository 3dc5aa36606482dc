"""Addresses of large exports."""

from django.urls import path

from hotline.web.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.exports, name="list"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/delete/", views.delete, name="delete"),
]
