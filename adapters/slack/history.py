"""What was said while the bot was away: read from history, channels and threads that moved, oldest first."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.pacing import Pace
from bot.domain.questions import Reach
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.slack")
PAGE: Final = 200
BACK: Final = timedelta(days=7)
"""Threads whose first message is older than this are not looked into again."""
FIRST: Final = timedelta(hours=24)
"""How far every start reads back at least: the longest window of the standard pack. The newest stored message does not
tell how far a catch-up got that was broken off, for new messages come in meanwhile."""
OVERLAP: Final = timedelta(minutes=10)
"""Read again before a gap: events of an outage may have come out of order."""
GAP: Final = 1.2
"""Seconds between calls (tier 3: 50 a minute)."""
TOGETHER: Final = 64
"""Records handed on at once: one batch of the intake."""
AGAIN: Final = (5.0, 300.0)
"""Seconds before what could not be read is tried again, at first and at most."""
CLOSED: Final = frozenset(
    {
        "channel_not_found", "not_in_channel", "missing_scope", "method_not_supported_for_channel_type",
        "invalid_auth", "token_revoked", "account_inactive", "no_permission",
    }
)  # fmt: skip
"""Slack's words for what waiting does not open."""

Reaches = Callable[[], Awaitable[tuple[Reach, ...]]]


class History:
    """Reads gaps; `take` gets every record and its channel, and drops what is known."""

    def __init__(
        self, client: AsyncWebClient, take: Callable[[dict[str, Any], str], Awaitable[None]], pace: Pace | None = None
    ) -> None:
        self._client = client
        self._take = take
        self._pace = pace or Pace(GAP)
        self._since: datetime | None = None
        self._owed: dict[str, datetime] = {}
        self._wake = asyncio.Event()

    def missed(self, since: datetime) -> None:
        """Events may have been lost since then, in any watched channel; `mind` reads it."""
        self._since = min(since, self._since or since)
        self._wake.set()

    async def catch_up(self, reaches: tuple[Reach, ...], now: datetime) -> int:
        """After a start, read what is missing of these channels; how many records were handed on. What cannot be read
        now is read by `mind`."""
        start = now - FIRST
        return await self._read(
            {r.channel: min(r.newest - OVERLAP, start) if r.newest else start for r in reaches}, now
        )

    async def mind(self, reaches: Reaches, clock: Clock) -> None:
        """Read every gap that is told of, until cancelled; what cannot be read is tried again, ever more seldom."""
        wait, most = AGAIN
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                read = await self._read(await self._due(reaches), clock())
                LOG.info("history.read records=%s", read)
            except Exception as error:  # which channels there are could not be read: the gap stays owed
                LOG.warning("history.failed error=%s", type(error).__name__)
            if not self._owed and self._since is None:
                wait = AGAIN[0]
                continue
            await asyncio.sleep(wait)
            wait = min(wait * 2, most)
            self._wake.set()

    async def _due(self, reaches: Reaches) -> dict[str, datetime]:
        """From when each channel has to be read; nothing is owed any more after it."""
        channels = [reach.channel for reach in await reaches()]
        due, self._owed = self._owed, {}
        since, self._since = self._since, None
        if since is not None:
            start = since - OVERLAP
            due |= {channel: min(due.get(channel, start), start) for channel in channels}
        return due

    async def _read(self, starts: dict[str, datetime], now: datetime) -> int:
        read = 0
        for channel, since in starts.items():
            try:
                read += await self._channel(channel, since, now)
            except Exception as error:
                LOG.warning("history.unread channel=%s error=%s", channel, type(error).__name__)
                if _error(error) not in CLOSED:
                    self._owed[channel] = min(since, self._owed.get(channel, since))
                    self._wake.set()
        return read

    async def _channel(self, channel: str, since: datetime, now: datetime) -> int:
        first, found, moved = since.timestamp(), [], []
        async for record in self._pages("conversations.history", min(since, now - BACK), channel=channel):
            if _order(record.get("ts")) >= first:
                found.append(record)
            if _order(record.get("latest_reply")) >= first:
                moved.append(str(record["ts"]))
        read = await self._hand_on(found, channel)
        for thread in sorted(moved, key=_order):
            try:
                replies = [r async for r in self._pages("conversations.replies", since, channel=channel, ts=thread)]
            except SlackApiError as error:
                if _error(error) != "thread_not_found":
                    raise
                continue
            read += await self._hand_on([r for r in replies if r.get("ts") != thread], channel)
        return read

    async def _hand_on(self, records: list[dict[str, Any]], channel: str) -> int:
        """Oldest first, each once, whichever way the pages came."""
        known = {str(record.get("ts")): record for record in records}
        ordered = [known[ts] for ts in sorted(known, key=_order)]
        for at in range(0, len(ordered), TOGETHER):
            await asyncio.gather(*(self._take(record, channel) for record in ordered[at : at + TOGETHER]))
        return len(ordered)

    async def _pages(self, method: str, since: datetime, **named: str) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        while True:
            await self._pace.turn("history")
            more = {"cursor": cursor} if cursor else {}
            arguments = {**named, **more, "oldest": f"{since.timestamp():.6f}", "limit": PAGE}
            page = await self._asked(method, arguments)
            for record in page["messages"]:
                yield record
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def _asked(self, method: str, arguments: dict[str, Any]) -> Any:
        """The answer; told to wait, we wait as long as Slack says."""
        while True:
            try:
                return await self._client.api_call(method, http_verb="GET", params=arguments)
            except SlackApiError as error:
                if error.response.status_code != 429:
                    raise
                after = float(error.response.headers.get("Retry-After", "1"))
                self._pace.hold("history", after)
                await self._pace.turn("history")


def _error(error: Exception) -> str:
    if not isinstance(error, SlackApiError):
        return ""
    answer = error.response.data
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def _order(ts: object) -> float:
    text = str(ts or "")
    return float(text) if text.replace(".", "", 1).isdecimal() else 0.0
