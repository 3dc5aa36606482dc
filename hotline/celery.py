"""The Celery application: in-process over memory:// when embedded, over Redis when distributed."""

import os

from celery import Celery
from celery.beat import Scheduler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
app = Celery("hotline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Timetable(Scheduler):
    """Beat without a file: it remembers nothing, for what was missed is swept."""

    def setup_schedule(self) -> None:
        """Take the timetable from the settings."""
        self.merge_inplace(self.app.conf.beat_schedule)
