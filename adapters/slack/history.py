"""What a channel holds: read from history, its own records and those of threads that moved, oldest first."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.gaps import hand_on
from adapters.chat.pacing import Pace
from adapters.slack.calls import seconds_of, word_of

PAGE: Final = 200
BACK: Final = timedelta(days=7)
"""Threads whose first message is older than this are not looked into again."""
GAP: Final = 1.2
"""Seconds between calls (tier 3: 50 a minute)."""
CLOSED: Final = frozenset(
    {
        "channel_not_found", "not_in_channel", "missing_scope", "method_not_supported_for_channel_type",
        "invalid_auth", "token_revoked", "account_inactive", "no_permission",
    }
)  # fmt: skip
"""Slack's words for what waiting does not open."""


class History:
    """Reads channels; `take` gets every record and its channel, and drops what is known."""

    def __init__(
        self, client: AsyncWebClient, take: Callable[[dict[str, Any], str], Awaitable[None]], pace: Pace | None = None
    ) -> None:
        self._client = client
        self._take = take
        self._pace = pace or Pace(GAP)

    async def read(self, channel: str, since: datetime, now: datetime) -> int:
        """Hand on what one channel and its threads hold since then; how many records."""
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
        return await hand_on(ordered, lambda record: self._take(record, channel))

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
                if getattr(error.response, "status_code", 0) != 429:
                    raise
                self._pace.hold("history", seconds_of(error))
                await self._pace.turn("history")


def is_closed(error: Exception) -> bool:
    """Whether waiting does not open what could not be read."""
    return _error(error) in CLOSED


def _error(error: Exception) -> str:
    return word_of(error) if isinstance(error, SlackApiError) else ""


def _order(ts: object) -> float:
    text = str(ts or "")
    return float(text) if text.replace(".", "", 1).isdecimal() else 0.0
