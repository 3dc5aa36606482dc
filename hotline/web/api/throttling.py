"""How many requests one address may send, where a deployment sets INTAKE_PER_IP."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class IntakePerAddress(SimpleRateThrottle):
    """Limit intake per address; without the setting there is no limit (one NAT, many citizens)."""

    scope = "intake"

    def get_rate(self) -> str | None:
        """Read the rate of the deployment, e.g. `30/min`."""
        return settings.INTAKE_PER_IP or None

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Count by the sender's address."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
