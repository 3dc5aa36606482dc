"""Addresses of tickets; the last segment of a step's address is its verb."""

from django.urls import path

from hotline.web.ticket import listing, views

app_name = "tickets"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("export/", listing.export, name="export"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/related/", views.related, name="related"),
    path("<str:number>/reveal/", views.reveal, name="reveal"),
    path("<str:number>/examine/", views.examine, name="examine"),
    path("<str:number>/files/<str:key>/", views.file, name="file"),
    path("<str:number>/wording/", views.wording, name="wording"),
    path("<str:number>/why/", views.why, name="why"),
    path("<str:number>/paper/", views.paper, name="paper"),
    path("<str:number>/<slug:verb>/", views.step, name="step"),
]
