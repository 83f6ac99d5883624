"""The digest's picture as a reply to the digest."""

import io

import discord

from adapters.chat.picture import Picture, hung
from adapters.discord.calls import Calls
from adapters.discord.layout import below
from bot.domain.model import Digest, MessageRef
from bot.domain.policy import Policy


class Charts:
    """Pictures on one Discord."""

    def __init__(self, calls: Calls, policy: Policy) -> None:
        self._calls = calls
        self._policy = policy

    async def hang(
        self, digest: Digest, language: str, channel: discord.PartialMessageable, ref: MessageRef, *, look: bool
    ) -> bool:
        """Below the digest's message; as `picture.hung`."""

        async def stands(name: str) -> bool:
            return await self._stands(channel, ref, name)

        async def sends(picture: Picture) -> None:
            file = discord.File(io.BytesIO(picture.body), picture.name, description=picture.alternative)
            body = below(channel.id, int(ref.id)) | {"allowed_mentions": discord.AllowedMentions.none()}
            await self._calls(
                lambda: channel.send(file=file, nonce=f"chart{ref.id}", **body), place=str(channel.id), sends=True
            )

        return await hung("discord", digest, language, self._policy, stands, sends, look=look)

    async def _stands(self, channel: discord.PartialMessageable, ref: MessageRef, name: str) -> bool:
        async def after() -> list[discord.Message]:
            return [message async for message in channel.history(limit=100, after=discord.Object(int(ref.id)))]

        said = await self._calls(after, place=f"read:{channel.id}")
        return any(file.filename == name for message in said for file in message.attachments)
