"""Prints the figures: `python -m tests.benchmarks [--scale small|full] [--only PART]`."""

import argparse
import sys
from collections.abc import Callable

from tests.benchmarks import intake, machine, volume
from tests.stage import on_services


def intake_part(scale: str) -> list[str]:
    """HTTP intake on the embedded stack, and on the services where they run."""
    lines = [intake.HEAD, intake.run(distributed=False)]
    if on_services():
        return [*lines, intake.run(distributed=True)]
    return [*lines, "distributed  left out: DATABASE_URL, REDIS_URL, ELASTICSEARCH_URL not set"]


PARTS: dict[str, Callable[[str], list[str]]] = {
    "intake": intake_part,
    "volume": volume.part,
    "desks": volume.desks_part,
    "search": volume.search_part,
    "import": volume.import_part,
}


def main() -> int:
    """Run the parts asked for, one after the other, each printed when it is done."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", choices=["small", "full"], default="small")
    parser.add_argument("--only", choices=list(PARTS))
    asked = parser.parse_args()
    sys.stdout.write(f"{machine.named()}\n")
    for name, part in PARTS.items():
        if asked.only in (None, name):
            sys.stdout.write(f"\n== {name} ({asked.scale})\n" + "\n".join(part(asked.scale)) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
