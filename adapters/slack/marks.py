"""Our own messages on Slack: each bears the key of its post in its metadata, and is found again by it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import Calls

EVENT: Final = "kasuhara_post"
"""metadata.event_type of everything that the outbox sends; the payload names its key (reliability D3)."""
SKEW: Final = timedelta(minutes=5)
"""Slack's clock and ours differ by less."""


def mark(key: str) -> dict[str, Any]:
    """The metadata of a message."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


def key_of(message: Mapping[str, Any]) -> str:
    """The key of an own message, "" for every other."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return str(payload.get("key") or "") if metadata.get("event_type") == EVENT else ""


class Marks:
    """Looks for own messages; DeliveryFailed where a channel cannot be read to the end."""

    def __init__(self, client: AsyncWebClient, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    async def found(self, channel: str, key: str, since: datetime | None) -> str | None:
        """The ts of the message with this key, read back to the moment when it could first have been sent."""
        oldest = str((since - SKEW).timestamp()) if since is not None else None
        history = self._calls.every(
            self._client.conversations_history, "messages", channel=channel, oldest=oldest, include_all_metadata=True
        )
        async for message in history:
            if key_of(message) == key:
                return str(message["ts"])
        return None

    async def pages(self, channel: str, ts: str, key: str) -> dict[int, str]:
        """The further pages of a message that stand in its thread: number → ts."""
        replies = self._calls.every(
            self._client.conversations_replies, "messages", channel=channel, ts=ts, include_all_metadata=True
        )
        found: dict[int, str] = {}
        async for message in replies:
            base, _, number = key_of(message).rpartition("/")
            if base == key and number.isdecimal():
                found[int(number)] = str(message["ts"])
        return found
