"""The address of the search."""

from django.urls import path

from hotline.web.finding import views

app_name = "finding"
urlpatterns = [path("", views.search, name="search")]
