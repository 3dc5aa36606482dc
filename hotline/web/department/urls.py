"""Addresses of the unit's workbench."""

from django.urls import path

from hotline.web.department import views

app_name = "department"
urlpatterns = [
    path("", views.workbench, name="list"),
    path("sign/", views.sign, name="sign"),
]
