"""Installs by package name what a machine lacks, and says what it cannot install."""

import glob
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

ELASTICSEARCH = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.19.3:zip"


def postgres_bin() -> Path | None:
    """The folder of PostgreSQL's programs, the newest; Debian keeps them off the PATH."""
    folders = sorted(
        glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4])
    )
    found = folders[-1] if folders else shutil.which("initdb")
    return Path(found).parent if found else None


def java_home() -> Path | None:
    """The home of a Java 17, or of the one on the PATH."""
    homes = [Path(p).parents[1] for p in sorted(glob.glob("/usr/lib/jvm/*17*/bin/java"))]
    found = shutil.which("java")
    return homes[0] if homes else Path(found).resolve().parents[1] if found else None


def elasticsearch_zip() -> Path | None:
    """The archive in the local Maven repository."""
    folder = Path.home() / ".m2/repository/org/elasticsearch/distribution"
    return next(
        iter(sorted(folder.glob("integ-test-zip/elasticsearch/*/elasticsearch-*.zip"))), None
    )


def has_chinese_font() -> bool:
    """Tell whether a browser could draw Chinese."""
    fonts = "/usr/share/fonts"
    return any("CJK" in name or "cjk" in name for _, _, names in os.walk(fonts) for name in names)


def _on_path(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


NEEDED: dict[str, tuple[str, Callable[[], bool]]] = {
    "postgresql": ("PostgreSQL", lambda: postgres_bin() is not None),
    "redis-server": ("Redis", _on_path("redis-server")),
    "openjdk-17-jre-headless": ("Java", lambda: java_home() is not None),
    "maven": ("Maven", lambda: elasticsearch_zip() is not None or _on_path("mvn")()),
    "chromium": ("Chromium", _on_path("chromium")),
    "fonts-noto-cjk": ("中文字体", has_chinese_font),
}


def missing() -> list[str]:
    """What is still not here, by name; empty when the services can start."""
    lacking = [label for label, there in NEEDED.values() if not there()]
    return lacking if elasticsearch_zip() else [*lacking, "Elasticsearch"]


def install() -> list[str]:
    """Install what is missing; return what is missing even then."""
    packages = [package for package, (_, there) in NEEDED.items() if not there()]
    if packages:
        _apt(packages)
    if elasticsearch_zip() is None and shutil.which("mvn"):
        print("安装 Elasticsearch（Maven）……", flush=True)
        get = ["mvn", "-q", "-B", "dependency:get", "-Dtransitive=false"]
        subprocess.run([*get, f"-Dartifact={ELASTICSEARCH}"], check=False)
    return missing()


def _apt(packages: list[str]) -> None:
    print(f"安装 {' '.join(packages)}（apt）……", flush=True)
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and not shutil.which("sudo"):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], wanted):
        log = subprocess.DEVNULL
        subprocess.run([*root, *command], check=False, env=quiet, stdout=log)


if __name__ == "__main__":
    lacking = install()
    print("、".join(lacking))
    raise SystemExit(bool(lacking))
