"""Registers city with Django."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    name = "city"
    verbose_name = "城市"
    default_auto_field = "django.db.models.BigAutoField"
