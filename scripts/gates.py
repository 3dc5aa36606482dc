"""Holds the coverage of both runs against the gates: branches count, each package by itself."""

import sys
from pathlib import Path

from coverage import Coverage
from coverage.results import Numbers

GATES = {"tickets": 95, "knowledge": 95, "search": 95, "outbox": 95, "accounts": 95}
OVERALL = 90


def measured(coverage: Coverage) -> dict[str, Numbers]:
    """Add up the files of each package."""
    root, sums = Path.cwd(), dict[str, Numbers]()
    for name in coverage.get_data().measured_files():
        package = Path(name).relative_to(root).parts[0]
        sums[package] = sums.get(package, Numbers()) + coverage._analyze(name).numbers
    return sums


def main() -> int:
    """Combine, compare, say which package falls short."""
    coverage = Coverage(data_file=".coverage")
    coverage.combine(keep=True)
    coverage.save()
    sums = measured(coverage)
    total = sum(sums.values(), Numbers())
    low = 0
    for name, numbers in [*sorted(sums.items()), ("overall", total)]:
        gate = OVERALL if name == "overall" else GATES.get(name, 0)
        falls_short = numbers.pc_covered < gate
        low += falls_short
        print(
            f"coverage {name:<10} {numbers.pc_covered:5.1f} %  (gate {gate}){'  LOW' * falls_short}"
        )
    return min(low, 1)


if __name__ == "__main__":
    sys.exit(main())
