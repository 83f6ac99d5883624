"""The digest's picture: drawn, and sent below the digest once; it never stops the digest."""

import asyncio
import io
import logging
from typing import Final

import discord

from adapters.charts import ChartFailed, draw
from adapters.charts.telling import alternative, digest_chart
from adapters.discord.calls import Calls
from adapters.discord.layout import below
from bot.domain.errors import DeliveryFailed
from bot.domain.model import Digest, MessageRef
from bot.domain.policy import Policy

LOG: Final = logging.getLogger("kasuhara.discord")
DRAWING: Final = 5.0
TOGETHER: Final = 7.0
"""Seconds for drawing and sending: less than the Courier gives one call."""


class Charts:
    """Pictures on one Discord."""

    def __init__(self, calls: Calls, policy: Policy) -> None:
        self._calls = calls
        self._policy = policy

    async def hang(
        self, digest: Digest, language: str, channel: discord.PartialMessageable, ref: MessageRef, *, look: bool
    ) -> bool:
        """Put the picture below the digest's message; whether it stands there now. Raises nothing.

        `look`: it may stand there already, from an earlier try.
        """
        name = f"digest-{digest.week}.png"
        try:
            async with asyncio.timeout(TOGETHER):
                if look and await self._stands(channel, ref, name):
                    return True
                chart = digest_chart(digest, self._policy, language)
                picture = await asyncio.to_thread(draw, chart, timeout=DRAWING)
                file = discord.File(io.BytesIO(picture), name, description=alternative(chart))
                body = below(channel.id, int(ref.id)) | {"allowed_mentions": discord.AllowedMentions.none()}
                await self._calls(
                    lambda: channel.send(file=file, nonce=f"chart{ref.id}", **body), place=str(channel.id), sends=True
                )
                return True
        except (ChartFailed, DeliveryFailed, ValueError, TimeoutError) as error:
            LOG.warning("discord.no_chart error=%s", type(error).__name__)
            return False

    async def _stands(self, channel: discord.PartialMessageable, ref: MessageRef, name: str) -> bool:
        async def after() -> list[discord.Message]:
            return [message async for message in channel.history(limit=100, after=discord.Object(int(ref.id)))]

        said = await self._calls(after, place=f"read:{channel.id}")
        return any(file.filename == name for message in said for file in message.attachments)
