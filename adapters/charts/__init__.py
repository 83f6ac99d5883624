"""The picture of the weekly digest: which customers are near the threshold, drawn in a process of its own."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from adapters.charts.chart import LONGEST, Bounds, Chart, Row, Words, nearest_first
from adapters.charts.passing import to_json
from bot.domain.errors import KasuharaError

__all__ = ["LONGEST", "Bounds", "Chart", "ChartFailed", "Row", "Words", "draw", "nearest_first"]

CHILD: Final = (sys.executable, "-m", "adapters.charts")
PNG: Final = b"\x89PNG\r\n\x1a\n"


class ChartFailed(KasuharaError):
    """The picture could not be drawn (too slow, or its process ended); the digest goes without it."""


def draw(chart: Chart, *, timeout: float = 10.0, child: tuple[str, ...] = CHILD) -> bytes:
    """A PNG 900 px wide, customers nearest to the threshold on top (requirements.md, weekly digest).

    Blocks for about a second: call it through asyncio.to_thread. All of matplotlib lives and dies in `child`, which
    is killed after `timeout` seconds and writes only into a folder that is gone when this returns. Raises ValueError
    for a chart that cannot be drawn (no row, more than LONGEST, figures below zero), ChartFailed for everything else.
    """
    chart.check()
    with tempfile.TemporaryDirectory(prefix="kasuhara-chart-", ignore_cleanup_errors=True) as folder:
        try:
            done = subprocess.run(  # noqa: S603 - our own module; the chart goes in as data on stdin
                (*child, folder),
                input=to_json(chart),
                capture_output=True,
                cwd=Path(__file__).parents[2],
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise ChartFailed(f"the picture took longer than {timeout:g} s") from late
        except OSError as failed:
            raise ChartFailed(f"the picture's process did not run: {failed.strerror}") from failed
    if done.returncode or not done.stdout.startswith(PNG):
        raise ChartFailed(f"the picture's process ended with {done.returncode}: {_kind(done.stderr)}")
    return done.stdout


def _kind(stderr: bytes) -> str:
    """The kind of error alone: what stands behind the colon may hold a customer's name."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].partition(":")[0][:80] if lines else "it said nothing"
