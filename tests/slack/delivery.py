"""One payload on its way to the app: its attempts, its acknowledgement, and the body that came with it."""

import asyncio
import copy
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from .message import Json, Message

EVENTS, ACTIONS, COMMANDS = "events_api", "interactive", "slash_commands"


@dataclass
class Attempt:
    """One try. `outcome` is "acked" or the reason of the next try: http_timeout, http_error, timeout …"""

    number: int
    at: float
    outcome: str = ""
    status: int = 0
    took: float = 0.0


@dataclass
class Delivery:
    """Await it to wait until it is acknowledged or given up; without, it runs by itself."""

    kind: str
    payload: Json
    message: Message | None = None
    attempts: list[Attempt] = field(default_factory=list)
    copies: list["Delivery"] = field(default_factory=list)
    answer: Any = None
    """The body of the acknowledgement, when it had one."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    sent: bool = True
    """False: the app is not told of this (not subscribed, or the bot is not in the channel)."""

    @property
    def acked(self) -> bool:
        return any(attempt.outcome == "acked" for attempt in self.attempts)

    @property
    def ts(self) -> str:
        assert self.message is not None, "this delivery is not about a message"
        return self.message.ts

    @property
    def event(self) -> Json:
        event: Json = self.payload.get("event", {})
        return event

    def again(self, event_id: str) -> "Delivery":
        """The same happening once more, as an event with another id."""
        return Delivery(self.kind, copy.deepcopy(self.payload) | {"event_id": event_id}, self.message)

    async def _end(self) -> "Delivery":
        await asyncio.gather(*(one.ended.wait() for one in [self, *self.copies]))
        return self

    def __await__(self) -> Generator[Any, None, "Delivery"]:
        return self._end().__await__()
