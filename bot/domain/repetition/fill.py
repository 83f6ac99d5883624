"""One window that is full: how many messages have the same content as one of them, inside its length."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.policy import Window

Item = tuple[datetime, int]
"""When a message was sent, and its id."""


def reach(windows: Iterable[Window]) -> timedelta:
    """How far back the longest window sees."""
    return max((window.length for window in windows), default=timedelta())


@dataclass(frozen=True, slots=True)
class Fill:
    """One window that is full: `members` have the same content as `center`, all inside the window."""

    window: Window
    count: int
    center: int
    opens: datetime
    at: datetime
    members: frozenset[int]


def filled(star: list[Item], centers: list[Item], at: datetime, windows: tuple[Window, ...]) -> Iterator[Fill]:
    """Every full window that holds the instant `at` and one of the centers; a window ends at a message."""
    times = [item[0] for item in star]
    heart = [item[0] for item in centers]
    for window in windows:
        end = bisect_left(times, at)
        while end < len(times) and times[end] <= at + window.length:
            closes = times[end]
            end = bisect_right(times, closes)
            start = bisect_left(times, closes - window.length)
            middle = bisect_left(heart, closes - window.length)
            if end - start >= window.count and middle < len(heart) and heart[middle] <= closes:
                members = frozenset(item[1] for item in star[start:end])
                yield Fill(window, end - start, centers[middle][1], times[start], closes, members)
