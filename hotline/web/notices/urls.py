"""Addresses of the notices."""

from django.urls import path

from hotline.web.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("unread/", views.unread, name="unread"),
    path("<int:pk>/", views.follow, name="follow"),
]
