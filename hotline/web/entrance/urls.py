"""Addresses of the entrance."""

from django.urls import path

from hotline.web import preparing
from hotline.web.entrance import views

app_name = "accounts"
urlpatterns = [
    path("home/", views.home, name="home"),
    path("home/rail/", views.live_rail, name="rail"),
    path("preparing/", preparing.show, name="preparing"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
]
