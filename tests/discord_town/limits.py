"""How often an endpoint may be called: buckets with headers, and the global limit (rule discord-22)."""

import hashlib
import math
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field

from .guild import Json


@dataclass(frozen=True)
class Rate:
    """At most `calls` within `seconds`, counted for each channel, guild or webhook by itself."""

    calls: int
    seconds: float


EVERYWHERE = "*"
OUTSIDE = ("interaction_response", "followup_message", "webhook")
"""Interaction endpoints are not bound by the global limit."""


def real() -> dict[str, Rate]:
    """Figures seen on the live service (none is documented but the global one; rule discord-22)."""
    rates = {name: Rate(5, 5.0) for name in ("create_message", "edit_message", "delete_message")}
    rates |= {name: Rate(5, 2.0) for name in ("create_followup_message", "edit_original_interaction_response")}
    rates |= {"create_dm": Rate(10, 10.0), "get_channel_messages": Rate(5, 1.0), EVERYWHERE: Rate(50, 1.0)}
    return rates


@dataclass(frozen=True)
class Verdict:
    """The headers of the answer; `wait` seconds when the call is refused."""

    headers: dict[str, str]
    wait: float = 0.0
    scope: str = ""

    @property
    def body(self) -> Json:
        wait = round(self.wait, 3)
        return {"message": "You are being rate limited.", "retry_after": wait, "global": self.scope == "global"}


@dataclass
class Limits:
    """The rates in force by endpoint name ("*": all together); none at first."""

    rates: dict[str, Rate] = field(default_factory=dict)
    most_old_edits: int = 1_000_000
    """How often a message older than an hour may be edited (error 30046; the figure is not documented)."""
    old_edit_wait: float = 0.05
    old_edits: Counter[int] = field(default_factory=Counter)
    _calls: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, method: str, major: str, now: float) -> Verdict:
        """Count a call and say whether it may be made."""
        inside = not any(part in method for part in OUTSIDE)
        whole = self._room(EVERYWHERE, "", now) if inside else None
        if whole is not None and whole[0] <= 0:
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            return Verdict(headers | _after(whole[1]), whole[1], "global")
        own = self._room(method, major, now)
        if own is None:
            headers = {}
        else:
            left, reset = own
            rate = self.rates[method]
            headers = {"X-RateLimit-Limit": str(rate.calls), "X-RateLimit-Remaining": str(max(0, left - 1))}
            headers |= {"X-RateLimit-Reset": f"{now + reset:.3f}", "X-RateLimit-Reset-After": f"{reset:.3f}"}
            headers["X-RateLimit-Bucket"] = hashlib.md5(method.encode()).hexdigest()
            if left <= 0:
                return Verdict(headers | {"X-RateLimit-Scope": "user"} | _after(reset), reset, "user")
            self._calls[method, major].append(now)
        if whole is not None:
            self._calls[EVERYWHERE, ""].append(now)
        return Verdict(headers)

    def _room(self, method: str, major: str, now: float) -> tuple[int, float] | None:
        """Calls left, and seconds until the bucket is full again; a window opens with its first call."""
        rate = self.rates.get(method)
        if rate is None:
            return None
        calls = self._calls[method, major]
        if calls and calls[0] <= now - rate.seconds:
            calls.clear()
        return rate.calls - len(calls), (calls[0] + rate.seconds - now) if calls else rate.seconds


def _after(wait: float) -> dict[str, str]:
    return {"Via": "1.1 google", "Retry-After": str(max(1, math.ceil(wait)))}
