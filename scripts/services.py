"""Real PostgreSQL, Redis and Elasticsearch on free loopback ports, with data to throw away.

    python -m scripts.services up [--nodes 3] | down | env | with -- COMMAND…

`with` starts them for one command and stops them whatever becomes of it.
"""

import argparse
import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts import install

STATE = Path(os.environ.get("DATA_DIR", "var")).resolve() / "services.json"
ELASTIC_USER = "hotline-elastic"
NO_SERVICES = 3


@dataclass
class Running:
    """What was started, and how to reach it."""

    folder: str
    groups: dict[str, int] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)

    def keep(self) -> None:
        """Remember it for `down`."""
        STATE.parent.mkdir(parents=True, exist_ok=True)
        STATE.write_text(json.dumps(asdict(self)))


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def own(path: Path, user: str | None) -> None:
    """Give a folder to a service's user."""
    path.mkdir(parents=True, exist_ok=True)
    if user:
        subprocess.run(["chown", "-R", user, str(path)], check=True)


def user_for(name: str) -> str | None:
    """The user a service runs as: its own when we are root (it is made if need be), else we."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", name], check=True)
    return name


def start(running: Running, name: str, command: list[str], user: str | None, **env: str) -> None:
    """Start a service in a process group of its own, logging into the folder."""
    log = (Path(running.folder) / f"{name}.log").open("wb")
    as_user = {"user": user, "group": user, "extra_groups": []} if user else {}
    process = subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        cwd=running.folder,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": running.folder, **env},
        **as_user,  # type: ignore[call-overload]  # a dict of keywords
    )
    running.groups[name] = process.pid
    running.keep()


def wait(what: str, ready: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until a service answers."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError(f"{what} 没有启动")
        time.sleep(0.2)


def answers(port: int) -> bool:
    """Tell whether somebody listens."""
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def postgresql(running: Running, *, careful: bool) -> None:
    """Start PostgreSQL with an empty database `hotline`; who is not careful waits for no disk."""
    programs, user, port = install.postgres_bin(), user_for("postgres"), free_port()
    data = Path(running.folder) / "postgresql"
    own(data, user)
    as_user = {"user": user, "group": user, "extra_groups": []} if user else {}
    make = [f"{programs}/initdb", "-D", str(data), "-U", "hotline", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [*make, "--locale=C.UTF-8"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=data,
        **as_user,  # type: ignore[call-overload]  # a dict of keywords
    )
    options = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "fsync": "on" if careful else "off",
    }
    set_options = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
    server = [f"{programs}/postgres", "-D", str(data), "-p", str(port), *set_options]
    start(running, "postgresql", server, user)
    create = [f"{programs}/createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "hotline"]
    quiet = subprocess.DEVNULL
    wait("PostgreSQL", lambda: subprocess.call([*create, "hotline"], stderr=quiet) == 0)
    running.env["DATABASE_URL"] = f"postgresql://hotline@127.0.0.1:{port}/hotline"


def redis(running: Running) -> None:
    """Start Redis without files."""
    user, port = user_for("redis"), free_port()
    folder = Path(running.folder) / "redis"
    own(folder, user)
    options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    options += [
        "--databases",
        "4096",
    ]  # each test process and each stack that it starts has its own
    start(running, "redis", ["redis-server", "--port", str(port), *options], user)
    wait("Redis", lambda: answers(port))
    running.env["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"


def elasticsearch(running: Running, nodes: int) -> None:
    """Start a cluster of so many nodes and wait until all have joined."""
    archive, user = install.elasticsearch_zip(), user_for(ELASTIC_USER)
    if archive is None:
        raise SystemExit(NO_SERVICES)
    home = Path(running.folder) / "elasticsearch"
    with zipfile.ZipFile(archive) as files:
        files.extractall(home)
    unpacked = next(home.iterdir())
    for program in (unpacked / "bin").iterdir():
        program.chmod(0o755)
    ports = [(free_port(), free_port()) for _ in range(nodes)]
    own(home, user)
    for number, (http, transport) in enumerate(ports, 1):
        config = _node(home, unpacked, number, http, transport, [t for _, t in ports])
        own(home, user)
        start(
            running,
            f"elasticsearch-{number}",
            [str(unpacked / "bin/elasticsearch")],
            user,
            ES_JAVA_HOME=str(install.java_home()),
            ES_JAVA_OPTS=os.environ.get("ES_JAVA_OPTS", "-Xms512m -Xmx512m"),
            ES_PATH_CONF=str(config),
        )
    wait("Elasticsearch", lambda: all(_joined(http, nodes) for http, _ in ports), 180)
    running.env["ELASTICSEARCH_URL"] = ",".join(f"http://127.0.0.1:{http}" for http, _ in ports)


def _node(
    home: Path, unpacked: Path, number: int, http: int, transport: int, all_transports: list[int]
) -> Path:
    """Write a node's configuration folder."""
    config = home / f"node-{number}"
    shutil.copytree(unpacked / "config", config)
    options: dict[str, object] = {
        "cluster.name": f"hotline-{all_transports[0]}",
        "node.name": f"node-{number}",
        "path.data": str(home / f"data-{number}"),
        "path.logs": str(home / f"logs-{number}"),
        "network.host": "127.0.0.1",
        "http.port": http,
        "transport.port": transport,
        "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in all_transports],
        "cluster.initial_master_nodes": [f"node-{n + 1}" for n in range(len(all_transports))],
        "cluster.routing.allocation.disk.threshold_enabled": False,
        "xpack.security.enabled": False,
    }
    lines = [f"{key}: {json.dumps(value)}\n" for key, value in options.items()]
    (config / "elasticsearch.yml").write_text("".join(lines))
    return config


