"""Addresses of the lists of work."""

from django.urls import path

from hotline.web.work import exporting, viewing, views

app_name = "work"
urlpatterns = [
    path("", views.workbench, name="list"),
    path("steps/<slug:verb>/", views.together, name="together"),
    path("export/", exporting.export, name="export"),
    path("views/", viewing.save, name="save"),
    path("views/<int:pk>/delete/", viewing.forget, name="forget"),
]
