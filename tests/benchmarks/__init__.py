"""Benchmarks: figures and ratios side by side, with the machine they were taken on."""
