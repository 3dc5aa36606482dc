"""The platform as it runs outside: real processes, that are killed without warning."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings

from scripts.services import free_port

ROOT = Path(__file__).resolve().parents[1]
START_S = 180  # seven processes on two busy cores


class Platform:
    """One city's platform on the stack under test, in a folder and on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / "platform.log"
        self.env = {
            **os.environ,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DEMO": "0",
            "SEARCH_PREFIX": f"platform-{self.port}-",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait for the first page."""
        module = ["-m", "scripts.cluster"] if settings.DISTRIBUTED else ["manage.py", "serve"]
        self.process = subprocess.Popen(
            [sys.executable, *module],
            cwd=ROOT,
            env=self.env,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            self.wait(lambda: self.health()["parts"]["broker"]["state"] == "ok", START_S)
        except BaseException:
            self.kill()
            raise

    def wait(self, ready: Any, seconds: float = 60) -> None:
        """Wait until READY is true; what it cannot ask yet does not matter."""
        until = time.monotonic() + seconds
        while True:
            try:
                if ready():
                    return
            except OSError:
                pass
            assert time.monotonic() < until, self.log.read_text()[-3000:]
            time.sleep(0.1)

    def health(self) -> Any:
        """What /healthz says."""
        return self.ask("/healthz")[1]

    def ask(self, path: str, body: object = None) -> tuple[int, Any]:
        """Ask the JSON API; POST where there is a body."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.base + path, data)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """Tell it to end; say how many seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        status = self.process.wait(30)
        assert status == 0, self.log.read_text()[-3000:]
        return time.monotonic() - began

    def command(self, *words: str) -> str:
        """Run a command of manage.py beside it."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()
