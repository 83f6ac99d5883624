"""What an interaction hands out for a short while: trigger ids and response_urls."""

import itertools
from dataclasses import dataclass, field

from .clock import Clock

TRIGGER_SECONDS = 3.0
URL_SECONDS = 30 * 60.0
URL_USES = 5


@dataclass
class Trigger:
    """`error` is what Slack answers when it is exchanged in vain."""

    user: str
    given: float = 0.0
    used: bool = False
    error: str = ""


@dataclass
class Triggers:
    """Every trigger id is good once, for 3 seconds of the server's clock."""

    clock: Clock
    seconds: float = TRIGGER_SECONDS
    given: dict[str, Trigger] = field(default_factory=dict)

    def new(self, user: str) -> str:
        id = f"{len(self.given) + 1}.{int(self.clock.now())}.{len(self.given):032x}"
        self.given[id] = Trigger(user, self.clock.now())
        return id

    def exchange(self, id: str) -> Trigger:
        trigger = self.given.get(id)
        if trigger is None:
            return Trigger("", error="invalid_trigger_id")
        if trigger.used:
            return Trigger(trigger.user, error="exchanged_trigger_id")
        if self.clock.now() - trigger.given > self.seconds:
            return Trigger(trigger.user, error="expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass
class ResponseUrl:
    """Where an answer to one interaction may be posted; `origin` is the message it came from, if any."""

    user: str
    channel: str
    origin: str = ""
    thread_ts: str = ""
    given: float = 0.0
    uses: int = 0


@dataclass
class ResponseUrls:
    """Every response_url is good five times, for 30 minutes of the server's clock."""

    clock: Clock
    base: str = ""
    given: dict[str, ResponseUrl] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def new(self, user: str, channel: str, origin: str = "", thread_ts: str = "") -> str:
        id = f"R{next(self._numbers):08}"
        self.given[id] = ResponseUrl(user, channel, origin, thread_ts, self.clock.now())
        return f"{self.base}/actions/{id}"

    def use(self, id: str) -> ResponseUrl | str:
        """The url's place, or Slack's refusal."""
        url = self.given.get(id)
        if url is None or self.clock.now() - url.given > URL_SECONDS:
            return "expired_url"
        if url.uses >= URL_USES:
            return "used_url"
        url.uses += 1
        return url
