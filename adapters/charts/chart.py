"""What a chart shows: a row for each customer, the three bounds, and the words, already in the reader's language."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.model.standing import Level

LONGEST: Final = 12
"""More rows than this are no longer read on a phone."""
WIDTH: Final = 900
HEAD: Final = 190
ROW: Final = 134
FOOT: Final = 64


@dataclass(frozen=True, slots=True)
class Row:
    """One customer; points as in rules.md 6, dates in the customer's zone."""

    name: str
    points: float
    before: float
    """The points a week ago."""
    level: Level
    ends_on: date | None
    """The last paid day: the contract could end at its 24:00; None: unknown."""
    crosses_on: date | None
    """The day of review at this pace; None: not at this pace, or reached."""
    threshold: bool


@dataclass(frozen=True, slots=True)
class Bounds:
    """The points at which each level begins, rising."""

    watch: float
    concern: float
    review: float


@dataclass(frozen=True, slots=True)
class Words:
    """Every word drawn; `{date}` in `ends` and `crosses` is filled with the row's date as 2026-11-21."""

    clear: str
    watch: str
    concern: str
    review: str
    points: str
    """What the large figure is, with its change: "points (change)"."""
    last_week: str
    """What the ring on a bar means."""
    ends: str
    no_end: str
    crosses: str
    threshold: str
    more: str = ""
    """The last line, such as "3 more"; empty if every customer is shown."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture."""

    title: str
    subtitle: str
    rows: tuple[Row, ...]
    bounds: Bounds
    words: Words

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its picture in pixels, known before it is drawn."""
        return WIDTH, HEAD + ROW * len(self.rows) + FOOT

    def check(self) -> None:
        """Raises ValueError if this cannot be drawn."""
        if not 1 <= len(self.rows) <= LONGEST:
            raise ValueError(f"a chart has 1 to {LONGEST} rows, not {len(self.rows)}")
        if not all(math.isfinite(figure) and figure >= 0 for row in self.rows for figure in (row.points, row.before)):
            raise ValueError("points are finite and not below zero")
        if not 0 < self.bounds.watch < self.bounds.concern < self.bounds.review < math.inf:
            raise ValueError("bounds rise from above zero")


def nearest_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Nearest to the threshold first: reached, then by points, then by the day of crossing."""
    return tuple(sorted(rows, key=lambda row: (not row.threshold, -row.points, row.crosses_on or date.max, row.name)))
