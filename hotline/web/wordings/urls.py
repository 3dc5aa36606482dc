"""Addresses of the reply templates."""

from django.urls import path

from hotline.web.wordings import views

app_name = "wordings"
urlpatterns = [
    path("", views.templates, name="list"),
    path("new/", views.template, name="new"),
    path("<int:pk>/", views.template, name="edit"),
]
