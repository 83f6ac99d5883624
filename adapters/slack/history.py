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

LOG: Final = logging.getLogger("kasuhara.slack")
PAGE: Final = 200
BACK: Final = timedelta(days=7)
"""Threads whose first message is older than this are not looked into again."""
FIRST: Final = timedelta(hours=24)
"""How far a channel is read that nothing is stored of yet: the longest window of the standard pack."""
OVERLAP: Final = timedelta(minutes=10)
"""Read again before the newest stored message: events of an outage may have come out of order."""
GAP: Final = 1.2
"""Seconds between calls (tier 3: 50 a minute)."""


class History:
    """Reads gaps; `take` gets every record with its channel, as an event would bring it, and drops what is known."""

    def __init__(
        self, client: AsyncWebClient, take: Callable[[dict[str, Any]], Awaitable[None]], pace: Pace | None = None
    ) -> None:
        self._client = client
        self._take = take
        self._pace = pace or Pace(GAP)

    async def catch_up(self, reaches: tuple[Reach, ...], now: datetime) -> int:
        """Read what is missing of these channels; how many records were handed on. A channel that cannot be read is
        told to the log and does not stop the others."""
        read = 0
        for reach in reaches:
            try:
                read += await self._channel(reach, now)
            except (SlackApiError, OSError, TimeoutError) as error:
                LOG.warning("history.unread channel=%s error=%s", reach.channel, type(error).__name__)
        return read

    async def _channel(self, reach: Reach, now: datetime) -> int:
        since = (reach.newest - OVERLAP) if reach.newest else now - FIRST
        found = [record async for record in self._pages("conversations.history", since, channel=reach.channel)]
        moved = [ts async for ts in self._moved(reach.channel, since, now)]
        for thread in moved:
            replies = self._pages("conversations.replies", since, channel=reach.channel, ts=thread)
            found += [record async for record in replies if record.get("ts") != thread]
        known = {str(record.get("ts")): record for record in found}
        for ts in sorted(known, key=_order):
            await self._take({**known[ts], "channel": reach.channel, "channel_type": "channel"})
        return len(known)

    async def _moved(self, channel: str, since: datetime, now: datetime) -> AsyncIterator[str]:
        """Threads with a reply since then; their first message may be older."""
        async for record in self._pages("conversations.history", now - BACK, channel=channel):
            latest = record.get("latest_reply")
            if latest and _order(str(latest)) >= since.timestamp():
                yield str(record["ts"])

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
                await asyncio.sleep(float(error.response.headers.get("Retry-After", "1")))


def _order(ts: str) -> float:
    return float(ts) if ts.replace(".", "", 1).isdecimal() else 0.0
