"""What was probably meant: the nearest allowed word, the list of what is allowed, a value fit to be shown."""

import zoneinfo
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Final

_ENOUGH: Final = 24
"""More allowed words than this are not listed; the nearest must do."""


def mistaken(kind: str, value: str, allowed: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The key and fields of a fault for a word that is not allowed; `<kind>_near` when one is near enough to name."""
    words = list(allowed)
    lowered = {word.lower(): word for word in reversed(words)}
    near = get_close_matches(value.lower(), lowered, n=3, cutoff=0.6)
    listed = words if len(words) <= _ENOUGH else [lowered[word] for word in near]
    fields = {"value": shown(value), "allowed": ", ".join(listed)}
    if not near:
        return kind, fields
    return f"{kind}_near", {**fields, "nearest": lowered[near[0]]}


def shown(value: object) -> str:
    """One short line of a value."""
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"


@cache
def zones() -> tuple[str, ...]:
    """The IANA names of time zones, sorted."""
    return tuple(sorted(zoneinfo.available_timezones()))


def known_zone(name: str) -> bool:
    """Whether this is the IANA name of a time zone, in its exact spelling."""
    return name in zones()
