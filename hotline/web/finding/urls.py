"""The addresses of the search."""

from django.urls import path

from hotline.web.finding import views

app_name = "finding"
urlpatterns = [
    path("", views.search, name="search"),
    path("articles/<str:number>/", views.article, name="article"),
    path("saved/", views.save, name="save"),
    path("saved/<int:pk>/rename/", views.rename, name="rename"),
    path("saved/<int:pk>/delete/", views.forget, name="forget"),
]
