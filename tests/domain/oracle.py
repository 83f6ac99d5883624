"""What rules.md 2 says, written naively: the count that every faster way of counting has to agree with."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.domain.policy import Window

C = TypeVar("C")


@dataclass(frozen=True)
class Said:
    """A message with all its wordings' contents, at its original time."""

    at: datetime
    contents: frozenset[object]


@dataclass(frozen=True)
class OracleBurst:
    members: frozenset[int]
    window: str
    count: int
    first: datetime
    at: datetime
    last: datetime


def oracle(
    messages: Mapping[int, Said], same: Callable[[object, object], bool], windows: Collection[Window]
) -> list[OracleBurst]:
    """Every burst by the time at which it first filled."""

    def alike(a: Said, b: Said) -> bool:
        return any(same(x, y) for x in a.contents for y in b.contents)

    stars = {c: [m for m in messages if alike(messages[m], messages[c])] for c in messages}
    firing: list[tuple[Window, frozenset[int], datetime]] = []
    for window in windows:
        for center, star in stars.items():
            for ends in {messages[m].at for m in star}:
                inside = frozenset(m for m in star if ends - window.length <= messages[m].at <= ends)
                if center in inside and len(inside) >= window.count:
                    firing.append((window, inside, ends))
    return sorted((_burst(group, messages) for group in _sharing(firing)), key=lambda b: (b.at, sorted(b.members)))


def _sharing(
    firing: Iterable[tuple[Window, frozenset[int], datetime]],
) -> list[list[tuple[Window, frozenset[int], datetime]]]:
    """Firing windows in groups that share a message, directly or by way of others."""
    groups: list[tuple[set[int], list[tuple[Window, frozenset[int], datetime]]]] = []
    for fire in firing:
        members, fires = set(fire[1]), [fire]
        apart = []
        for other, others in groups:
            if other & members:
                members |= other
                fires += others
            else:
                apart.append((other, others))
        groups = [*apart, (members, fires)]
    return [fires for _, fires in groups]


def _burst(fires: list[tuple[Window, frozenset[int], datetime]], messages: Mapping[int, Said]) -> OracleBurst:
    members = frozenset().union(*(inside for _, inside, _ in fires))
    shortest = min((window for window, _, _ in fires), key=lambda window: window.length)
    return OracleBurst(
        members=members,
        window=shortest.name,
        count=max(len(inside) for window, inside, _ in fires if window == shortest),
        first=min(messages[m].at for m in members),
        at=min(ends for _, _, ends in fires),
        last=max(messages[m].at for m in members),
    )
