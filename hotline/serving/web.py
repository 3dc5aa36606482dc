"""The web server in the main thread; it ends when told, and what runs beside it ends too."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
import uvloop
from django.conf import settings

from hotline.realtime import push

GRACE_S = 2
BACKLOG = 2048
SWITCH_S = 0.001


class _Server(uvicorn.Server):
    """Uvicorn that says when it listens, and leaves signals to us.

    It would raise the signal again after its own end, and the workers could not finish.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the door, then say so."""
        push.use_loop(asyncio.get_running_loop())
        await super().startup(sockets=sockets)
        self.ready()


def listening(host: str, port: int, *, shared: bool) -> socket.socket:
    """Open the port; SHARED lets several web processes listen on it side by side."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    door.bind((host, port))
    return door


def serve(door: socket.socket, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
    """Serve until TERM or Ctrl-C; STOPPING is called at once, so that all ends side by side."""
    config = uvicorn.Config(
        "hotline.asgi:application",
        lifespan="off",
        log_level="warning",
        access_log=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_S,
        ws_max_size=64 * 1024,
        proxy_headers=settings.DEPLOYED,
    )
    server = _Server(config, ready)
    sys.setswitchinterval(SWITCH_S)  # who answers a person waits less for who works beside

    def stop(number: int, frame: FrameType | None) -> None:
        server.should_exit = True
        stopping()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(server.serve(sockets=[door]))
    push.use_loop(None)