def _joined(port: int, nodes: int) -> bool:
    address = f"http://127.0.0.1:{port}/_cluster/health"
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            health = json.load(answer)
    except (OSError, ValueError):
        return False
    return bool(health["number_of_nodes"] == nodes and health["status"] != "red")


def up(nodes: int, *, careful: bool = True) -> Running:
    """Install what is missing and start all; what is up already stays."""
    if STATE.exists():
        return Running(**json.loads(STATE.read_text()))
    if lacking := install.install():
        print(f"缺少：{'、'.join(lacking)}；没有这些无法启动真实服务。", file=sys.stderr)
        raise SystemExit(NO_SERVICES)
    folder = Path(tempfile.mkdtemp(prefix="hotline-services-"))
    folder.chmod(0o755)  # the services' users walk through it
    running = Running(str(folder))
    running.keep()
    try:
        postgresql(running, careful=careful)
        redis(running)
        elasticsearch(running, nodes)
    except BaseException:
        _show_logs(folder)
        down()
        raise
    running.keep()
    return running


def _show_logs(folder: Path) -> None:
    for log in sorted(folder.glob("*.log")):
        print(f"--- {log.name}", *log.read_text("utf-8", "replace").splitlines()[-15:], sep="\n")


def down() -> None:
    """Stop all that was started and throw the data away."""
    if not STATE.exists():
        return
    running = Running(**json.loads(STATE.read_text()))
    end(running.groups)
    shutil.rmtree(running.folder, ignore_errors=True)
    STATE.unlink()


def end(groups: Mapping[str, int]) -> None:
    """Ask these services to end, and wait until they have."""
    for name, group in groups.items():
        _signal(group, signal.SIGINT if name == "postgresql" else signal.SIGTERM)
    for group in groups.values():
        _wait_end(group)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _wait_end(group: int) -> None:
    until = time.monotonic() + 15
    while _signal(group, 0) and time.monotonic() < until:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-group, os.WNOHANG)
        time.sleep(0.1)
    _signal(group, signal.SIGKILL)


def run_with(command: list[str], nodes: int) -> int:
    """Run a command with the services, and stop them afterwards if they were not up before."""
    were_up = STATE.exists()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        running = up(nodes)
        return subprocess.call(command, env={**os.environ, **running.env})
    except KeyboardInterrupt:
        return 130
    finally:
        if not were_up:
            down()


def asked(words: list[str] | None = None) -> argparse.Namespace:
    """Read what is to be done."""
    parser = argparse.ArgumentParser(description="测试与演示用的真实服务")
    doors = parser.add_subparsers(dest="what", required=True)
    for name in ("up", "down", "env", "with"):
        door = doors.add_parser(name)
        door.add_argument("--nodes", type=int, default=1)
        if name == "up":
            door.add_argument("--hasty", action="store_true", help="不等落盘，只用于测试")
        if name == "with":
            door.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args(words)


def main() -> int:
    """Do what was asked."""
    said = asked()
    if said.what == "down":
        down()
        return 0
    if said.what == "with":
        return run_with([word for word in said.command if word != "--"], said.nodes)
    running = up(said.nodes, careful=said.what == "env" or not said.hasty)
    for name, value in running.env.items():
        print(f"export {name}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
