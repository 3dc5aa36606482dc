"""The project package and the front: imports everything, is imported by nothing."""

from hotline.celery import app as celery_app

__all__ = ["celery_app"]
