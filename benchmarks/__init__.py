"""Benchmarks: ratios inside one interleaved run, never milliseconds across runs (performance.md)."""
