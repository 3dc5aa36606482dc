"""The door for HTTP and sockets."""

import gc
import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402  # needs the applications loaded
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import path  # noqa: E402

from hotline.realtime.consumers import PageConsumer  # noqa: E402

# With thousands of sockets three quarters of the time went into looking for cycles.
gc.set_threshold(50_000, 20, 1000)
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

sockets = URLRouter([path("ws/", PageConsumer.as_asgi())])
application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
    }
)
