"""The addresses of the desk."""

from django.urls import path, re_path

from hotline.web.desk import phone, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("caller/", views.caller, name="caller"),
    path("assist/", views.assist_panel, name="assist"),
    path("feedback/<str:number>/", views.feedback, name="feedback"),
    path("submit/", views.submit, name="submit"),
    path("answer/", views.answer, name="answer"),
    path("done/<str:number>/", views.done, name="done"),
    re_path(r"^tickets/(?P<number>\d+)/(?P<verb>supplement|urge)/$", views.remark, name="remark"),
    path("calls/", phone.live, name="live"),
    path("calls/bar/", phone.bar, name="bar"),
    path("calls/simulate/", phone.simulate, name="simulate"),
    path("calls/<int:pk>/answer/", phone.answer, name="answer-call"),
    path("calls/<int:pk>/hold/", phone.hold, name="hold-call"),
    path("calls/<int:pk>/retrieve/", phone.retrieve, name="retrieve-call"),
    path("calls/<int:pk>/hang-up/", phone.hang_up, name="hang-up"),
    path("calls/<int:pk>/nuisance/", phone.nuisance, name="nuisance"),
    path("calls/<int:pk>/appeal/", phone.appeal, name="appeal"),
    path("calls/<int:pk>/complete/", phone.complete, name="complete-call"),
    re_path(
        r"^calls/(?P<pk>\d+)/(?P<disposition>emergency|invalid)/$", phone.close, name="close-call"
    ),
]
