"""The address of drafts."""

from django.urls import path

from hotline.web.drafts import views

app_name = "drafts"
urlpatterns = [path("", views.drafts, name="drafts")]
