"""What has coordinates: both or none, and a spot on earth."""

from django.core.exceptions import ValidationError
from django.db import models

from search.geo import DATE_LINE, POLE, Spot


class Located(models.Model):
    """Something that may have coordinates (坐标)."""

    lat = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    lng = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def spot(self) -> Spot | None:
        """Where it lies on earth, if that is known."""
        if self.lat is None or self.lng is None:
            return None
        return Spot(float(self.lat), float(self.lng))

    def clean(self) -> None:
        """Refuse half a spot, and what is none."""
        half = (self.lat is None) != (self.lng is None)
        if half or abs(float(self.lat or 0)) > POLE or abs(float(self.lng or 0)) > DATE_LINE:
            raise ValidationError("纬度（-90 到 90）和经度（-180 到 180）要么都填，要么都不填。")
