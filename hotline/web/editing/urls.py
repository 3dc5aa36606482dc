"""Addresses of the knowledge editors' pages."""

from django.urls import path

from hotline.web.editing import views, words, writing

app_name = "editing"
urlpatterns = [
    path("", views.articles, name="list"),
    path("new/", writing.draft, name="draft"),
    path("feedback/", views.feedback, name="feedback"),
    path("gaps/", views.gaps, name="gaps"),
    path("words/", words.words, name="words"),
    path("words/<slug:what>/", words.keep, name="keep"),
    path("words/<slug:what>/<int:pk>/remove/", words.remove, name="remove"),
    path("<str:number>/", views.article, name="article"),
    path("<str:number>/revise/", writing.revise, name="revise"),
    path("<str:number>/versions/<int:no>/", views.version, name="version"),
    path("<str:number>/<slug:verb>/", views.act, name="act"),
]
