"""Addresses of the duty list and the rules."""

from django.urls import path

from hotline.web.duties import files, rules, views, writing

app_name = "duties"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", writing.draft, name="draft"),
    path("problems/", views.problems, name="problems"),
    path("coverage/", views.coverage, name="coverage"),
    path("export/", files.export, name="export"),
    path("import/", files.take_in, name="import"),
    path("import/confirm/", files.confirm, name="confirm"),
    path("all/<slug:verb>/", writing.act_on_all, name="all"),
    path("rules/", rules.listing, name="rules"),
    path("rules/new/", rules.write, name="rule-new"),
    path("rules/<int:pk>/", rules.write, name="rule"),
    path("rules/<int:pk>/delete/", rules.delete, name="rule-delete"),
    path("rules/<int:pk>/<slug:way>/", rules.shift, name="rule-shift"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/revise/", writing.revise, name="revise"),
    path("<int:pk>/<slug:verb>/", writing.act, name="act"),
]
