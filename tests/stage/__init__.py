"""The product in real processes over data to throw away, for failure tests and benchmarks."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts import cluster
from scripts.services import free_port
from tests.stage.stores import own_stores

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("web-1", "live", "default-1", "indexer", "beat")
OPEN_S = 120


def on_services() -> bool:
    """Tell whether the environment names the real services."""
    return all(os.environ.get(n) for n in ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL"))


@dataclass
class Stage:
    """Some processes of the product that share one environment."""

    env: dict[str, str]
    commands: dict[str, list[str]]
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Start what does not run, and wait until the first page answers."""
        log = (Path(self.env["DATA_DIR"]) / "processes.log").open("ab")
        for name, command in self.commands.items():
            if name not in self.running:
                self.running[name] = subprocess.Popen(
                    command, env=self.env, cwd=ROOT, stdout=log, stderr=log
                )
        self._wait_until_open()

    def _wait_until_open(self) -> None:
        until = time.monotonic() + OPEN_S
        while self.health() is None:
            if time.monotonic() > until:
                raise TimeoutError(self.log())
            time.sleep(0.1)

    def log(self) -> str:
        """The last of what the processes said."""
        said = (Path(self.env["DATA_DIR"]) / "processes.log").read_text("utf-8", "replace")
        return said[-4000:]

    def health(self) -> dict[str, Any] | None:
        """What /healthz says; None while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as said:
                return dict(json.load(said))
        except OSError:
            return None

    def kill(self) -> None:
        """End all processes as a power cut would: kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask all processes to end, and wait."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        for process in self.running.values():
            process.send_signal(number)
        for process in self.running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def run(self, module: str, *words: str) -> Any:
        """Run one of our modules beside the product; what it prints is JSON."""
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, env=self.env, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def load(self, requests: int, connections: int = 32, start: int = 0) -> subprocess.Popen[str]:
        """Begin a burst of requests; its answers come line by line."""
        words = [str(self.port), "--requests", str(requests), "--connections", str(connections)]
        command = [sys.executable, "-m", "tests.stage.load", *words, "--start", str(start)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def settle(self, seconds: float = 300) -> float:
        """Wait until the outbox has nothing left; tell how long that took."""
        began = time.monotonic()
        while (said := self.health()) is None or said["parts"]["outbox"]["lag_s"]:
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"{said}\n{self.log()}")
            time.sleep(0.1)
        return time.monotonic() - began


def embedded_env(folder: Path) -> dict[str, str]:
    """An environment of one process that has everything in FOLDER."""
    services = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")
    kept = {name: value for name, value in os.environ.items() if name not in services}
    return kept | {"DATA_DIR": str(folder), "DEMO": "0", "PYTHONUNBUFFERED": "1"}


@contextmanager
def stage(*, distributed: bool = False) -> Iterator[Stage]:
    """Set up a small town on a stack of its own; nothing is left of it."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-stage-"))
    port, env = free_port(), embedded_env(folder)
    env["PORT"] = str(port)
    serve = {"serve": [sys.executable, "manage.py", "serve"]}
    spread = {name: cluster.commands()[name] for name in SMALL}
    with own_stores(env, f"stage_{secrets.token_hex(4)}", distributed=distributed):
        made = Stage(env, spread if distributed else serve, port)
        made.run("tests.stage.found")
        try:
            yield made
        finally:
            made.stop()
            made.run("tests.stage.witness", "forget")
    shutil.rmtree(folder, ignore_errors=True)
