"""The digest's picture in the digest's thread."""

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.picture import Picture, hung
from adapters.slack.calls import Calls
from bot.domain.model import Digest, MessageRef
from bot.domain.policy import Policy


class Charts:
    """Pictures of one workspace."""

    def __init__(self, client: AsyncWebClient, calls: Calls, policy: Policy) -> None:
        self._client = client
        self._calls = calls
        self._policy = policy

    async def hang(self, digest: Digest, language: str, ref: MessageRef, *, look: bool) -> bool:
        """Into the thread of the digest's message; as `picture.hung`."""
        channel = ref.channel.rpartition(":")[2]

        async def stands(name: str) -> bool:
            return await self._stands(channel, ref.id, name)

        async def sends(picture: Picture) -> None:
            await self._calls(
                self._client.files_upload_v2, file=picture.body, filename=picture.name, title=picture.title,
                alt_txt=picture.alternative, channel=channel, thread_ts=ref.id,
            )  # fmt: skip

        return await hung("slack", digest, language, self._policy, stands, sends, look=look)

    async def _stands(self, channel: str, ts: str, name: str) -> bool:
        replies = self._calls.every(self._client.conversations_replies, "messages", channel=channel, ts=ts)
        async for message in replies:
            if any(file.get("name") == name for file in message.get("files") or ()):
                return True
        return False
