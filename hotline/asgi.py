"""The door for HTTP and sockets."""

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402  # needs the applications loaded
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import path  # noqa: E402

from hotline.realtime.consumers import PageConsumer  # noqa: E402
from hotline.realtime.presence import PresenceConsumer  # noqa: E402
from hotline.web.gate import Gate  # noqa: E402

# With thousands of sockets three quarters of the time went into looking for cycles.
gc.set_threshold(50_000, 20, 1000)

sockets = URLRouter(
    [path("ws/", PageConsumer.as_asgi()), path("ws/presence/", PresenceConsumer.as_asgi())]
)
application = ProtocolTypeRouter(
    {
        "http": Gate(),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
    }
)
