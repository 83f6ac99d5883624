"""Calls of Discord: the answer, or what went wrong as a DeliveryFailed; closed places and waits are remembered."""

import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, TypeVar

import discord

from adapters.chat.calls import PATIENCE, called
from adapters.chat.pacing import Pace
from bot.domain.errors import DeliveryFailed

T = TypeVar("T")
LOG: Final = logging.getLogger("kasuhara.discord")
CLOSED: Final = 600.0
"""Seconds in which a place that is closed to us is not asked again (discord.md 22)."""
BARRED: Final = 60.0
"""Seconds of silence after the token itself was refused, or Discord's gate shut us out."""
OLD: Final = 60.0
"""Seconds until an edit is tried again that Discord refused for there were too many of old messages."""
NEVER: Final = {
    50007: "closed",  # this person takes no direct messages from us
    10013: "deactivated",
    10007: "deactivated",
    10003: "archived",
    50083: "archived",  # an archived thread that is locked
    160005: "archived",
    10008: "gone",
    10004: "forbidden",
    50001: "forbidden",
    50013: "forbidden",
    50005: "forbidden",
    50008: "forbidden",
    50024: "forbidden",
    50035: "broken",
    50006: "broken",
    40005: "broken",
}
"""Discord's number → our reason, for what trying again cannot mend (discord.md 16)."""
PLACES: Final = frozenset({"forbidden", "archived", "closed"})
"""Reasons that hold for whatever is sent there."""
_WAITS: Final = {30046: OLD, 20016: 10.0, 20022: 10.0, 20028: 10.0, 40062: 10.0, 40003: 60.0, 340013: OLD}
"""Numbers that ask to wait: too many edits of old messages, slow mode, too many direct channels opened."""
_STUMBLES: Final = (discord.GatewayNotFound, AttributeError, KeyError, TypeError, ValueError, RuntimeError)
"""What discord.py ends with over an answer that is no JSON, and once it is closed."""


class Calls:
    """What a place was told to wait for is waited for before it is called again, here and by the Courier."""

    def __init__(self, held: Pace | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._held = held or Pace(0, patience=PATIENCE)
        self._clock = clock
        self._closed: dict[str, tuple[float, str]] = {}
        self._barred = float("-inf")

    async def __call__(self, work: Callable[[], Awaitable[T]], *, place: str = "", sends: bool = False) -> T:
        """The answer; DeliveryFailed, and nothing else on purpose. `place`: what is closed or busy by itself.

        `sends`: an unclear end leaves a doubt whether people can see something.
        """
        self._look(place)

        def refused(error: Exception) -> DeliveryFailed | None:
            if isinstance(error, discord.RateLimited):
                return DeliveryFailed("busy", retry_after=error.retry_after)
            if not isinstance(error, discord.HTTPException):
                return None
            failed = failure(error, sends=sends)
            self._remember(place, error, failed)
            return failed

        return await called(work, self._held, place, refused, _STUMBLES, sends=sends)

    def reopen(self) -> None:
        """Rights changed: what was closed is asked again."""
        self._closed.clear()

    def _look(self, place: str) -> None:
        """Nothing goes out where it would only be refused once more: ten thousand of these and Discord bars us."""
        now = self._clock()
        if now < self._barred:
            raise DeliveryFailed("refused", retry_after=self._barred - now)
        until, reason = self._closed.get(place, (0.0, ""))
        if place and now < until:
            raise DeliveryFailed(reason, permanent=True)

    def _remember(self, place: str, error: discord.HTTPException, failed: DeliveryFailed) -> None:
        if error.status == 401 or _barred(error):
            self._barred = self._clock() + max(BARRED, failed.retry_after or 0.0)
            LOG.error("discord.not_let_in status=%d", error.status)
        elif failed.permanent and place and failed.reason in PLACES:
            self._closed[place] = (self._clock() + CLOSED, failed.reason)
            LOG.warning("discord.closed reason=%s code=%d", failed.reason, error.code)


def failure(error: discord.HTTPException, *, sends: bool = False) -> DeliveryFailed:
    """What Discord's answer means for the Courier; a number that nobody knows is tried again."""
    if error.status == 429 or error.code in _WAITS:
        return DeliveryFailed("busy", retry_after=_WAITS.get(error.code) or _seconds(error))
    if error.status == 401:
        return DeliveryFailed("refused", retry_after=BARRED)
    if error.code in NEVER:
        return DeliveryFailed(NEVER[error.code], permanent=True)
    if error.status == 403:
        return DeliveryFailed("forbidden", permanent=True)
    LOG.warning("discord.refused status=%d code=%d", error.status, error.code)
    return DeliveryFailed("refused" if error.status < 500 else "unreachable", doubtful=sends and error.status >= 500)


def _barred(error: discord.HTTPException) -> bool:
    """Whether it is the gate before Discord that says no: what Discord says itself came by way of it."""
    headers = getattr(error.response, "headers", None) or {}
    return error.status == 429 and "Via" not in headers


def _seconds(error: discord.HTTPException) -> float:
    """Retry-After; a minute where it is missing or no number."""
    headers = getattr(error.response, "headers", None) or {}
    try:
        return max(0.0, float(headers.get("Retry-After", BARRED)))
    except ValueError:
        return BARRED
