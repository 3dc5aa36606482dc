"""Addresses of supervision."""

from django.urls import path

from hotline.web.supervision import filled, limits, nuisances, topics, views, wall, workshop

app_name = "supervision"
urlpatterns = [
    path("", views.board, name="board"),
    path("intake.svg", views.intake_chart, name="intake"),
    path("wall/", wall.wall, name="wall"),
    path("wall/intake.svg", wall.intake_chart, name="wall-intake"),
    path("wall/rates.svg", wall.rates_chart, name="wall-rates"),
    *(
        path(f"rates/{name}.svg", views.rate_chart, {"name": name}, name=name)
        for name in ("contacted", "solved", "satisfied")
    ),
    path("deliveries/<int:pk>/retry/", views.retry, name="retry"),
    path("forms/<slug:code>.csv", filled.filled, name="filled"),
    path("nuisances/", nuisances.nuisances, name="nuisances"),
    path("nuisances/<int:pk>/", nuisances.nuisance, name="nuisance"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/<int:pk>/trend.svg", topics.trend, name="trend"),
    path("topics/<int:pk>/gather/", topics.gather, name="gather"),
    path("limits/", limits.limits, name="limits"),
    path("limits/try/", limits.attempt, name="attempt"),
    path("limits/<int:pk>/apply/", limits.apply, name="apply"),
    path("routing/", workshop.workshop, name="routing"),
    path("routing/calibration.svg", workshop.calibration, name="calibration"),
    path("routing/progress/", workshop.progress, name="training"),
    path("routing/retrain/", workshop.retrain, name="retrain"),
    path("routing/pauses/<int:pk>/lift/", workshop.lift, name="lift"),
    path("routing/<slug:version>/", workshop.version, name="version"),
    path("routing/<slug:version>/<slug:verb>/", workshop.decide, name="decide"),
]
