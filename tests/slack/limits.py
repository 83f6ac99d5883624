"""How often a method may be called: 429 with Retry-After, per method and, for posts, per channel."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from .message import Json


@dataclass(frozen=True)
class Rate:
    """At most `calls` within `seconds`; counted for each channel by itself when `by_channel`."""

    calls: int
    seconds: float = 60.0
    by_channel: bool = False


TIERS = (
    (Rate(1), "conversations.create"),
    (Rate(20), "conversations.join conversations.list usergroups.list usergroups.users.list users.list reactions.list"),
    (Rate(50), "chat.update chat.delete conversations.history conversations.info conversations.open dnd.info"),
    (Rate(50), "conversations.replies reactions.add reactions.get reactions.remove team.info users.conversations"),
    (Rate(50), "bots.info users.lookupByEmail"),
    (Rate(100), "auth.test chat.postEphemeral conversations.members files.info files.completeUploadExternal"),
    (Rate(100), "files.getUploadURLExternal users.info views.open views.publish views.push views.update"),
    (Rate(1, 1.0, by_channel=True), "chat.postMessage"),
)


def real() -> dict[str, Rate]:
    """The published tiers (from memory of the tables; the workspace-wide post limit is not published)."""
    return {method: rate for rate, methods in TIERS for method in methods.split()}


@dataclass
class Limits:
    """The rates in force; none at first."""

    rates: dict[str, Rate] = field(default_factory=dict)
    page: int = 999
    """Most objects of conversations.history and replies; 15 for distributed apps outside the Marketplace."""
    _calls: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, method: str, arguments: Json, now: float) -> int:
        """Seconds to wait (whole, at least 1), or 0 when the call may be made; it is then counted."""
        rate = self.rates.get(method)
        if rate is None:
            return 0
        calls = self._calls[method, str(arguments.get("channel", "")) if rate.by_channel else ""]
        while calls and calls[0] <= now - rate.seconds:
            calls.popleft()
        if len(calls) >= rate.calls:
            return max(1, math.ceil(calls[0] + rate.seconds - now))
        calls.append(now)
        return 0
