"""Addresses of the citizen's portal."""

from django.urls import path

from hotline.web.citizen import following, reading, views

app_name = "citizen"
urlpatterns = [
    path("", views.home, name="home"),
    path("received/<str:token>/", views.received, name="received"),
    path("answers/", reading.answers, name="answers"),
    path("knowledge/", reading.knowledge, name="knowledge"),
    path("knowledge/<str:number>/", reading.article, name="article"),
    path("knowledge/<str:number>/feedback/", reading.feedback, name="feedback"),
    path("replies/", reading.replies, name="replies"),
    path("replies/<int:pk>/", reading.reply, name="reply"),
    path("elder/", views.elder, name="elder"),
    path("progress/", following.progress, name="progress"),
    path("progress/<str:token>/", following.follow, name="follow"),
    path("progress/<str:token>/files/<str:key>/", following.file, name="file"),
    path("progress/<str:token>/<slug:verb>/", following.act, name="act"),
]
