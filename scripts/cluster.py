"""The distributed stack on one machine: two web processes on one port, workers, indexer, beat."""

import os
import signal
import subprocess
import sys
import time
from types import FrameType
from urllib.parse import urlsplit

WEB = 2
APP_ROLE = "hotline_app"
POOL = ["--pool", "solo", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


def commands() -> dict[str, list[str]]:
    """What runs, by name."""
    celery = [sys.executable, "-m", "celery", "-q", "-A", "hotline"]
    worker = [*celery, "worker", *POOL]
    web = [sys.executable, "manage.py", "serve", "--web"]
    return {
        **{f"web-{number}": web for number in range(1, WEB + 1)},
        "live": [*worker, "-Q", "live", "-n", "live@%h"],
        "default-1": [*worker, "-Q", "default", "-n", "default-1@%h"],
        "default-2": [*worker, "-Q", "default", "-n", "default-2@%h"],
        "indexer": [*worker, "-Q", "index", "-n", "index@%h"],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""],
    }


def as_app(url: str) -> str:
    """Sign in as the role that may not rewrite history; one with a password is not ours to swap."""
    parts = urlsplit(url)
    if parts.password:
        return url
    return parts._replace(netloc=f"{APP_ROLE}@{parts.hostname}:{parts.port}").geturl()


def main() -> int:
    """Prepare the database, start all, end all when one ends or when told to."""
    for needed in ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL"):
        if not os.environ.get(needed):
            print(f"缺少 {needed}：请先 make services-up", file=sys.stderr)
            return 2
    for words in (["prepare"], ["restrict_role", APP_ROLE]):
        subprocess.run([sys.executable, "manage.py", *words], check=True)
    env = {**os.environ, "DATABASE_URL": as_app(os.environ["DATABASE_URL"])}
    started = {name: subprocess.Popen(command, env=env) for name, command in commands().items()}

    def stop(number: int, frame: FrameType | None) -> None:
        for process in started.values():
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while all(process.poll() is None for process in started.values()):
        time.sleep(0.2)
    ended = [name for name, process in started.items() if process.poll() is not None]
    stop(0, None)
    statuses = [process.wait() for process in started.values()]
    print(f"结束（先停的是 {'、'.join(ended)}）")
    return 0 if all(status in (0, -signal.SIGTERM) for status in statuses) else 1


if __name__ == "__main__":
    sys.exit(main())
