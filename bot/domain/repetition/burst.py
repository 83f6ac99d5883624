"""A burst: the union of full windows that share a message."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.policy import Window
from bot.domain.repetition.fill import Fill


@dataclass(frozen=True, slots=True)
class Burst:
    """The union of full windows that share a message; `window` is the shortest that was full, `count` its largest."""

    first: datetime
    """Its first message."""
    at: datetime
    """When a window first filled."""
    last: datetime
    window: Window
    count: int
    center: int
    members: frozenset[int]


def gathered(fills: Iterable[Fill]) -> Burst:
    """One burst of fills that all share a message."""
    known = list(fills)
    best = max(known, key=lambda fill: (-fill.window.length, fill.count))
    members = frozenset().union(*(fill.members for fill in known))
    first, at, last = min(f.opens for f in known), min(f.at for f in known), max(f.at for f in known)
    return Burst(first, at, last, best.window, best.count, best.center, members)


def joined(bursts: Iterable[Burst]) -> Burst:
    """Bursts that turn out to share a message, as one."""
    known = list(bursts)
    best = max(known, key=lambda burst: (-burst.window.length, burst.count))
    members = frozenset().union(*(burst.members for burst in known))
    first, at, last = min(b.first for b in known), min(b.at for b in known), max(b.last for b in known)
    return replace(best, first=first, at=at, last=last, members=members)


def bursts_of(fills: Iterable[Iterable[Fill]]) -> list[Burst]:
    """Bursts of a whole timeline, given what each message filled; by the time at which they first filled."""
    found: list[Burst] = []
    for of_message in fills:
        known = list(of_message)
        if known:
            new = gathered(known)
            touched = [burst for burst in found if burst.members & new.members]
            found = [burst for burst in found if not burst.members & new.members] + [joined([*touched, new])]
    return sorted(found, key=lambda burst: burst.at)
