"""The digest's picture: drawn, and put into the digest's thread once; it never stops the digest."""

import asyncio
import logging
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.charts import ChartFailed, draw
from adapters.charts.telling import alternative, digest_chart
from adapters.slack.calls import Calls
from bot.domain.errors import DeliveryFailed
from bot.domain.model import Digest, MessageRef
from bot.domain.policy import Policy

LOG: Final = logging.getLogger("kasuhara.slack")
DRAWING: Final = 5.0
TOGETHER: Final = 7.0
"""Seconds for drawing and uploading: less than the Courier gives one call."""


class Charts:
    """Pictures of one workspace."""

    def __init__(self, client: AsyncWebClient, calls: Calls, policy: Policy) -> None:
        self._client = client
        self._calls = calls
        self._policy = policy

    async def hang(self, digest: Digest, language: str, ref: MessageRef, *, look: bool) -> bool:
        """Put the picture into the thread of the digest's message; whether it stands there now. Raises nothing.

        `look`: it may stand there already, from an earlier try.
        """
        channel = ref.channel.rpartition(":")[2]
        name = f"digest-{digest.week}.png"
        try:
            async with asyncio.timeout(TOGETHER):
                if look and await self._stands(channel, ref.id, name):
                    return True
                chart = digest_chart(digest, self._policy, language)
                picture = await asyncio.to_thread(draw, chart, timeout=DRAWING)
                await self._calls(
                    self._client.files_upload_v2, file=picture, filename=name, title=f"{chart.title} {digest.week}",
                    alt_txt=alternative(chart), channel=channel, thread_ts=ref.id,
                )  # fmt: skip
                return True
        except (ChartFailed, DeliveryFailed, ValueError, TimeoutError) as error:
            LOG.warning("slack.no_chart error=%s", type(error).__name__)
            return False

    async def _stands(self, channel: str, ts: str, name: str) -> bool:
        replies = self._calls.every(self._client.conversations_replies, "messages", channel=channel, ts=ts)
        async for message in replies:
            if any(file.get("name") == name for file in message.get("files") or ()):
                return True
        return False
